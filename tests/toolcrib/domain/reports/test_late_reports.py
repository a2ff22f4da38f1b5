"""Reports whose door or thing has moved on, and openings without a grant: recorded and doubted, never applied."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BEFORE,
    HERE,
    NEXT,
    NOW,
    became,
    change_of,
    door,
    drill,
    grant,
    loan,
    report,
    said,
    scene,
)
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import LoanState
from toolcrib.domain.reports.contents import PAUSE
from toolcrib.domain.reports.scene import Outcome, Told
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

NOTED = {"seqs": ((2, 7),), "version": 10}
SPOKEN = [Outcome.CLOSED, Outcome.UNRESOLVED]
HOW = {Outcome.CLOSED: GrantState.USED, Outcome.UNRESOLVED: GrantState.UNRESOLVED}


@pytest.mark.parametrize("outcome", SPOKEN)
def test_a_late_report_doubts_what_is_stowed_and_its_door_is_not_lent_from(outcome: Outcome) -> None:
    at, begun = door(drill(), grant=grant(id="later")), loan()
    got = settle(scene(report(outcome), at, drill(), begun))
    change = change_of(got)
    (case,) = change.cases
    assert (got.name, got.told, change.op, change.guard) == ("late", (), "up-1", True)
    assert said(case) == {
        "id": case.id,
        "kind": CaseKind.LATE_REPORT,
        "opened_at": NOW,
        "site": "hq",
        "asset": "drill-1",
        "loan": "take",
        "person": "ana",
        "bank": "hq-01",
        "door": 1,
        "grant": "take",
        "evidence": Evidence.DOOR_ONLY,
        "waiting": ("drill-1",),
        "detail": f"{outcome}, evidence door_only",
    }
    assert [(each.move, each.state, each.to, each.case, each.op, each.loan) for each in change.events] == [
        (Move.NOT_SEEN, State.UNCONFIRMED, HERE, case.id, "up-1", None)
    ]
    assert became(at, change.doors[0]) == {"contents": (), "unlendable": "unexpected_item", **NOTED}
    void = {"state": LoanState.VOID, "grants": {"take": HOW[outcome]}, "version": 4}
    assert became(begun, change.loans[0]) == void
    assert [(each.person, each.remove) for each in change.holdings] == [("ana", ("take",))]


def test_a_late_report_doubts_what_is_out_and_its_holder_is_left_in_peace() -> None:
    out = drill(state=State.ON_LOAN, custodian=ANA, loan="new")
    void, new = loan(state=LoanState.VOID), loan(id="new", state=LoanState.OPEN)
    at = door(grant=grant(id="later"))
    change = change_of(settle(scene(report(Outcome.CLOSED), at, out, void, new)))
    assert [(each.move, each.state, each.to, each.loan) for each in change.events] == [
        (Move.SEEN, State.UNCONFIRMED, ANA, "new")
    ]
    now = {each.id: each for each in change.loans}
    assert became(void, now["take"]) == {"grants": {"take": GrantState.USED}, "version": 4}
    assert became(new, now["new"]) == {"paused_until": NOW + PAUSE, "version": 4}
    assert became(at, change.doors[0]) == NOTED


def test_a_late_report_takes_what_lies_in_another_door_out_of_that_one() -> None:
    thing = drill(custodian=NEXT)
    there = door(thing, number=2)
    at = door(grant=grant(id="later"))
    change = change_of(settle(scene(report(Outcome.CLOSED), at, thing, loan(), elsewhere={"drill-1": there})))
    assert {each.number: became(at if each.number == 1 else there, each) for each in change.doors} == {
        1: NOTED,
        2: {"contents": (), "unlendable": "unexpected_item", "version": 10},
    }


@pytest.mark.parametrize("state", [State.MISSING, State.LOST, State.IN_REPAIR, State.UNCONFIRMED, State.RETIRED])
def test_a_late_report_moves_nothing_that_is_somebodys_word(state: State) -> None:
    change = change_of(settle(scene(report(Outcome.CLOSED), door(), drill(state=state), loan())))
    assert (change.events, change.guard, len(change.cases)) == ((), False, 1)


def test_what_is_still_owed_by_a_pending_loan_stays_owed_by_it() -> None:
    lost = drill(state=State.LOST, loan="take")
    change = change_of(settle(scene(report(Outcome.CLOSED), door(), lost, loan())))
    assert (change.loans[0].state, change.holdings) == (LoanState.PENDING, ())


@pytest.mark.parametrize("outcome", SPOKEN)
def test_a_grant_that_is_still_the_doors_is_over_by_a_late_report(outcome: Outcome) -> None:
    gone = drill(state=State.ON_LOAN, custodian=ANA, loan="new")
    change = change_of(settle(scene(report(outcome), door(grant=grant()), gone, loan(), loan(id="new"))))
    assert change.doors[0].grant == grant(state=HOW[outcome], over_at=NOW)


def test_a_late_report_that_leads_to_no_loan_is_a_case_about_the_door() -> None:
    change = change_of(settle(scene(report(Outcome.CLOSED), door(drill()), drill())))
    assert [(each.kind, each.asset, each.loan, each.person, each.door) for each in change.cases] == [
        (CaseKind.LATE_REPORT, None, None, None, 1)
    ]
    assert (change.events, change.loans) == ((), ())


@pytest.mark.parametrize("outcome", [Outcome.OPENED, Outcome.NOT_OPENED])
def test_what_says_nothing_of_custody_is_noted_when_it_is_late(outcome: Outcome) -> None:
    at = door(drill())
    got = settle(scene(report(outcome), at, drill(), loan()))
    change = change_of(got)
    assert (got.name, change.events, change.cases, change.loans) == ("late", (), (), ())
    assert became(at, change.doors[0]) == NOTED


@pytest.mark.parametrize(
    ("outcome", "kind", "move"),
    [
        (Outcome.FORCED, CaseKind.FORCED, Move.FORCED),
        (Outcome.OPENED, CaseKind.FORCED, Move.FORCED),
        (Outcome.UNRESOLVED, CaseKind.UNRESOLVED, Move.UNRESOLVED),
    ],
)
def test_an_opening_without_a_grant_leaves_everything_inside_unconfirmed(
    outcome: Outcome, kind: CaseKind, move: Move
) -> None:
    at = door(drill(), drill(2))
    got = settle(scene(report(outcome, grant=None), at, drill(), drill(2)))
    change = change_of(got)
    (case,) = change.cases
    assert (got.name, got.told, change.guard) == (str(outcome), (), True)
    assert (case.kind, case.person, case.asset, case.waiting) == (kind, None, None, ("drill-1", "drill-2"))
    assert [(each.asset, each.move, each.state, each.to, each.case) for each in change.events] == [
        (each, move, State.UNCONFIRMED, HERE, case.id) for each in ("drill-1", "drill-2")
    ]
    assert became(at, change.doors[0]) == {"contents": (), "physical": "open", "unlendable": "forced", **NOTED}


@pytest.mark.parametrize(("since", "doubted"), [(NOW, 1), (NOW + timedelta(seconds=1), 0)])
def test_what_was_put_in_after_a_door_was_forced_is_not_doubted(since: Any, doubted: int) -> None:
    change = change_of(settle(scene(report(Outcome.FORCED, grant=None), door(drill(), since=since), drill())))
    assert (len(change.events), change.guard) == (doubted, doubted == 1)


def test_a_door_left_open_without_a_grant_is_a_case() -> None:
    at = door(drill())
    got = settle(scene(report(Outcome.LEFT_OPEN, grant=None), at, drill()))
    change = change_of(got)
    assert (got.name, change.events) == ("left_open", ())
    assert [(each.kind, each.person, each.door) for each in change.cases] == [(CaseKind.LEFT_OPEN, None, 1)]
    assert became(at, change.doors[0]) == {"physical": "left_open", **NOTED}


def test_a_door_that_did_not_open_without_a_grant_is_noted() -> None:
    at = door(drill())
    got = settle(scene(report(Outcome.NOT_OPENED, grant=None), at, drill()))
    assert (got.name, became(at, change_of(got).doors[0])) == ("not_opened", NOTED)


def service(**more: Any) -> Any:
    return grant(Purpose.SERVICE, person=None, by="ops", asset=None, loan=None, **more)


@pytest.mark.parametrize(("by", "last_seen"), [("ops", type(ANA).person("ops")), (None, HERE)])
def test_what_is_gone_after_a_remote_opening_was_last_seen_with_the_opener(by: str | None, last_seen: Any) -> None:
    given = grant(Purpose.SERVICE, person=None, by=by, asset=None, loan=None)
    at = door(drill(), drill(2), grant=given, unlendable="forced")
    got = settle(scene(report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=("E2",)), at, drill(), drill(2)))
    change = change_of(got)
    (case,) = change.cases
    assert (got.name, got.told, change.guard) == ("serviced", (), True)
    assert (case.kind, case.asset, case.person, case.waiting) == (CaseKind.UNRESOLVED, "drill-1", by, ("drill-1",))
    assert [(each.asset, each.move, each.to, each.unsettled_by, each.case, each.op) for each in change.events] == [
        ("drill-1", Move.NOT_SEEN, last_seen, "take", case.id, "take")
    ]
    over = grant(Purpose.SERVICE, GrantState.USED, person=None, by=by, asset=None, loan=None, over_at=NOW)
    assert became(at, change.doors[0]) == {"contents": at.contents[1:], "grant": over, "unlendable": None, **NOTED}


@pytest.mark.parametrize(
    ("lasting", "now"),
    [
        ("quarantined", "quarantined"),
        ("bank_revoked", "bank_revoked"),
        ("in_repair", "unresolved"),
        (None, "unresolved"),
    ],
    ids=["broken", "its bank revoked", "nothing waits for the workshop in it any more", "lendable"],
)
def test_where_nothing_tells_what_is_inside_a_serviced_door_it_is_not_lent_from(lasting: Any, now: str) -> None:
    at = door(drill(), drill(2), grant=service(), unlendable=lasting)
    change = change_of(settle(scene(report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=None), at, drill(), drill(2))))
    assert change.doors[0].unlendable == now
    assert len(change.events) == 2


def test_a_remote_opening_that_ended_nobody_knows_how_doubts_everything_inside() -> None:
    at = door(drill(), grant=service())
    got = settle(scene(report(Outcome.UNRESOLVED), at, drill()))
    change = change_of(got)
    assert (got.name, change.guard) == ("unresolved", True)
    assert [(each.asset, each.person) for each in change.cases] == [(None, "ops"), ("drill-1", "ops")]
    assert [(each.op, each.unsettled_by) for each in change.events] == [("take.unresolved", "take")]
    over = service(state=GrantState.UNRESOLVED, over_at=NOW)
    now = {"contents": (), "physical": "unknown", "unlendable": "unresolved", "grant": over}
    assert became(at, change.doors[0]) == {**now, **NOTED}


def test_a_remote_opening_that_did_not_happen_changes_nothing_but_its_grant() -> None:
    at = door(drill(), grant=service())
    got = settle(scene(report(Outcome.NOT_OPENED), at, drill()))
    assert (got.name, got.told) == ("not_opened", ())
    assert became(at, change_of(got).doors[0]) == {"grant": service(state=GrantState.FAILED, over_at=NOW), **NOTED}


def back(outcome: Outcome, state: GrantState = GrantState.ISSUED, **more: Any) -> Any:
    given = grant(Purpose.RETURN, state, id="take.back", loan="take")
    out = drill(state=State.ON_LOAN, custodian=ANA, loan="take")
    lent = loan(state=LoanState.OPEN, taken_at=BEFORE, paused_until=NOW + PAUSE, grants={"take": GrantState.USED})
    at = door(grant=given, unlendable=None if state is GrantState.ISSUED else "unresolved")
    return scene(report(outcome, grant="take.back", **more), at, out, lent)


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPENED, Outcome.JAMMED])
def test_a_return_whose_door_did_not_open_leaves_the_loan_and_says_so(outcome: Outcome) -> None:
    here = back(outcome)
    got = settle(here)
    change = change_of(got)
    assert (got.name, got.told) == (str(outcome), (Told(level="warn", code=str(outcome), facts={"door": "1"}),))
    assert (change.loans, change.events) == ((), ())
    assert change.doors[0].grant == grant(Purpose.RETURN, GrantState.FAILED, id="take.back", over_at=NOW)


def test_a_return_given_up_that_never_opened_goes_on_with_reminders() -> None:
    here = back(Outcome.NOT_OPENED, GrantState.UNRESOLVED)
    change = change_of(settle(here))
    assert became(here.loans["take"], change.loans[0]) == {"paused_until": None, "version": 4}
    over = grant(Purpose.RETURN, GrantState.USED, id="take.back", over_at=NOW)
    assert became(here.door, change.doors[0]) == {"grant": over, "unlendable": None, **NOTED}


def test_an_unresolved_return_is_a_case_and_the_holder_is_left_in_peace() -> None:
    here = back(Outcome.UNRESOLVED)
    got = settle(here)
    change = change_of(got)
    assert (got.name, got.told, change.events) == ("unresolved", (), ())
    assert [(each.kind, each.asset, each.loan, each.person) for each in change.cases] == [
        (CaseKind.UNRESOLVED, "drill-1", "take", "ana")
    ]
    assert (change.loans[0].paused_until, change.doors[0].unlendable) == (NOW + PAUSE, "unresolved")


def test_what_was_expected_back_and_is_not_inside_stays_on_its_loan() -> None:
    here = back(Outcome.CLOSED, evidence=Evidence.TAGS, tags=())
    got = settle(here)
    change = change_of(got)
    assert (got.name, change.cases) == ("not_returned", ())
    assert got.told == (Told(level="warn", code="not_returned", facts={"thing": "Drill 1", "parts": "Drill 1"}),)
    assert [(each.move, each.state, each.to, each.loan) for each in change.events] == [
        (Move.NOT_RETURNED, State.ON_LOAN, ANA, "take")
    ]
    grants = {"take": GrantState.USED, "take.back": GrantState.USED}
    assert became(here.loans["take"], change.loans[0]) == {"grants": grants, "version": 4}


def test_a_door_closed_without_a_grant_is_closed() -> None:
    at = door(physical="open")
    change = change_of(settle(scene(report(Outcome.CLOSED, grant=None), at)))
    assert became(at, change.doors[0]) == {"physical": "closed", **NOTED}
