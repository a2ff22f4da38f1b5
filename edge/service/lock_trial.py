"""Open a door by hand to test its lock, and never silently: a forced opening, journalled before the pulse (I6)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Final

import msgspec
from ulid import ULID

from edge import uploads
from edge.clock import Now
from edge.config import Evidence
from edge.drivers.base import DoorMoved, Driver, DriverEvent
from edge.journal import Draft
from edge.uploads import DoorReport, Outcome

OPEN_S: Final = 15.0
CLOSE_S: Final = 60.0


class Trial(StrEnum):
    """How a trial ended."""

    WORKS = "works"
    NEVER_OPENED = "never_opened"
    STILL_OPEN = "still_open"
    WAS_OPEN = "was_open"


async def try_lock(driver: Driver, door: int, record: Callable[[], object]) -> Trial:
    """Record, pulse, and watch the door open and close. Raises DriverError; recorded is recorded all the same."""
    if (await driver.read(door)).is_open:
        return Trial.WAS_OPEN
    events = driver.events()
    record()
    await driver.unlock(door)
    if not await _moves(events, door, is_open=True, within_s=OPEN_S):
        return Trial.NEVER_OPENED
    closed = await _moves(events, door, is_open=False, within_s=CLOSE_S)
    return Trial.WORKS if closed else Trial.STILL_OPEN


def forced_report(door: int, now: Now) -> Draft:
    """Return what the cloud is told: an opening without a grant. It goes out when the bank runs again."""
    body = DoorReport(door=door, grant=None, outcome=Outcome.FORCED, evidence=Evidence.DOOR_ONLY)
    return Draft(
        id=str(ULID()),
        kind=uploads.kind_of(body),
        at=uploads.rfc3339(now.wall),
        mono_ms=now.mono_ms,
        cloud_ms=None,
        body=msgspec.json.encode(body),
    )


async def _moves(events: AsyncIterator[DriverEvent], door: int, *, is_open: bool, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            async for event in events:
                if event == DoorMoved(door=door, is_open=is_open):
                    return True
    except TimeoutError:
        return False
    return False
