"""Nobody is refused for what a copy of this very upload has just given them (safety.md, I5)."""

from typing import Any

import pytest

from tests.support.loans import holding
from tests.support.workplace import bank, person
from tests.toolcrib.domain.test_authorise import DOOR, ask, taking
from toolcrib.domain.authorise import granted_meanwhile
from toolcrib.domain.doors import Door
from toolcrib.domain.ids import take_grant
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace

GRANT = take_grant("acme", "hq-01", "01J")
ELSEWHERE = bank(doors=(DOOR, replace(taking(upload="01K").doors[0], number=2)))
"""The bank as it was before: one door that nobody had opened yet, one with the grant of another upload."""


def has(loan: str = GRANT, *, state: str = "pending", **more: Any) -> Person:
    """Somebody whose profile lists one loan."""
    return person(holdings={loan: holding(state=state)}, **more)


def test_a_profile_that_lists_the_loan_tells_of_a_grant_that_the_bank_did_not_know_of() -> None:
    assert granted_meanwhile(ask(has(), bank=ELSEWHERE))


def test_the_profile_of_an_account_that_they_borrow_for_tells_of_it_as_well() -> None:
    accounts = (person(8), person(9, holdings=has().holdings))
    assert granted_meanwhile(ask(person(), bank=ELSEWHERE), accounts)


@pytest.mark.parametrize("who", [person(), has("some-other-loan")])
def test_nothing_was_granted_where_no_profile_lists_the_loan(who: Person) -> None:
    assert not granted_meanwhile(ask(who, bank=ELSEWHERE))
    assert not granted_meanwhile(ask(who, bank=ELSEWHERE), (person(9),))


@pytest.mark.parametrize("cause", [("other", "hq-01", "01J"), ("acme", "hq-02", "01J"), ("acme", "hq-01", "01K")])
def test_what_another_upload_was_granted_is_no_copy_of_this_one(cause: tuple[str, str, str]) -> None:
    assert not granted_meanwhile(ask(has(take_grant(*cause)), bank=ELSEWHERE))


@pytest.mark.parametrize("state", ["open", "unconfirmed"])
def test_what_has_been_taken_since_counts_like_any_other_loan(state: str) -> None:
    assert not granted_meanwhile(ask(has(state=state), bank=ELSEWHERE))


@pytest.mark.parametrize("number", [1, 2])
def test_a_grant_that_the_bank_knew_of_was_not_made_meanwhile(number: int) -> None:
    locked = replace(taking().doors[0], number=number)
    free = Door(bank="hq-01", number=3 - number)
    doors = tuple(sorted((locked, free), key=lambda door: door.number))
    assert not granted_meanwhile(ask(has(), bank=bank(doors=doors)))
