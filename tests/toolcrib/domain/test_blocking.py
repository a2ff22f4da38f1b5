"""What stops a person from taking, and when it lifts by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import NOW, SECOND
from tests.support.loans import holding
from toolcrib.domain.blocking import MOST_REMEMBERED, Block, BlockKind, Lifts, remembered, standing, suspended_until
from toolcrib.domain.people import ManualBlock, Person
from toolcrib.domain.policies import LateReturns

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)
THREE_IN_TEN = LateReturns(count=3, within=10 * DAY, suspension=7 * DAY)


def found(at: datetime = NOW, rule: LateReturns | None = None, **person: Any) -> tuple[Block, ...]:
    return standing(Person(id="ana", name="Ana", **person), at, {} if rule is None else {"tools": rule})


def test_nobody_is_blocked_without_a_reason() -> None:
    assert found(rule=THREE_IN_TEN, holdings={"l": holding()}) == ()


@pytest.mark.parametrize(("at", "blocked"), [(NOW - SECOND, False), (NOW, False), (NOW + SECOND, True)])
def test_overdue_blocks_past_the_moment_that_the_loans_terms_give(at: datetime, *, blocked: bool) -> None:
    held = holding(blocks_from=NOW)
    block = Block(id="overdue.l", kind=BlockKind.OVERDUE, since=NOW, lifts_when=Lifts.RETURNED, loan="l", holding=held)
    assert found(at, holdings={"l": held}) == ((block,) if blocked else ())


def test_what_is_declared_lost_blocks_until_it_is_settled() -> None:
    held = holding(lost_since=NOW)
    block = Block(id="lost.l", kind=BlockKind.LOST, since=NOW, lifts_when=Lifts.SETTLED, loan="l", holding=held)
    assert found(holdings={"l": held}) == (block,)
    assert found(holdings={}) == ()


MANUAL = [
    ("for good", None, True, Lifts.BY_HAND),
    ("ends in a second", NOW + SECOND, True, Lifts.AT),
    ("ends now", NOW, False, None),
    ("ended a second ago", NOW - SECOND, False, None),
]


@pytest.mark.parametrize(("until", "blocked", "lifts"), [case[1:] for case in MANUAL], ids=[case[0] for case in MANUAL])
def test_a_manual_block_stands_up_to_its_end_or_until_it_is_lifted(
    until: datetime | None, lifts: Lifts | None, *, blocked: bool
) -> None:
    blocks = found(blocks={"b": ManualBlock(since=NOW - DAY, by="boss", reason="lent it on", until=until)})
    assert [(each.id, each.lifts_when, each.until, each.by, each.reason) for each in blocks] == (
        [("b", lifts, until, "boss", "lent it on")] if blocked else []
    )


LATE = [
    ("too few", [0, 1], None),
    ("enough at once", [0, 0, 0], 0),
    ("enough", [9, 5, 0], 0),
    ("just within", [10 - 1 / 86400, 5, 0], 0),
    ("just not within", [10, 5, 0], None),
    ("one more begins it anew", [9, 8, 7, 3], 3),
    ("the last that counts, not the last", [30, 29, 28, 3], 28),
    ("told out of order", [0, 9, 5], 0),
]


@pytest.mark.parametrize(("days_ago", "begun"), [case[1:] for case in LATE], ids=[case[0] for case in LATE])
def test_so_many_late_returns_in_so_many_days_suspend(days_ago: list[float], begun: float | None) -> None:
    late = tuple(NOW - each * DAY for each in days_ago)
    expected = None if begun is None else (NOW - begun * DAY, NOW - begun * DAY + 7 * DAY)
    assert suspended_until(late, THREE_IN_TEN) == expected


@pytest.mark.parametrize(
    ("at", "blocked"), [(6 * DAY, True), (7 * DAY - SECOND, True), (7 * DAY, False), (-SECOND, False)]
)
def test_a_suspension_lifts_by_itself(at: timedelta, *, blocked: bool) -> None:
    blocks = found(NOW + at, THREE_IN_TEN, late_returns=(NOW - DAY, NOW - DAY, NOW))
    block = Block(
        id="repeatedly_late.tools",
        kind=BlockKind.REPEATEDLY_LATE,
        since=NOW,
        lifts_when=Lifts.AT,
        until=NOW + 7 * DAY,
        policy="tools",
    )
    assert blocks == ((block,) if blocked else ())


TIMES = st.lists(st.integers(0, 40).map(lambda days: NOW - days * DAY), max_size=30).map(tuple)
RULES = st.builds(
    LateReturns,
    count=st.integers(1, MOST_REMEMBERED),
    within=st.integers(1, 20).map(lambda days: days * DAY),
    suspension=st.integers(1, 20).map(lambda days: days * DAY),
)


@STEADY
@given(late=TIMES, rule=RULES)
def test_remembering_only_the_latest_changes_no_suspension(late: tuple[datetime, ...], rule: LateReturns) -> None:
    assert suspended_until(remembered(late) or late, rule) == suspended_until(late, rule)


@STEADY
@given(late=TIMES, rule=RULES)
def test_a_suspension_is_what_counting_by_hand_finds(late: tuple[datetime, ...], rule: LateReturns) -> None:
    begun = [end for end in late if sum(1 for each in late if end - rule.within < each <= end) >= rule.count]
    expected = (max(begun), max(begun) + rule.suspension) if begun else None
    assert suspended_until(late, rule) == expected


def test_only_so_many_late_returns_are_remembered() -> None:
    late = tuple(NOW + each * SECOND for each in range(MOST_REMEMBERED + 1))
    assert remembered(late[1:]) is None
    assert remembered(late[::-1]) == late[1:]
