"""Schedules and shifts at a bank: what may be taken when, by whom, and until when; a return is never in question."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.support.outcomes import GONE, THERE, lend, stage
from tests.support.workplace import DRILL, FALLBACK, NOW, TOKEN, person, rules
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Group, GroupGrant, Shift
from toolcrib.domain.policies import Curfew, Hours, Match, Period, Policy

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
MORNING = {"5": (Hours(opens=time(6), closes=time(12)),)}  # NOW is Friday, 10:00 in Berlin
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
MORNINGS = Policy(id="mornings", match=Match(category="tools"), period=FALLBACK.period, schedule=MORNING)
SHIFT = Shift(starts=NOW - HOUR, ends=NOW + 5 * HOUR, groups=("night",))
BY_SHIFT = Policy(id="shifts", match=Match(asset_type="drill"), period=Period(end_of_shift=True))
NIGHT = Group(id="night", name="Night", grants=(GroupGrant(asset_types=("drill",)),))


@pytest.mark.parametrize(("at", "kind"), [(NOON - SECOND, "open"), (NOON, "notice")])
def test_a_tap_outside_of_the_schedule_opens_nothing_and_says_why(here: World, at: datetime, kind: str) -> None:
    rules(MORNINGS)
    hq = stage(here)
    here.now = at
    answer = hq.tap()
    assert answer.kind == kind
    if kind == "notice":
        assert answer.code == "outside_schedule"
        assert here.grant_or_none() is None


def test_a_kiosk_lists_it_among_what_it_refuses(here: World) -> None:
    rules(MORNINGS)
    hq = stage(here, mode=Mode.KIOSK)
    here.now = NOON
    answer = hq.tap()
    codes = [each["code"] for each in answer.body.get("refusals", ())] or [answer.code]
    assert codes == ["outside_schedule"]


@pytest.mark.parametrize("evidence", ["tags", "presence", "door_only"])
def test_a_return_is_never_outside_of_a_schedule(here: World, evidence: str) -> None:
    rules(MORNINGS)
    hq, loan = lend(here, evidence)
    here.now = NOON + 12 * HOUR
    opened = hq.tap()
    assert opened.claims["purpose"] == "return"
    hq.does(opened, "closed", **THERE[evidence])
    assert (here.loan(loan).state, here.asset().state) == ("closed", "stowed")


def meet(here: World, *shifts: Shift, **more: Any) -> Any:
    """Put somebody there whom only their shifts let take anything."""
    hq = stage(here)
    rules(NIGHT, BY_SHIFT)
    here.meet(person(groups=(), shifts=shifts, **more), TOKEN)
    return hq


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        (SHIFT.starts - SECOND, "notice"),
        (SHIFT.starts, "open"),
        (SHIFT.ends - SECOND, "open"),
        (SHIFT.ends, "notice"),
    ],
)
def test_a_shift_gives_access_while_it_runs(here: World, at: datetime, kind: str) -> None:
    hq = meet(here, SHIFT)
    here.now = at
    answer = hq.tap()
    assert answer.kind == kind
    if kind == "notice":
        assert answer.code == "no_access"


def test_what_is_taken_in_a_shift_is_due_at_its_end(here: World) -> None:
    hq = meet(here, SHIFT)
    opened = hq.tap()
    loan = here.loan(opened.grant)
    assert (loan.state, loan.due_at, loan.due_why, loan.shift_end) == (
        "pending",
        SHIFT.ends,
        "loan_period",
        SHIFT.ends,
    )
    hq.does(opened, "closed", **GONE["tags"])
    assert (here.loan(opened.grant).state, here.loan(opened.grant).due_at) == ("open", SHIFT.ends)


def test_a_roster_that_is_changed_later_leaves_the_loan_as_it_was_made(here: World) -> None:
    hq = meet(here, SHIFT)
    opened = hq.tap()
    here.meet(person(groups=(), holdings=here.person().holdings, version=here.person().version))
    hq.does(opened, "closed", **GONE["tags"])
    assert here.loan(opened.grant).due_at == SHIFT.ends


def test_a_shift_that_ends_while_the_door_is_open_is_over(here: World) -> None:
    """It cannot be due before it was taken: what ends the day takes the place of the shift."""
    hq = meet(here, SHIFT)
    here.now = SHIFT.ends - SECOND
    opened = hq.tap()
    here.later(seconds=20)
    hq.does(opened, "closed", **GONE["tags"])
    loan = here.loan(opened.grant)
    assert loan.taken_at is not None
    assert loan.due_at > loan.taken_at >= SHIFT.ends


def test_a_period_that_is_no_shift_keeps_nothing_of_it(here: World) -> None:
    hq = meet(here, SHIFT)
    rules(Policy(id="shifts", match=Match(asset_type="drill"), period=FALLBACK.period, curfew=Curfew(after=HOUR)))
    assert here.loan(hq.tap().grant).shift_end is None


def test_a_shift_that_is_over_blocks_no_return(here: World) -> None:
    hq = meet(here, SHIFT)
    opened = hq.tap()
    hq.does(opened, "closed", **GONE["tags"])
    here.now = SHIFT.ends + 24 * HOUR
    back = hq.tap()
    assert back.claims["purpose"] == "return"
    hq.does(back, "closed", **THERE["tags"])
    assert here.loan(opened.grant).state == "closed"


def test_a_policy_for_a_group_holds_for_whoever_a_shift_makes_one_of_it(here: World) -> None:
    hq = stage(here)
    short = Policy(id="night", match=Match(group="night"), period=Period(after=HOUR))
    rules(DRILL, short)
    here.meet(person(shifts=(SHIFT,)), TOKEN)
    assert here.loan(hq.tap().grant).terms.policy == "night"
