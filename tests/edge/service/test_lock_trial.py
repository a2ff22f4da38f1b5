"""A lock is tested by opening a door without anybody's right, which is what the cloud hears of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from edge.clock import system_clock
from edge.drivers.base import DoorMoved, DriverError, DriverEvent, Observation
from edge.journal import Journal
from edge.service import lock_trial
from edge.service.lock_trial import Trial, forced_report, try_lock


class Door:
    """One door as a driver: it opens and closes as the test says."""

    def __init__(self, *, moves: tuple[bool, ...] = (True, False), is_open: bool = False, away: bool = False) -> None:
        self.order: list[str] = []
        self._moves, self._is_open, self._away = moves, is_open, away

    async def read(self, _: int) -> Observation:
        return Observation(is_open=self._is_open)

    async def unlock(self, _: int) -> None:
        self.order.append("pulse")
        if self._away:
            raise DriverError("away")

    async def events(self) -> AsyncIterator[DriverEvent]:
        yield DoorMoved(door=9, is_open=True)
        for is_open in self._moves:
            yield DoorMoved(door=2, is_open=is_open)
        await asyncio.Event().wait()


def recording(door: Door) -> Callable[[], object]:
    return lambda: door.order.append("recorded")


@pytest.mark.parametrize(
    ("door", "trial", "order"),
    [
        (Door(), Trial.WORKS, ["recorded", "pulse"]),
        (Door(moves=()), Trial.NEVER_OPENED, ["recorded", "pulse"]),
        (Door(moves=(True,)), Trial.STILL_OPEN, ["recorded", "pulse"]),
        (Door(is_open=True), Trial.WAS_OPEN, []),
    ],
)
async def test_a_pulse_comes_after_its_record_or_not_at_all(
    door: Door, trial: Trial, order: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_trial, "OPEN_S", 0.05)
    monkeypatch.setattr(lock_trial, "CLOSE_S", 0.05)
    assert await try_lock(door, 2, recording(door)) is trial  # type: ignore[arg-type]
    assert door.order == order


async def test_a_pulse_that_is_not_known_to_have_come_is_recorded_all_the_same() -> None:
    door = Door(away=True)
    with pytest.raises(DriverError):
        await try_lock(door, 2, recording(door))  # type: ignore[arg-type]
    assert door.order == ["recorded", "pulse"]


async def test_a_record_that_fails_moves_no_lock() -> None:
    def fails() -> None:
        raise OSError("disk full")

    door = Door()
    with pytest.raises(OSError, match="disk full"):
        await try_lock(door, 2, fails)  # type: ignore[arg-type]
    assert door.order == []


def test_the_cloud_hears_of_a_forced_opening(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    (report,) = journal.append([forced_report(2, system_clock())], door=(2, True))
    body = json.loads(report.body)
    assert (report.kind, body["door"], body["outcome"], body["grant"]) == ("door", 2, "forced", None)
    assert journal.open_doors() == {2}
    journal.close()
