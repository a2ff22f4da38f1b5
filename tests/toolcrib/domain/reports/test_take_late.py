"""A take whose report comes after it was given up, or never said what it should: who is blamed for what."""

from datetime import time, timedelta
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
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit, Part
from toolcrib.domain.loans import LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Curfew, Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement, Told
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

EIGHT = timedelta(hours=8)
WHO: dict[str, Any] = {"person": "ana", "bank": "hq-01", "door": 1, "grant": "take"}
SEQS = ((2, 7),)


def doubted(**more: Any) -> Any:
    return drill(**{"state": State.UNCONFIRMED, "custodian": ANA, "unsettled_by": "take", "loan": "take", **more})


def unresolved_loan() -> Any:
    return loan(grants={"take": GrantState.UNRESOLVED})


def out() -> Holding:
    return Holding(
        asset="drill-1",
        type="drill",
        name="Drill 1",
        tag="E1",
        state="open",
        bank="hq-01",
        door=1,
        site="hq",
        since=NOW,
        until=NOW + EIGHT,
        evidence=Evidence.TAGS,
    )


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPENED, Outcome.JAMMED])
def test_a_door_that_did_not_open_voids_the_loan_and_says_so(outcome: Outcome) -> None:
    at, begun = door(drill(), grant=grant()), loan()
    got = settle(scene(report(outcome), at, drill(), begun))
    change = change_of(got)
    assert (got.name, got.told) == (str(outcome), (Told(level="warn", code=str(outcome), facts={"door": "1"}),))
    assert (change.op, change.at, change.events, change.assets, change.guard) == ("take", NOW, (), (), False)
    failed = grant(state=GrantState.FAILED, over_at=NOW)
    jams = {"jams": (NOW,)} if outcome is Outcome.JAMMED else {}
    assert became(at, change.doors[0]) == {"grant": failed, "seqs": SEQS, "version": 10, **jams}
    void = {"state": LoanState.VOID, "grants": {"take": GrantState.FAILED}, "version": 4}
    assert became(begun, change.loans[0]) == void
    assert change.holdings == (Holdings(person="ana", remove=("take",)),)


def test_a_door_that_did_not_open_leaves_a_loan_that_is_open_already_as_it_is() -> None:
    begun = loan(state=LoanState.OPEN, taken_at=BEFORE)
    change = change_of(settle(scene(report(Outcome.NOT_OPENED), door(drill(), grant=grant()), drill(), begun)))
    assert (change.loans, change.holdings) == ((), ())


def test_an_unresolved_take_is_unconfirmed_last_seen_with_the_person_under_one_case() -> None:
    at, begun, thing = door(drill(), grant=grant()), loan(), drill()
    got = settle(scene(report(Outcome.UNRESOLVED), at, thing, begun))
    change = change_of(got)
    (case,) = change.cases
    assert (got.name, got.told) == ("unresolved", ())
    facts = {"id": case.id, "kind": CaseKind.UNRESOLVED, "opened_at": NOW, "site": "hq", "asset": "drill-1"}
    assert said(case) == {**facts, **WHO, "loan": "take", "waiting": ("drill-1",), "evidence": Evidence.DOOR_ONLY}
    assert [said(each) for each in change.events] == [
        {
            **WHO,
            "asset": "drill-1",
            "at": NOW,
            "move": Move.UNRESOLVED,
            "state": State.UNCONFIRMED,
            "to": ANA,
            "loan": "take",
            "unsettled_by": "take",
            "case": case.id,
            "evidence": Evidence.DOOR_ONLY,
            "op": "take.unresolved",
        }
    ]
    over = grant(state=GrantState.UNRESOLVED, over_at=NOW)
    assert became(at, change.doors[0]) == {
        "grant": over,
        "seqs": SEQS,
        "version": 10,
        "contents": (),
        "physical": "unknown",
        "unlendable": "unresolved",
    }
    assert became(begun, change.loans[0]) == {"grants": {"take": GrantState.UNRESOLVED}, "version": 4}
    (held,) = change.holdings
    assert held.put["take"].state == "unconfirmed"


