"""A return of which nobody knows how it ended, or whose door never opened: nothing moves, and nobody is blamed."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    NEXT,
    NOW,
    became,
    change_of,
    door,
    drill,
    grant,
    lent,
    loan,
    report,
    running,
    said,
    scene,
)
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import LoanState
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.reports.contents import PAUSE
from toolcrib.domain.reports.scene import Outcome
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

HOUR = timedelta(hours=1)
SEQS = ((2, 7),)
STEP = Step(offset=timedelta(), to=To.HOLDER, via=Via.EMAIL)


def back(state: GrantState = GrantState.OPENED, **more: Any) -> Grant:
    return grant(Purpose.RETURN, state, **{"id": "take.back", **more})


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPENED, Outcome.JAMMED])
@pytest.mark.parametrize(("why", "stays"), [("unresolved", None), ("forced", "forced"), (None, None)])
def test_a_return_that_never_opened_after_all_gives_the_door_free_and_its_reminders_go_on(
    outcome: Outcome, why: str | None, stays: str | None
) -> None:
    terms = replace(running().terms, ladder=(STEP,))
    over = running(terms=terms, paused_until=NOW + PAUSE, next_step=NOW + PAUSE)
    at = door(grant=back(GrantState.UNRESOLVED), physical="unknown", unlendable=why)
    got = settle(scene(report(outcome, grant="take.back"), at, lent(), over))
    change = change_of(got)
    assert (got.name, got.told, change.events) == (str(outcome), (), ())
    now = became(replace(at, unlendable="?"), change.doors[0])
    now.pop("jams", None)
    assert now == {
        "grant": back(GrantState.USED, over_at=NOW),
        "physical": "closed",
        "unlendable": stays,
        "seqs": SEQS,
        "version": 10,
    }
    assert became(over, change.loans[0]) == {"paused_until": None, "next_step": over.due_at, "version": 4}


@pytest.mark.parametrize("state", [GrantState.UNRESOLVED, GrantState.OPENED])
@pytest.mark.parametrize("over", [None, running(state=LoanState.CLOSED, returned_at=NOW - HOUR)])
def test_what_nobody_knows_of_a_return_touches_no_loan_that_is_not_open(state: GrantState, over: Any) -> None:
    given = back(state, loan="take" if over else None)
    outcome = Outcome.NOT_OPENED if state is GrantState.UNRESOLVED else Outcome.UNRESOLVED
    thing = drill(state=State.UNCONFIRMED, custodian=ANA)
    got = settle(
        scene(report(outcome, grant="take.back"), door(grant=given), thing, *((over,) if over is not None else ()))
    )
    assert (got.name, change_of(got).loans, change_of(got).events) == (str(outcome), (), ())


def test_an_unresolved_return_is_a_case_and_its_holder_is_left_in_peace() -> None:
    at, over = door(grant=back()), running(terms=replace(running().terms, ladder=(STEP,)))
    got = settle(scene(report(Outcome.UNRESOLVED, grant="take.back"), at, lent(), over))
    change = change_of(got)
    (opened,) = change.cases
    assert said(opened) == {
        "id": opened.id,
        "kind": CaseKind.UNRESOLVED,
        "opened_at": NOW,
        "site": "hq",
        "asset": "drill-1",
        "loan": "take",
        "person": "ana",
        "bank": "hq-01",
        "door": 1,
        "grant": "take.back",
        "evidence": Evidence.DOOR_ONLY,
    }
    assert (got.name, got.told, change.events, change.assets, change.holdings) == ("unresolved", (), (), (), ())
    assert became(over, change.loans[0]) == {"paused_until": NOW + PAUSE, "next_step": NOW + PAUSE, "version": 4}
    assert became(at, change.doors[0]) == {
        "grant": back(GrantState.UNRESOLVED, over_at=NOW),
        "physical": "unknown",
        "unlendable": "unresolved",
        "seqs": SEQS,
        "version": 10,
    }


def nothing_inside(state: GrantState, **more: Any) -> Any:
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=())
    return seen, door(grant=back(state, **more), unlendable="unresolved")


@pytest.mark.parametrize("state", [GrantState.OPENED, GrantState.UNRESOLVED])
def test_nothing_inside_after_all_keeps_the_loan_and_only_ends_the_pause_that_its_own_doubt_began(
    state: GrantState,
) -> None:
    over = running(terms=replace(running().terms, ladder=(STEP,)), paused_until=NOW + PAUSE, next_step=NOW + PAUSE)
    got = settle(scene(*nothing_inside(state), lent(), over))
    change = change_of(got)
    goes_on = {"paused_until": None, "next_step": over.due_at} if state is GrantState.UNRESOLVED else {}
    grants = {"take": GrantState.USED, "take.back": GrantState.USED}
    assert (got.name, change.cases) == ("not_returned", ())
    assert became(over, change.loans[0]) == {"grants": grants, **goes_on, "version": 4}
    assert [(each.move, each.state, each.to, each.loan) for each in change.events] == [
        (Move.NOT_RETURNED, State.ON_LOAN, ANA, "take")
    ]


def test_a_return_of_what_was_never_taken_is_remembered_on_its_void_loan() -> None:
    void = loan(state=LoanState.VOID, grants={"take": GrantState.USED})
    got = settle(scene(*nothing_inside(GrantState.UNRESOLVED), drill(custodian=NEXT), void))
    change = change_of(got)
    grants = {"take": GrantState.USED, "take.back": GrantState.USED}
    assert (got.name, change.events) == ("not_returned", ())
    assert became(void, change.loans[0]) == {"grants": grants, "version": 4}


def test_a_return_of_what_is_out_on_no_loan_that_finds_nothing_touches_no_loan() -> None:
    thing = drill(state=State.UNCONFIRMED, custodian=ANA)
    got = settle(scene(*nothing_inside(GrantState.UNRESOLVED, loan=None), thing))
    change = change_of(got)
    assert (got.name, change.events, change.loans) == ("not_returned", (), ())
