"""What a report means beyond its grant: which cases its end answers, which door a jam is one of, and what is heard."""

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
    lent,
    loan,
    report,
    running,
    said,
    scene,
)
from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import Grant, GrantState, Purpose
from toolcrib.domain.draft import Draft
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports import left_open
from toolcrib.domain.reports.aftermath import counted, unresolved_case
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import Move, State

UNRESOLVED, LEFT_OPEN = unresolved_case("hq-01", "take"), left_open.case_of("take")
SEQS = ((2, 7),)


def waiting(kind: CaseKind, id_: str, **more: Any) -> Case:
    return Case(id=id_, kind=kind, opened_at=BEFORE, site="hq", grant="take", version=2, **more)


BOTH = {
    UNRESOLVED: waiting(CaseKind.UNRESOLVED, UNRESOLVED),
    LEFT_OPEN: waiting(CaseKind.LEFT_OPEN, LEFT_OPEN),
}


def given_up(thing: Asset, *inside: Asset, state: GrantState = GrantState.UNRESOLVED, **told: Any) -> Scene:
    """The closing of a take that was given up as unresolved and left open, each with a case."""
    known = {"evidence": Evidence.TAGS, "tags": (), **told}
    at = door(*inside, grant=grant(state=state), physical="unknown", unlendable="unresolved")
    pending = loan(grants={"take": GrantState.UNRESOLVED})
    return scene(report(Outcome.CLOSED, **known), at, thing, *inside, pending, cases=BOTH)


def in_doubt(**more: Any) -> Asset:
    return drill(**{"state": State.UNCONFIRMED, "custodian": ANA, "unsettled_by": "take", "loan": "take", **more})


def test_the_end_of_a_grant_answers_that_it_was_unresolved_by_what_it_came_to_and_left_open_by_being_closed() -> None:
    got = settle(given_up(in_doubt()))
    answer = {"state": CaseState.RESOLVED, "resolved_by": "toolcrib", "resolved_at": NOW, "version": 3}
    assert got.name == "taken"
    assert {each.id: became(BOTH[each.id], each) for each in change_of(got).cases} == {
        UNRESOLVED: {**answer, "resolution": "taken"},
        LEFT_OPEN: {**answer, "resolution": "closed"},
    }


def test_a_case_that_a_thing_in_doubt_still_waits_for_is_not_answered() -> None:
    here = given_up(in_doubt(case=UNRESOLVED), tags=("E1",))
    got = settle(replace(here, cases={**BOTH, UNRESOLVED: replace(BOTH[UNRESOLVED], asset="drill-1")}))
    change = change_of(got)
    assert (got.name, change.assets[0].state, change.assets[0].case) == ("not_taken", State.UNCONFIRMED, UNRESOLVED)
    assert [each.id for each in change.cases] == [LEFT_OPEN]


def test_that_something_else_is_in_doubt_for_another_reason_keeps_no_case_open() -> None:
    change = change_of(settle(given_up(in_doubt(), drill(2))))
    assert [each.state for each in change.assets] == [State.ON_LOAN, State.UNCONFIRMED]
    assert {each.id for each in change.cases if each.state is CaseState.RESOLVED} == {UNRESOLVED, LEFT_OPEN}


def test_a_report_of_another_grant_answers_nothing_of_the_doors_own() -> None:
    here = given_up(drill(), state=GrantState.USED)
    other = replace(here, report=report(Outcome.CLOSED, grant="other"))
    assert {each.kind for each in change_of(settle(other)).cases} == {CaseKind.LATE_REPORT}


def test_what_does_not_end_a_grant_answers_nothing() -> None:
    here = given_up(in_doubt())
    change = change_of(settle(replace(here, report=report(Outcome.OPENED))))
    assert change.cases == ()


def test_a_jam_is_a_case_of_nobody_and_counts_at_its_own_door_only() -> None:
    at, others = door(grant=grant()), [door(number=2), replace(door(), bank="hq-02")]
    here = scene(report(Outcome.JAMMED), at, drill(), loan())
    draft = Draft(cause=here.draft("ana").cause, site="hq")
    for each in (at, *others):
        draft.door(each)
    change = change_of(counted(here, Settlement(name="jammed", change=draft.change())))
    assert [(each.bank, each.number, each.jams) for each in change.doors] == [
        ("hq-01", 1, (NOW,)),
        ("hq-01", 2, ()),
        ("hq-02", 1, ()),
    ]
    (case,) = change.cases
    assert said(case) == {
        "id": case.id,
        "kind": CaseKind.JAMMED,
        "opened_at": NOW,
        "site": "hq",
        "bank": "hq-01",
        "door": 1,
        "grant": "take",
        "evidence": Evidence.DOOR_ONLY,
    }


