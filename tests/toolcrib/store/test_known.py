"""Who bears a name elsewhere is found by a key, and believed only where their profile says the same."""

import pytest

from tests.support.http import tables_at_hand
from tests.support.workplace import NOW, ORG, person
from toolcrib.domain.people import Person
from toolcrib.domain.principals import Principal, Role
from toolcrib.domain.record import replace
from toolcrib.store import heard, keys
from toolcrib.store.items import KnownItem, PrincipalItem, PrincipalOfItem
from toolcrib.store.known import find_by_email, find_by_slack
from toolcrib.store.people import add_person, describe_person, load_person
from toolcrib.store.principals import find_principal_of

ADA = person(email="Ada@acme.example", slack_id="U0ADA")


@pytest.fixture(autouse=True)
def tables() -> object:
    with tables_at_hand() as dynamo:
        yield dynamo


def described(after: Person, op: str) -> None:
    before = load_person(ORG, after.id)
    describe_person(ORG, op, NOW, replace(after, version=before.version + 1), before)


def test_somebody_new_is_found_by_both_names_whatever_the_case() -> None:
    add_person(ORG, "op-1", NOW, ADA)
    assert find_by_slack(ORG, "U0ADA") == find_by_email(ORG, "ADA@ACME.example") == ADA
    assert find_by_slack(ORG, "u0ada") is None
    assert find_by_slack("globex", "U0ADA") is None


def test_a_name_that_was_given_away_finds_nobody() -> None:
    add_person(ORG, "op-1", NOW, ADA)
    described(replace(ADA, slack_id="U0NEW", email=None), "op-2")
    assert (find_by_slack(ORG, "U0ADA"), find_by_email(ORG, "ada@acme.example")) == (None, None)
    assert find_by_slack(ORG, "U0NEW") == load_person(ORG, "p-1")


def test_an_entry_that_is_old_counts_for_nothing() -> None:
    add_person(ORG, "op-1", NOW, ADA)
    KnownItem(*keys.known_as(ORG, "slack", "U0EVE"), person="p-1").save()
    KnownItem(*keys.known_as(ORG, "email", "eve@acme.example"), person="p-1").save()
    assert (find_by_slack(ORG, "U0EVE"), find_by_email(ORG, "eve@acme.example")) == (None, None)


@pytest.mark.parametrize(("org", "who"), [("globex", "p-1"), (ORG, "p-2")])
def test_a_person_signs_in_as_who_is_said_to_be_them(org: str, who: str) -> None:
    add_person(ORG, "op-1", NOW, ADA)
    PrincipalOfItem(*keys.principal_of(ORG, "p-1"), subject="sub-1").save()
    assert find_principal_of(ORG, "p-1") is None
    PrincipalItem(*keys.principal("sub-1"), org=ORG, role="supervisor", person="p-1", sites=["hq"]).save()
    expected = Principal(subject="sub-1", org=ORG, role=Role.SUPERVISOR, person="p-1", sites=("hq",))
    assert find_principal_of(ORG, "p-1") == expected
    PrincipalItem(*keys.principal("sub-1"), org=org, role="supervisor", person=who, sites=["hq"]).save()
    assert find_principal_of(ORG, "p-1") is None


def test_what_was_heard_is_not_heard_again() -> None:
    def first(org: str, digest: str, by: str) -> bool:
        return heard.first_time(org, "slack", digest, NOW, by=by)

    assert [first(ORG, "a", "r-1"), first(ORG, "b", "r-2"), first(ORG, "a", "r-3")] == [True, True, False]
    assert first("globex", "a", "r-4")
    assert first(ORG, "a", "r-1")  # its own answer was lost
