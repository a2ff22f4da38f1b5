"""What a reader may press: what makes sense to them about the thing as it is now, and nothing once it is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.loans import taken
from tests.support.workplace import NOW
from toolcrib.domain.authorisations import Authorisation, AuthorisationState
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Renewals, To, Via
from toolcrib.domain.reactions import ANSWERS, LATER, Reaction, offered
from toolcrib.domain.record import replace

HOLDER = Person(id="p-1", name="Ada")
SUPERVISOR = Person(id="p-9", name="Grace")
LOAN = taken()
RENEWABLE = taken(terms=replace(LOAN.terms, renewals=Renewals(max=1)))


def notice(**more: Any) -> Notice:
    given = {"id": "n", "loan": "loan-1", "due_version": 1, "step": "PT2H", "to": To.HOLDER, "recipient": "p-1"}
    return Notice(**{**given, "via": Via.SLACK, "due_at": NOW, **more})


def for_supervisor(**more: Any) -> Notice:
    return notice(to=To.SUPERVISOR, recipient="p-9", **more)


def case(**more: Any) -> Case:
    return Case(**{"id": "c", "kind": CaseKind.JAMMED, "opened_at": NOW, **more})


def test_a_holder_may_keep_it_longer_where_it_can_be_renewed() -> None:
    assert offered(notice(), RENEWABLE, HOLDER) == (*LATER, Reaction.EXTEND, Reaction.CASE)
    assert offered(notice(), LOAN, HOLDER) == (*LATER, Reaction.CASE)


@pytest.mark.parametrize("reader", [SUPERVISOR, None])
def test_whoever_looks_after_it_may_remind_and_give_up(reader: Person | None) -> None:
    assert offered(for_supervisor(), LOAN, reader) == (*LATER, Reaction.REMIND, Reaction.LOST, Reaction.CASE)


def test_a_holder_who_looks_after_the_site_is_a_holder() -> None:
    assert Reaction.LOST not in offered(notice(to=To.SUPERVISOR), LOAN, HOLDER)


def test_what_is_lost_is_not_given_up_again() -> None:
    assert Reaction.LOST not in offered(for_supervisor(), replace(LOAN, lost_at=NOW), SUPERVISOR)


def test_a_door_in_trouble_may_be_closed_to_takers() -> None:
    of_door = offered(for_supervisor(loan=None, case="c"), case(bank="hq-01", door=3), SUPERVISOR)
    of_thing = offered(for_supervisor(loan=None, case="c"), case(asset="drill-1"), SUPERVISOR)
    of_bank = offered(for_supervisor(loan=None, case="c"), case(bank="hq-01"), SUPERVISOR)

    assert (of_door, of_thing, of_bank) == ((*LATER, Reaction.QUARANTINE), (*LATER, Reaction.LOST), LATER)


def test_what_lies_uncharged_in_its_door_is_not_given_up() -> None:
    low = replace(case(bank="hq-01", door=3, asset="drill-1"), kind=CaseKind.LOW_CHARGE)
    assert offered(for_supervisor(loan=None, case="c"), low, SUPERVISOR) == (*LATER, Reaction.QUARANTINE)


def test_nothing_is_offered_once_it_is_over() -> None:
    over = case(bank="hq-01", door=3, state=CaseState.RESOLVED)

    assert offered(notice(), replace(RENEWABLE, state=LoanState.CLOSED), HOLDER) == ()
    assert offered(notice(), replace(RENEWABLE, due_version=2), HOLDER) == ()
    assert offered(notice(loan=None, case="c"), over, SUPERVISOR) == ()
    assert offered(notice(state=NoticeState.SUPERSEDED), RENEWABLE, HOLDER) == ()


@pytest.mark.parametrize("state", AuthorisationState)
def test_a_request_to_agree_is_answered_while_it_is_asked(state: AuthorisationState) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    until = at + timedelta(minutes=15)
    request = Authorisation(
        id="r", person="p-1", type="saw", bank="b", site="hq", asked_at=at, until=until, demands=(), state=state
    )

    assert offered(notice(loan=None), request, SUPERVISOR) == (ANSWERS if state is AuthorisationState.ASKED else ())