@pytest.mark.parametrize("outcome", [Outcome.FORCED, Outcome.CLOSED, Outcome.JAMMED])
def test_a_number_heard_before_says_nothing_new_without_a_grant(outcome: Outcome) -> None:
    got = settle(scene(report(outcome, grant=None), door(drill(), seqs=SEQS), drill()))
    assert (got.name, got.change, got.told) == ("repeated", None, ())


def test_a_closing_of_a_take_whose_thing_is_somewhere_else_by_now_is_late() -> None:
    given = grant(state=GrantState.OPENED)
    got = settle(scene(report(Outcome.CLOSED), door(grant=given), drill(custodian=NEXT), loan()))
    assert (got.name, got.told) == ("late", ())
    assert [(each.kind, each.asset) for each in change_of(got).cases] == [(CaseKind.LATE_REPORT, "drill-1")]


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPENED, Outcome.JAMMED])
def test_a_door_that_did_not_open_ends_its_take_wherever_its_thing_is_by_now(outcome: Outcome) -> None:
    got = settle(scene(report(outcome), door(grant=grant()), drill(custodian=NEXT), loan()))
    change = change_of(got)
    assert (got.name, change.loans[0].state) == (str(outcome), LoanState.VOID)
    assert change.doors[0].grant == grant(state=GrantState.FAILED, over_at=NOW)


def service() -> Grant:
    return grant(Purpose.SERVICE, GrantState.UNRESOLVED, id="s.1", person=None, by="ops", asset=None, loan=None)


def test_a_remote_opening_that_never_opened_after_all_leaves_what_was_doubted_to_a_person() -> None:
    at = door(grant=service(), unlendable="unresolved")
    got = settle(scene(report(Outcome.NOT_OPENED, grant="s.1"), at))
    assert (got.name, got.change) == ("repeated", None)
    jammed = settle(scene(report(Outcome.JAMMED, grant="s.1"), at))
    assert became(at, change_of(jammed).doors[0]) == {"jams": (NOW,), "seqs": SEQS, "version": 10}


def test_a_return_told_when_its_door_has_moved_on_does_not_speak_of_the_taking() -> None:
    """Its thing is in doubt since the take: that no tag is seen at another door proves nothing of who has it."""
    thing, pending = in_doubt(), loan(grants={"take": GrantState.UNRESOLVED, "take.back": GrantState.ISSUED})
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=())
    got = settle(scene(seen, door(grant=grant(id="later")), thing, pending))
    change = change_of(got)
    assert (got.name, change.events) == ("late", ())
    assert [(each.kind, each.loan) for each in change.cases] == [(CaseKind.LATE_REPORT, "take")]
    assert became(pending, change.loans[0]) == {
        "grants": {"take": GrantState.UNRESOLVED, "take.back": GrantState.USED},
        "version": 4,
    }


def test_a_return_is_judged_by_what_is_inside_wherever_its_thing_was_last() -> None:
    back = grant(Purpose.RETURN, GrantState.OPENED, id="take.back")
    seen = report(Outcome.CLOSED, grant="take.back", evidence=Evidence.TAGS, tags=("E1",))
    got = settle(scene(seen, door(grant=back), lent(custodian=NEXT), running(), tags={"E1": "drill-1"}))
    assert [(each.move, each.to) for each in change_of(got).events] == [(Move.RETURNED, HERE)]


def test_an_end_that_does_not_say_that_the_door_is_closed_leaves_it_on_record_as_left_open() -> None:
    here = given_up(drill(), state=GrantState.OPENED)
    got = settle(replace(here, report=report(Outcome.UNRESOLVED), cases={LEFT_OPEN: BOTH[LEFT_OPEN]}))
    assert (got.name, [each.id for each in change_of(got).cases]) == ("unresolved", [UNRESOLVED])


@pytest.mark.parametrize(("outcome", "name"), [(Outcome.CLOSED, "taken"), (Outcome.OPENED, "repeated")])
def test_a_number_heard_before_still_ends_a_live_grant_and_says_nothing_else(outcome: Outcome, name: str) -> None:
    told = report(outcome, evidence=Evidence.TAGS, tags=())
    at = door(drill(), grant=grant(), seqs=SEQS)
    assert settle(scene(told, at, drill(), loan())).name == name


@pytest.mark.parametrize(
    ("memory", "outcome", "name"),
    [
        (GrantState.USED, Outcome.CLOSED, "repeated"),
        (GrantState.USED, Outcome.UNRESOLVED, "repeated"),
        (GrantState.UNRESOLVED, Outcome.UNRESOLVED, "repeated"),
        (GrantState.UNRESOLVED, Outcome.CLOSED, "late"),
    ],
)
def test_what_its_loan_remembers_of_a_grant_is_no_news_when_the_door_has_moved_on(
    memory: GrantState, outcome: Outcome, name: str
) -> None:
    at = door(drill(), grant=grant(id="later"))
    assert settle(scene(report(outcome), at, drill(), loan(grants={"take": memory}))).name == name
