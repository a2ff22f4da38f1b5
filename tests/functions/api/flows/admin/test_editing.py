"""Creating and changing, decided anew after a lost race; what a principal may see is judged in the flow."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.flows.admin import people
from chalicelib.flows.admin import rules as rule_flow
from tests.support.admins import ADMIN, ELSEWHERE, STRANGER, SUPERVISOR, asked
from tests.support.dynamo import Dynamo
from tests.support.http import tables_at_hand
from tests.support.workplace import CREW, ORG, person, put_person, rules
from toolcrib.domain.people import Group, Person
from toolcrib.domain.principals import Asked, Principal, Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import AlreadyThere, LostRace, NotAllowed, NotFound
from toolcrib.flows.attempts import ATTEMPTS
from toolcrib.store.people import load_person


@pytest.fixture(autouse=True)
def dynamo() -> Iterator[Dynamo]:
    with tables_at_hand() as found:
        yield found


def meanwhile(dynamo: Dynamo, times: int) -> None:
    """Before each of the next `times` commits somebody else changes the person."""

    def change(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and left:
            left.pop()
            now = load_person(ORG, "p-1")
            dynamo.before.remove(change)
            put_person(replace(now, language="fr", version=now.version + 1))
            dynamo.before.append(change)

    left = list(range(times))
    dynamo.before.append(change)


def renamed(one: Person) -> Person:
    return replace(one, name="Renamed")


def test_a_lost_race_is_decided_again_on_what_the_other_left(dynamo: Dynamo) -> None:
    put_person(person())
    meanwhile(dynamo, ATTEMPTS - 1)
    after = people.change(asked("op"), "p-1", renamed)
    assert (after.name, after.language, after.version) == ("Renamed", "fr", ATTEMPTS + 1)


def test_a_race_that_is_lost_every_time_ends(dynamo: Dynamo) -> None:
    put_person(person())
    meanwhile(dynamo, ATTEMPTS)
    with pytest.raises(LostRace):
        people.change(asked("op"), "p-1", renamed)
    assert load_person(ORG, "p-1").name == "Person 1"


def test_an_edit_cannot_change_who_somebody_is(dynamo: Dynamo) -> None:
    put_person(person())
    after = people.change(asked("op"), "p-1", lambda one: replace(one, id="p-2", version=77))
    assert (after.id, after.version) == ("p-1", 2)


def test_the_same_operation_creates_once_and_another_finds_the_id_taken() -> None:
    for _ in range(2):
        assert people.create(asked("op"), person()).id == "p-1"
    with pytest.raises(AlreadyThere):
        people.create(asked("another"), person())


def test_the_same_operation_changes_once() -> None:
    rules(CREW)
    for _ in range(2):
        after = rule_flow.change(asked("op"), Group, "crew", lambda group: replace(group, name=f"{group.name}!"))
    assert (after.name, after.revision) == ("Crew!", 2)


@pytest.mark.parametrize("who", [ELSEWHERE, STRANGER])
def test_what_may_not_be_seen_is_not_there(who: Principal) -> None:
    put_person(person())
    with pytest.raises(NotFound, match="no such person"):
        people.show(asked("op", by=who), "p-1")
    with pytest.raises(NotFound, match="no such person"):
        people.change(asked("op", by=who), "p-1", renamed)
    assert load_person(ORG, "p-1").name == "Person 1"


def test_a_supervisor_keeps_to_their_sites_and_out_of_their_own_record() -> None:
    put_person(person())
    assert people.change(asked("op", by=SUPERVISOR), "p-1", renamed).name == "Renamed"
    with pytest.raises(NotAllowed):
        people.change(asked("two", by=SUPERVISOR), "p-1", lambda one: replace(one, site="dock"))
    with pytest.raises(NotAllowed):
        people.change(asked("three", by=replace(SUPERVISOR, person="p-1")), "p-1", renamed)
    assert people.change(asked("four", by=replace(ADMIN, person="p-1")), "p-1", lambda one: replace(one, site="dock"))


@pytest.mark.parametrize(
    ("sight", "site", "person_", "sees"),
    [
        (Sight.ORG, None, None, True),
        (Sight.SITES, "hq", None, True),
        (Sight.SITES, "dock", "me", False),
        (Sight.SITES, None, "me", False),
        (Sight.OWN, "hq", "me", True),
        (Sight.OWN, "hq", "you", False),
        (Sight.OWN, "hq", None, False),
    ],
)
def test_how_much_each_sight_sees(sight: Sight, site: str | None, person_: str | None, sees: bool) -> None:
    who = Principal(subject="s", org=ORG, role=Role.SELF, person="me", sites=("hq",))
    request = Asked(by=who, sight=sight, at=asked("op").at, op="op")
    assert request.sees(site=site, person=person_) is sees


def test_who_is_nobody_owns_nothing() -> None:
    nobody = Asked(by=Principal(subject="s", org=ORG, role=Role.SELF), sight=Sight.OWN, at=asked("op").at, op="op")
    assert not nobody.sees(site="hq", person=None)
    assert nobody.only(site="site", person="person") == (("person", ("",)),)
    assert nobody.only(site="site") == (("site", ()),)