def test_an_unresolved_take_of_what_was_seen_elsewhere_meanwhile_voids_its_loan_only() -> None:
    one, other = drill(), drill(2, state=State.UNCONFIRMED, custodian=NEXT)
    parts = (Part(asset="drill-1", loan="take"), Part(asset="drill-2", loan="part"))
    kit = InKit(id="set", grant="take", parts=parts)
    both = grant(kit=parts[1:])
    second = loan(id="part", asset="drill-2", kit=kit)
    got = settle(scene(report(Outcome.UNRESOLVED), door(one, grant=both), one, other, loan(kit=kit), second))
    change = change_of(got)
    assert [each.asset for each in change.events] == ["drill-1"]
    assert {each.id: (each.state, dict(each.grants)) for each in change.loans} == {
        "take": (LoanState.PENDING, {"take": GrantState.UNRESOLVED}),
        "part": (LoanState.VOID, {"take": GrantState.UNRESOLVED}),
    }


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPENED, Outcome.JAMMED])
@pytest.mark.parametrize("current", [True, False])
def test_it_turns_out_that_the_door_never_opened_and_nobody_is_blamed(outcome: Outcome, current: bool) -> None:
    given_up = grant(state=GrantState.UNRESOLVED) if current else grant(id="later", loan="later", asset="drill-9")
    at, begun, thing = door(grant=given_up, physical="unknown", unlendable="unresolved"), unresolved_loan(), doubted()
    got = settle(scene(report(outcome), at, thing, begun))
    change = change_of(got)
    assert (got.name, got.told, change.guard) == (str(outcome), (), False)
    assert [said(each) for each in change.events] == [
        {
            **WHO,
            "asset": "drill-1",
            "at": NOW,
            "move": Move.NOT_TAKEN,
            "state": State.UNCONFIRMED,
            "to": HERE,
            "evidence": Evidence.DOOR_ONLY,
            "op": "take",
        }
    ]
    void = {"state": LoanState.VOID, "grants": {"take": GrantState.USED}, "version": 4}
    assert became(begun, change.loans[0]) == void
    assert Holdings(person="ana", remove=("take",)) in change.holdings
    now = became(at, change.doors[0])
    now.pop("jams", None)
    over = {"grant": grant(state=GrantState.USED, over_at=NOW), "physical": "closed"} if current else {}
    assert now == {**over, "seqs": SEQS, "version": 10, "unlendable": "unexpected_item"}


def test_a_loan_still_pending_of_what_went_another_way_is_void_as_failed_where_the_door_never_opened() -> None:
    at = door(grant=grant(state=GrantState.UNRESOLVED))
    elsewhere = drill(state=State.UNCONFIRMED, custodian=NEXT)
    change = change_of(settle(scene(report(Outcome.NOT_OPENED), at, elsewhere, unresolved_loan())))
    assert change.events == ()
    assert (change.loans[0].state, change.loans[0].grants) == (LoanState.VOID, {"take": GrantState.FAILED})


def moved_on(outcome: Outcome, **more: Any) -> tuple[Scene, Settlement]:
    here = scene(
        report(outcome, evidence=Evidence.TAGS, **more),
        door(drill(2), grant=grant(id="later", asset="drill-2", loan="later")),
        doubted(),
        drill(2),
        unresolved_loan(),
    )
    return here, settle(here)


def test_a_closing_told_when_the_door_has_moved_on_says_that_it_was_taken_then() -> None:
    here, got = moved_on(Outcome.CLOSED, tags=())
    change = change_of(got)
    assert (got.name, got.told) == ("taken", ())
    assert [said(each) for each in change.events] == [
        {
            **WHO,
            "asset": "drill-1",
            "at": NOW,
            "move": Move.TAKEN,
            "state": State.ON_LOAN,
            "to": ANA,
            "loan": "take",
            "evidence": Evidence.TAGS,
            "op": "take",
            "detail": {"pin": "1"},
        }
    ]
    assert became(here.loans["take"], change.loans[0]) == {
        "state": LoanState.OPEN,
        "grants": {"take": GrantState.USED},
        "taken_at": NOW,
        "due_at": NOW + EIGHT,
        "evidence": Evidence.TAGS,
        "noted_until": NOW,
        "version": 4,
    }
    assert change.holdings == (Holdings(person="ana", put={"take": out()}),)
    assert [became(here.door, each) for each in change.doors] == [{"seqs": SEQS, "version": 10}]
    assert change.cases == ()


def test_a_closing_told_when_the_door_has_moved_on_that_saw_the_thing_says_it_was_not_taken() -> None:
    _, got = moved_on(Outcome.CLOSED, tags=("E1",))
    change = change_of(got)
    assert got.name == "not_taken"
    assert [(each.move, each.state, each.to, each.evidence) for each in change.events] == [
        (Move.NOT_TAKEN, State.UNCONFIRMED, HERE, Evidence.TAGS)
    ]
    assert change.loans[0].state is LoanState.VOID
    assert change.doors[0].unlendable == "unexpected_item"


def test_what_is_felt_behind_a_door_that_moved_on_was_the_thing_that_lay_there_then() -> None:
    here, _ = moved_on(Outcome.CLOSED)
    felt = report(Outcome.CLOSED, evidence=Evidence.PRESENCE, present=True)
    assert settle(replace(here, report=felt)).name == "not_taken"


def test_an_opening_of_a_take_given_up_says_nothing_new_once_the_door_moved_on() -> None:
    _, got = moved_on(Outcome.OPENED)
    assert (got.name, got.change) == ("repeated", None)


def concluded(**more: Any) -> Any:
    """The loan of what came back before the report of its taking did."""
    known = {"state": LoanState.CLOSED, "taken_at": BEFORE, "noted_until": BEFORE, "evidence": Evidence.DOOR_ONLY}
    return loan(**{**known, "returned_at": BEFORE + timedelta(seconds=20), **more})


