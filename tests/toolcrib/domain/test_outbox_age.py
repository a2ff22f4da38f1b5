"""How the alerting itself is doing, judged by what the last sweep left behind."""

from datetime import timedelta

import pytest

from tests.support.workplace import NOW
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.outbox_age import Heartbeat, age, beat, is_well
from toolcrib.domain.policies import To, Via


def notice(minutes: float, state: NoticeState = NoticeState.PENDING) -> Notice:
    due_at = NOW - timedelta(minutes=minutes)
    return Notice(
        id=f"n-{minutes}", step="PT0S", to=To.HOLDER, recipient="p-1", via=Via.SLACK, due_at=due_at, state=state
    )


def test_the_oldest_that_waits_is_what_counts() -> None:
    left = beat([notice(3), notice(40), notice(5, NoticeState.SENDING)], NOW)
    assert left == Heartbeat(at=NOW, oldest=NOW - timedelta(minutes=40))
    assert age(left, NOW + timedelta(minutes=1)) == timedelta(minutes=41)


@pytest.mark.parametrize(
    "state", [NoticeState.SENT, NoticeState.SUPERSEDED, NoticeState.CANCELLED, NoticeState.GIVEN_UP]
)
def test_nobody_waits_for_what_is_over(state: NoticeState) -> None:
    assert beat([notice(40, state)], NOW).oldest is None


def test_nobody_waits_for_what_is_not_due_yet() -> None:
    assert beat([notice(-1)], NOW).oldest is None


@pytest.mark.parametrize(
    ("swept", "waits", "well"),
    [(0, None, True), (2, None, True), (2.1, None, False), (0, 15, True), (0, 15.1, False)],
)
def test_it_is_well_while_sweeps_finish_and_nobody_waits_for_long(
    swept: float, waits: float | None, well: bool
) -> None:
    oldest = None if waits is None else NOW - timedelta(minutes=waits)
    assert is_well(Heartbeat(at=NOW - timedelta(minutes=swept), oldest=oldest), NOW) is well


def test_before_the_first_sweep_it_is_not_well_and_nobody_waits() -> None:
    assert not is_well(None, NOW)
    assert age(None, NOW) == timedelta()
