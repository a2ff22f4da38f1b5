"""Reports that come late, twice, or against what was believed: nothing vanishes, nothing moves by itself."""

from typing import Any

import pytest

from chalicelib.flows import move_asset
from tests.support.admins import asked
from tests.support.outcomes import GONE, OTHER_TAG, TAG, Outcome, beside, lend, outcome, stage
from tests.support.workplace import OTHER_TOKEN, bank, drill, person
from tests.support.world import World
from toolcrib.domain.cases import CaseState
from toolcrib.domain.loans import LoanState
from toolcrib.domain.states import Move, State

MINUTES_TO_DEADLINE = 11


def kinds(here: World) -> list[tuple[str, str]]:
    return [(str(case.kind), str(case.state)) for case in here.cases()]


@pytest.mark.parametrize("evidence", GONE)
def test_ten_minutes_without_a_report_of_a_take_is_unconfirmed_with_the_person_and_a_case(
    here: World, evidence: str
) -> None:
    hq = stage(here, evidence)
    opened = hq.tap()
    here.later(minutes=9)
    here.sweep()
    assert here.grant().state == "issued"
    here.later(minutes=2)
    here.sweep()
    assert outcome(here, grant=opened.grant, loan=opened.grant) == Outcome(
        asset="unconfirmed with p-1",
        loan="pending",
        door="unresolved, unresolved",
        cases=("unresolved",),
        events=("unresolved by declared",),
    )
    assert here.person().holdings[opened.grant].state == "unconfirmed"


def test_sweeping_again_changes_nothing_more(here: World) -> None:
    stage(here).tap()
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    before = _all_but_the_heartbeat(here)
    for _ in range(3):
        here.later(minutes=1)
        here.sweep()
    assert _all_but_the_heartbeat(here) == before


def _all_but_the_heartbeat(here: World) -> list[Any]:
    assert here.dynamo is not None
    tables = here.dynamo.snapshot().values()
    return [{key: item for key, item in items.items() if key[1] != "HEARTBEAT"} for items in tables]