def test_the_report_of_a_taking_that_was_concluded_sets_its_times_right_and_tells_nobody() -> None:
    at, begun = door(drill(), grant=grant()), concluded()
    got = settle(scene(report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=()), at, drill(), begun))
    change = change_of(got)
    assert (got.name, got.told, change.events) == ("taken", (), ())
    assert became(begun, change.loans[0]) == {
        "taken_at": NOW,
        "due_at": NOW + EIGHT,
        "evidence": Evidence.TAGS,
        "returned_at": NOW,
        "noted_until": NOW,
        "grants": {"take": GrantState.USED},
        "version": 4,
    }
    assert change.holdings == ()


def test_a_concluded_taking_keeps_a_later_return_and_what_was_noted_since() -> None:
    later = NOW + timedelta(hours=1)
    begun = concluded(returned_at=later, noted_until=later)
    change = change_of(settle(scene(report(Outcome.CLOSED), door(drill(), grant=grant()), drill(), begun)))
    assert (change.loans[0].returned_at, change.loans[0].noted_until) == (later, later)


def test_a_concluded_loan_that_is_still_open_is_opened_anew_from_the_moment_of_its_report() -> None:
    begun = concluded(state=LoanState.OPEN, returned_at=None)
    out_now = drill(state=State.ON_LOAN, custodian=ANA, loan="take")
    got = settle(scene(report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=()), door(grant=grant()), out_now, begun))
    change = change_of(got)
    assert (got.name, change.events) == ("taken", ())
    assert (change.loans[0].state, change.loans[0].taken_at, change.loans[0].due_at) == (
        LoanState.OPEN,
        NOW,
        NOW + EIGHT,
    )
    assert change.loans[0].returned_at is None
    assert change.holdings == (Holdings(person="ana", put={"take": out()}),)


def test_a_report_that_saw_inside_what_is_on_record_as_returned_contradicts_it() -> None:
    elsewhere = drill(custodian=NEXT)
    seen = report(Outcome.CLOSED, evidence=Evidence.TAGS, tags=("E1",))
    other = door(elsewhere, number=2)
    got = settle(scene(seen, door(grant=grant()), elsewhere, concluded(), elsewhere={"drill-1": other}))
    change = change_of(got)
    (case,) = change.cases
    assert got.name == "contradiction"
    assert (case.kind, case.asset, case.waiting) == (CaseKind.CONTRADICTION, "drill-1", ("drill-1",))
    assert [(each.move, each.state, each.to, each.op) for each in change.events] == [
        (Move.SEEN, State.UNCONFIRMED, HERE, "up-1")
    ]
    assert {each.number: (each.unlendable, each.contents) for each in change.doors} == {
        1: ("unexpected_item", ()),
        2: ("unexpected_item", ()),
    }


def test_what_comes_back_before_the_report_of_its_taking_was_taken() -> None:
    """Another door receives it while the first still has its take in flight (safety.md, I9)."""
    first = door(drill(), number=2, grant=grant())
    thing, begun = drill(custodian=NEXT), loan(door=2)
    back = grant(Purpose.RETURN, id="take.back", authorised_at=NOW - timedelta(seconds=20))
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=("E1",))
    got = settle(scene(seen, door(grant=back), thing, begun, elsewhere={"drill-1": first}, tags={"E1": "drill-1"}))
    change = change_of(got)
    assert (got.name, change.cases) == ("returned", ())
    taken, returned = (said(each) for each in change.events)
    assert taken == {
        "asset": "drill-1",
        "at": BEFORE,
        "move": Move.TAKEN,
        "state": State.ON_LOAN,
        "to": ANA,
        "person": "ana",
        "bank": "hq-01",
        "door": 2,
        "grant": "take",
        "loan": "take",
        "evidence": Evidence.DOOR_ONLY,
        "op": "take",
        "detail": {"pin": "1"},
    }
    assert returned == {
        **WHO,
        "asset": "drill-1",
        "at": NOW,
        "grant": "take.back",
        "move": Move.RETURNED,
        "state": State.STOWED,
        "to": HERE,
        "evidence": Evidence.TAGS,
        "op": "take.back",
    }
    assert became(begun, change.loans[0]) == {
        "state": LoanState.CLOSED,
        "taken_at": BEFORE,
        "evidence": Evidence.DOOR_ONLY,
        "noted_until": BEFORE,
        "returned_at": NOW,
        "return_bank": "hq-01",
        "return_door": 1,
        "return_evidence": Evidence.TAGS,
        "grants": {"take": GrantState.ISSUED, "take.back": GrantState.USED},
        "version": 4,
    }
    assert {each.number: [content.asset for content in each.contents] for each in change.doors} == {
        1: ["drill-1"],
        2: [],
    }


def test_the_report_of_a_taking_that_was_concluded_says_by_which_rule_it_is_due() -> None:
    terms = Terms(policy="fallback", period=Period(after=timedelta(days=2)), curfew=Curfew(at=time(18)))
    begun = concluded(terms=terms, due_why="loan_period")
    change = change_of(settle(scene(report(Outcome.CLOSED), door(drill(), grant=grant()), drill(), begun)))
    assert [(each.due_at, each.due_why) for each in change.loans] == [(NOW.replace(hour=18), "curfew_at")]
