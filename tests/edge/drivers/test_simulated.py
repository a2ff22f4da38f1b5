import asyncio
from pathlib import Path

import pytest

from edge.drivers.base import AlarmRaised, BadgeRead, DoorJammedError, DoorMoved, Driver, DriverEvent
from edge.drivers.simulated import SimulatedDriver
from edge.simulation.misbehaviour import Misbehaviour, Mischief, PowerCutError
from edge.simulation.world import Cabinet, World
from edge.uploads import AlarmKind
from tests.edge.rig import CONFIG, UID


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    return World(tmp_path / "world.json").cabinet(CONFIG)


def make(cabinet: Cabinet, mischief: Mischief | None = None) -> tuple[SimulatedDriver, list[int]]:
    unlocked: list[int] = []
    return SimulatedDriver(cabinet, mischief or Mischief(), unlocked.append), unlocked


async def heard(driver: Driver, count: int) -> list[DriverEvent]:
    events = driver.events()
    return [await anext(events) for _ in range(count)]


async def test_badges_doors_and_alarms_are_events_in_their_order(cabinet: Cabinet) -> None:
    driver, _ = make(cabinet)
    driver.show_badge(UID)
    cabinet.swing(3, is_open=True)
    driver.raise_alarm(AlarmKind.TAMPER)
    assert await heard(driver, 3) == [
        BadgeRead(uid=UID),
        DoorMoved(door=3, is_open=True),
        AlarmRaised(kind=AlarmKind.TAMPER),
    ]
    assert UID not in repr(BadgeRead(uid=UID))


async def test_a_pulse_lets_somebody_pull_and_a_stuck_bolt_does_not(cabinet: Cabinet) -> None:
    mischief = Mischief()
    driver, unlocked = make(cabinet, mischief)
    with mischief.during(Misbehaviour.JAM):
        with pytest.raises(DoorJammedError):
            await driver.unlock(3)
        await driver.unlock(4)
    await asyncio.gather(driver.lock(4), driver.sound(4, on=True))
    assert unlocked == [4]


async def test_after_a_power_cut_no_edge_is_noticed(cabinet: Cabinet) -> None:
    driver, _ = make(cabinet)
    driver.cut_power()
    cabinet.swing(3, is_open=True)
    with pytest.raises(PowerCutError):
        await heard(driver, 1)
    assert (await driver.read(3)).is_open
