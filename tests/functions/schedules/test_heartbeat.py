"""What a sweep leaves behind for whoever watches the alerting itself."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest

from chalicelib.schedules import heartbeat
from tests.support.workplace import ORG
from tests.support.world import World, world
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.outbox_age import Heartbeat
from toolcrib.domain.policies import To, Via
from toolcrib.domain.record import replace
from toolcrib.store.heartbeat import find_heartbeat
from toolcrib.store.mapping import notice_item
from toolcrib.store.tables import connection


@pytest.fixture
def here() -> Iterator[World]:
    with world(check=False) as it:
        yield it


def waits(here: World, name: str, minutes: float, *, wakes_in: float = 0, attempts: int = 0) -> None:
    connection()
    notice = Notice(
        id=name,
        loan="l-1",
        step="PT0S",
        to=To.HOLDER,
        recipient="p-1",
        via=Via.SLACK,
        due_at=here.now - timedelta(minutes=minutes),
        attempts=attempts,
        wake_at=here.now + timedelta(minutes=wakes_in) if wakes_in else None,
        state=NoticeState.PENDING,
    )
    notice_item(ORG, notice).save()


def test_it_finds_the_one_that_waits_longest_in_a_pause_after_a_try_too(here: World) -> None:
    waits(here, "n-1", 3)
    waits(here, "n-2", 50, wakes_in=9, attempts=1)
    heartbeat.handle(ORG, now=here.now)
    left = find_heartbeat(ORG)
    assert left is not None
    assert (left.at, left.oldest) == (here.now, here.now - timedelta(minutes=50))


def test_it_says_that_nobody_waits_where_nobody_does(here: World) -> None:
    waits(here, "n-1", 3)
    heartbeat.handle(ORG, now=here.now)
    here.later(minutes=1)
    notice_item(ORG, replace(here.notices()[0], state=NoticeState.SENT, wake_at=None)).save()
    assert heartbeat.handle(ORG, now=here.now).oldest is None
    assert find_heartbeat(ORG) == Heartbeat(at=here.now)


def test_of_very_many_that_wait_some_are_looked_at(here: World) -> None:
    for number in range(12):
        waits(here, f"n-{number}", number)
    with patch.object(heartbeat, "MOST", 5):
        assert heartbeat.handle(ORG, now=here.now).oldest is not None