def test_a_late_closing_after_the_deadline_opens_the_loan_and_answers_the_case(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    here.later(seconds=10)
    at, report = here.now, hq.saw(opened, "closed", tags=[])
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    hq.send(report)
    assert outcome(here, grant=opened.grant, loan=opened.grant) == Outcome(
        asset="on_loan with p-1",
        loan="open",
        door="used, lendable",
        events=("unresolved by declared", "taken by tags"),
    )
    assert here.loan(opened.grant).taken_at == at
    assert kinds(here) == [("unresolved", "resolved")]


def test_a_late_closing_that_saw_the_thing_inside_clears_the_person_and_a_person_has_to_look(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=[TAG])
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    hq.send(report)
    assert outcome(here, grant=opened.grant, loan=opened.grant) == Outcome(
        asset="unconfirmed with door 1",
        loan="void",
        door="used, unexpected_item",
        cases=("unresolved",),
        events=("unresolved by declared", "not_taken by tags"),
    )
    assert here.person().holdings == {}


@pytest.mark.parametrize("saw", ["not_opened", "jammed"])
def test_it_turns_out_after_the_deadline_that_a_door_never_opened(here: World, saw: str) -> None:
    hq = stage(here)
    opened = hq.tap()
    report = hq.saw(opened, saw)
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    hq.send(report)
    now = outcome(here, grant=opened.grant, loan=opened.grant)
    assert (now.asset, now.loan, now.door) == ("unconfirmed with door 1", "void", "used, unexpected_item")
    assert here.person().holdings == {}


@pytest.mark.parametrize("saw", ["not_opened", "jammed"])
def test_a_return_given_up_that_never_opened_leaves_the_loan_and_the_reminders_as_they_were(
    here: World, saw: str
) -> None:
    hq, loan = lend(here)
    opened = hq.tap()
    report = hq.saw(opened, saw)
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    assert here.loan(loan).paused_until is not None
    hq.send(report)
    assert (here.loan(loan).state, here.loan(loan).paused_until) == ("open", None)
    assert (here.door().unlendable, here.grant().state) == (None, "used")
    assert ("unresolved", "resolved") in kinds(here)


def test_ten_minutes_without_a_report_of_a_return_change_nothing_but_that_reminders_wait(here: World) -> None:
    hq, loan = lend(here)
    hq.tap()
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    assert (here.asset().state, here.loan(loan).state) == ("on_loan", "open")
    assert here.loan(loan).paused_until is not None
    assert kinds(here) == [("unresolved", "open")]
    assert here.door().unlendable == "unresolved"


@pytest.mark.parametrize(("tags", "loan_is"), [([TAG], "closed"), ([], "open")])
def test_a_late_closing_of_a_return_answers_its_case_and_ends_the_pause(
    here: World, tags: list[str], loan_is: str
) -> None:
    hq, loan = lend(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=tags)
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    hq.send(report)
    assert (here.loan(loan).state, here.loan(loan).paused_until) == (loan_is, None)
    assert kinds(here) == [("unresolved", "resolved")]
    assert here.door().unlendable is None


def test_a_door_left_open_is_one_case_that_its_closing_answers(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    hq.does(opened, "opened", opened_ms=0)
    here.later(seconds=60)
    heard = hq.does(opened, "left_open", opened_ms=60_000)
    assert [each.code for each in heard if each.kind == "notice"] == ["left_open"]
    assert (here.door().physical, here.grant().state) == ("left_open", "opened")
    here.later(seconds=30)
    hq.does(opened, "closed", tags=[])
    assert kinds(here) == [("left_open", "resolved")]
    assert (here.door().physical, here.asset().state) == ("closed", "on_loan")


def test_a_door_left_open_past_the_deadline_and_closed_after_all_leaves_no_open_case(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    hq.does(opened, "opened")
    here.later(seconds=60)
    hq.does(opened, "left_open")
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    assert kinds(here) == [("left_open", "open"), ("unresolved", "open")]
    hq.does(opened, "closed", tags=[])
    assert {state for _, state in kinds(here)} == {"resolved"}


def test_a_lapsed_take_that_turns_out_open_is_in_flight_again(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    left_open = hq.saw(opened, "left_open")
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    assert here.grant().state == "lapsed"
    hq.send(left_open)
    assert (here.grant().state, here.loan(opened.grant).state) == ("opened", "pending")
    assert here.person().holdings[opened.grant].state == "pending"


def test_a_lapsed_take_whose_bank_says_at_boot_that_it_does_not_know_is_unresolved(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    hq.does(opened, "unresolved")
    now = outcome(here, grant=opened.grant, loan=opened.grant)
    assert (now.asset, now.loan, now.cases) == ("unconfirmed with p-1", "pending", ("unresolved",))


@pytest.mark.parametrize("move", [Move.DECLARE_LOST, Move.DECLARE_MISSING])
def test_what_was_given_up_before_its_take_was_told_of_is_still_owed(here: World, move: Move) -> None:
    hq = stage(here)
    opened = hq.tap()
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    move_asset.handle(asked("l", at=here.now), "drill-1", move, reason="Nobody has it")
    hq.does(opened, "closed", tags=[])
    asset, loan = here.asset(), here.loan(opened.grant)
    assert (asset.state in {State.LOST, State.MISSING}, asset.loan, loan.state) == (True, loan.id, LoanState.PENDING)
    assert opened.grant in here.person().holdings
    assert ("late_report", "open") in kinds(here)


def test_a_closing_of_a_grant_that_lapsed_and_whose_door_moved_on_is_a_case_and_moves_nothing(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    late = hq.saw(first, "closed", tags=[])
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    here.meet(person(2), OTHER_TOKEN)
    second = hq.tap(OTHER_TOKEN)
    assert second.door == first.door
    hq.send(late)
    asset = here.asset()
    assert (asset.state, asset.custodian.door) == ("unconfirmed", 1)
    assert here.loan(first.grant).state == "void"
    assert kinds(here) == [("late_report", "open")]
    hq.send(late)
    assert len(here.cases()) == 1


def test_a_closing_of_a_lapsed_take_while_somebody_else_has_the_thing_leaves_them_in_peace(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    late = hq.saw(first, "closed", tags=[])
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    here.meet(person(2), OTHER_TOKEN)
    second = hq.tap(OTHER_TOKEN)
    hq.does(second, "closed", tags=[])
    hq.send(late)
    assert (here.asset().state, here.asset().custodian.id) == ("unconfirmed", "p-2")
    assert here.loan(second.grant).state == "open"
    assert here.loan(second.grant).paused_until is not None
    assert here.person().holdings == {}


@pytest.mark.parametrize("outcome_", ["not_opened", "jammed", "opened"])
def test_what_says_nothing_of_custody_comes_late_without_a_case_about_it(here: World, outcome_: str) -> None:
    hq = stage(here)
    first = hq.tap()
    late = hq.saw(first, outcome_)
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    here.meet(person(2), OTHER_TOKEN)
    hq.tap(OTHER_TOKEN)
    hq.send(late)
    assert here.asset().state == "stowed"
    assert [kind for kind, _ in kinds(here) if kind != "jammed"] == []


def test_the_report_of_a_take_still_answers_when_its_door_has_moved_on(here: World) -> None:
    """The asset is unconfirmed because of it: whatever the door does now, this settles who has it."""
    hq = stage(here)
    beside(here, drill(2), number=2)
    first = hq.tap()
    late = hq.saw(first, "closed", tags=[])
    here.later(minutes=MINUTES_TO_DEADLINE)
    here.sweep()
    here.later(minutes=1)
    hq.send(hq.status({1: "closed"}, {1: []}, journal_depth=0))
    assert here.door().unlendable is None
    here.meet(person(2), OTHER_TOKEN)
    hq.does(hq.tap(OTHER_TOKEN), "closed", tags=[])
    here.later(minutes=1)
    back = hq.tap(OTHER_TOKEN)
    assert back.door == 1
    hq.does(back, "closed", tags=[OTHER_TAG])
    hq.send(late)
    assert (here.asset().state, here.loan(first.grant).state) == ("on_loan", "open")
    assert kinds(here) == [("unresolved", "resolved")]
    assert [content.asset for content in here.door().contents] == ["drill-2"]


def test_what_was_seen_elsewhere_meanwhile_is_not_taken_by_a_report_of_before(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=[])
    here.later(minutes=1)
    other = here.place(bank(id="hq-02"), doors=1)
    other.send(other.status({1: "closed"}, {1: [TAG]}))
    assert here.asset().state == "unconfirmed"
    assert here.door().contents == ()
    hq.send(report)
    assert (here.asset().state, here.asset().custodian.id) == ("unconfirmed", "hq-02")
    assert here.loan(opened.grant).state == "void"
    assert here.grant().state == "used"
    assert here.person().holdings == {}


def test_three_jams_within_a_day_quarantine_a_door_and_each_is_a_case(here: World) -> None:
    hq = stage(here)
    for jams in range(1, 4):
        opened = hq.tap()
        hq.does(opened, "jammed")
        assert len(here.door().jams) == jams
        here.later(hours=1)
    assert here.door().unlendable == "quarantined"
    assert kinds(here) == [("jammed", "open")] * 3
    assert hq.tap().code == "nothing_available"


def test_jams_of_another_day_do_not_count(here: World) -> None:
    hq = stage(here)
    for _ in range(4):
        hq.does(hq.tap(), "jammed")
        here.later(hours=13)
    assert here.door().unlendable is None


def test_a_jam_told_twice_is_one_jam(here: World) -> None:
    hq = stage(here)
    jam = hq.saw(hq.tap(), "jammed")
    for _ in range(4):
        hq.send(jam)
    assert len(here.door().jams) == 1


def test_a_number_heard_before_does_not_hide_the_report_that_ends_a_grant(here: World) -> None:
    """A controller with a new journal counts from the start: its closing must not pass for a repeat."""
    hq = stage(here)
    hq.does(hq.tap(), "not_opened", seq=1)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[], seq=1)
    assert here.asset().state == "on_loan"


@pytest.mark.parametrize("outcome_", ["closed", "left_open", "unresolved"])
def test_a_report_of_a_grant_that_nobody_issued_is_a_case_once(here: World, outcome_: str) -> None:
    hq = stage(here)
    report = hq.saw("nobody-issued-this", outcome_, door=1, tags=[])
    for _ in range(3):
        hq.send(report)
    assert here.asset().state == "stowed"
    assert len(here.cases()) == 1


@pytest.mark.parametrize("grants_in_between", [1, 70])
def test_a_return_heard_again_after_its_door_moved_on_is_no_news(here: World, grants_in_between: int) -> None:
    hq, loan = lend(here)
    back = hq.tap()
    report = hq.saw(back, "closed", tags=[TAG])
    hq.send(report)
    for _ in range(grants_in_between):
        here.later(seconds=20)
        hq.does(hq.tap(), "not_opened")
    hq.send(report)
    assert here.cases() == []
    assert (here.asset().state, here.loan(loan).state) == ("stowed", "closed")


def test_a_door_open_is_answered_when_its_loan_has_a_case_of_another_kind(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    hq.does(None, "forced", door=1)
    hq.does(opened, "closed", tags=[])
    assert here.asset().state == "on_loan"
    forced = next(case for case in here.cases() if case.kind == "forced")
    assert forced.state is CaseState.OPEN
    assert here.door().unlendable == "forced"
