"""A cabinet of several devices: what a door is, comes from several of them, and any of them may be away."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise

import pytest

from edge.drivers import keeping
from edge.drivers.base import (
    AlarmRaised,
    BadgeRead,
    DoorMoved,
    DriverError,
    DriverEvent,
    HealthChanged,
    Observation,
)
from edge.drivers.cabinet import CabinetDriver
from edge.drivers.parts import Hub, Terminal
from edge.drivers.wiring import DoorWiring, Wire, Wiring
from edge.uploads import AlarmKind
from tests.edge.network import stop, until

LOCK, SENSOR, PRESENCE, BUZZER, TAMPER, POWER = (Terminal(1, channel) for channel in range(1, 7))
TWO = Terminal(2, 2)


class FakePart:
    """A device that tests switch on and off; its lives are counted."""

    def __init__(self, levels: Mapping[Terminal, bool] | None = None) -> None:
        self.levels = dict(levels or {})
        self.there, self.lives = True, 0
        self.asked: list[tuple[str, Terminal]] = []
        self.tags: tuple[str, ...] | DriverError = ("E1",)
        self.hub: Hub | None = None
        self._changed = asyncio.Event()

    async def serve(self, hub: Hub) -> None:
        self.lives += 1
        if not self.there:
            raise DriverError("cannot be opened")
        self.hub = hub
        while self.there:
            self._changed.clear()
            for _ in range(2):
                hub.levels(self.levels)
            hub.up()
            await self._changed.wait()
        raise DriverError("pulled out")

    def set(self, **changes: bool) -> None:
        names = {"sensor": SENSOR, "presence": PRESENCE, "tamper": TAMPER, "power": POWER, "two": TWO}
        self.levels.update({names[name]: closed for name, closed in changes.items()})
        self._changed.set()

    def pull(self) -> None:
        self.there = False
        self._changed.set()

    async def unlock(self, terminal: Terminal) -> None:
        self.asked.append(("unlock", terminal))

    async def switch(self, terminal: Terminal, *, on: bool) -> None:
        self.asked.append(("on" if on else "off", terminal))

    async def inventory(self) -> tuple[str, ...]:
        if isinstance(self.tags, DriverError):
            raise self.tags
        return self.tags


class Rig:
    """Two doors: the first has everything, the second only what it must have, with an inverted sensor."""

    def __init__(self) -> None:
        self.locks = FakePart()
        self.io = FakePart({SENSOR: True, PRESENCE: True, TAMPER: True, POWER: True, TWO: False})
        self.tags, self.reader = FakePart(), FakePart()
        wire = {name: Wire(device="io", terminal=at) for name, at in (("sensor", SENSOR), ("presence", PRESENCE))}
        self.wiring = Wiring(
            doors={
                1: DoorWiring(
                    lock=Wire(device="locks", terminal=LOCK),
                    buzzer=Wire(device="io", terminal=BUZZER),
                    tags=Wire(device="tags", terminal=LOCK),
                    **wire,
                ),
                2: DoorWiring(
                    lock=Wire(device="locks", terminal=TWO), sensor=Wire(device="io", terminal=TWO, inverted=True)
                ),
            },
            tamper=Wire(device="io", terminal=TAMPER),
            power=Wire(device="io", terminal=POWER),
        )
        parts = {"locks": self.locks, "io": self.io, "tags": self.tags, "reader": self.reader}
        self.cabinet = CabinetDriver(self.wiring, parts)
        self.events: list[DriverEvent] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Rig"]:
        task = asyncio.create_task(self.cabinet.run())
        try:
            await self.cabinet.ready(10)
            yield self
        finally:
            await stop(task)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Rig"]:
        async def follow() -> None:
            async for event in self.cabinet.events():
                self.events.append(event)

        async with self.running():
            for door in self.cabinet.door_numbers:
                await self.cabinet.read(door)
            task = asyncio.create_task(follow())
            await asyncio.sleep(0)
            try:
                yield self
            finally:
                await stop(task)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(keeping, "MAX_PAUSE_S", 0.01)


async def test_a_door_is_put_together_from_several_devices() -> None:
    async with Rig().running() as rig:
        assert await rig.cabinet.read(1) == Observation(is_open=False, present=True, tags=("E1",))
        assert await rig.cabinet.read(2) == Observation(is_open=False)
        await rig.cabinet.unlock(1)
        await rig.cabinet.sound(1, on=True)
        await rig.cabinet.sound(2, on=True)
        await rig.cabinet.lock(1)
    assert rig.locks.asked == [("unlock", LOCK)]
    assert rig.io.asked == [("on", BUZZER)]


async def test_every_device_serves_the_doors_it_is_wired_to_and_no_other() -> None:
    wiring = Rig().wiring
    assert wiring.inputs("io") == {SENSOR, PRESENCE, TAMPER, POWER, TWO}
    assert wiring.outputs("io") == {BUZZER}
    assert wiring.outputs("locks") == {LOCK, TWO}
    assert wiring.inputs("reader") == wiring.outputs("tags") == frozenset()


async def test_edges_of_a_door_are_told_once_each() -> None:
    async with Rig().serving() as rig:
        for closed in (False, True, False):
            rig.io.set(sensor=closed)
            moved = [DoorMoved(door=1, is_open=not closed)]
            await until(partial(lambda moved: rig.events[-1:] == moved, moved))
        rig.io.set(two=True)
        await until(lambda: DoorMoved(door=2, is_open=True) in rig.events)
    assert all(first != second for first, second in pairwise(rig.events))


async def test_tags_behind_an_open_door_are_not_read() -> None:
    async with Rig().serving() as rig:
        rig.io.set(sensor=False)
        await until(lambda: rig.events)
        assert await rig.cabinet.read(1) == Observation(is_open=True, present=True)


async def test_a_badge_is_handed_on() -> None:
    async with Rig().serving() as rig:
        assert rig.reader.hub is not None
        rig.reader.hub.badge("04A2246B")
        await until(lambda: rig.events == [BadgeRead(uid="04A2246B")])


async def test_a_door_whose_sensor_is_away_cannot_be_read_and_this_is_told_at_once() -> None:
    async with Rig().serving() as rig:
        rig.io.pull()
        await until(lambda: rig.events == [HealthChanged()])
        with pytest.raises(DriverError, match="io does not answer"):
            await rig.cabinet.read(1)
        assert rig.cabinet.health()["io"] is not None


async def test_a_lock_that_is_away_is_not_waited_for() -> None:
    async with Rig().serving() as rig:
        rig.locks.pull()
        await until(lambda: HealthChanged() in rig.events)
        with pytest.raises(DriverError, match="locks does not answer"):
            await rig.cabinet.unlock(1)
        rig.locks.there = True
        await until(lambda: rig.events == [HealthChanged(), HealthChanged()])
    assert rig.locks.asked == []


async def test_a_door_whose_sensor_is_away_is_not_opened() -> None:
    async with Rig().serving() as rig:
        rig.io.pull()
        await until(lambda: HealthChanged() in rig.events)
        with pytest.raises(DriverError, match="io does not answer"):
            await rig.cabinet.unlock(1)
    assert rig.locks.asked == []


@pytest.mark.parametrize("away", [True, False])
async def test_tags_that_cannot_be_read_are_unknown_and_not_none(away: bool) -> None:
    async with Rig().serving() as rig:
        if away:
            rig.tags.pull()
            await until(lambda: HealthChanged() in rig.events)
        rig.tags.tags = DriverError("garbled")
        assert (await rig.cabinet.read(1)).tags is None


async def test_a_device_is_begun_again_until_it_is_back_and_what_moved_meanwhile_is_told() -> None:
    async with Rig().serving() as rig:
        rig.io.pull()
        await until(lambda: rig.io.lives > 3)
        rig.io.levels[SENSOR] = False
        rig.io.there = True
        await until(lambda: DoorMoved(door=1, is_open=True) in rig.events)
        assert rig.events.count(HealthChanged()) == 2


async def test_a_door_that_opened_while_nobody_followed_is_told_when_somebody_does() -> None:
    rig = Rig()
    async with rig.running():
        await rig.cabinet.read(1)
        rig.io.set(sensor=False)
        await asyncio.sleep(0)
        event = await anext(rig.cabinet.events())
    assert event == DoorMoved(door=1, is_open=True)


async def test_a_door_that_stood_open_at_boot_is_not_told_as_moved() -> None:
    rig = Rig()
    rig.io.levels[SENSOR] = False
    async with rig.serving():
        assert rig.events == []
        rig.io.set(sensor=True)
        await until(lambda: rig.events == [DoorMoved(door=1, is_open=False)])


async def test_a_bank_boots_without_a_device_that_does_not_answer() -> None:
    rig = Rig()
    rig.tags.there = False
    task = asyncio.create_task(rig.cabinet.run())
    assert await rig.cabinet.ready(0.5) == ("tags",)
    assert (await rig.cabinet.read(1)).tags is None
    await stop(task)


async def test_the_cabinets_own_alarms_are_told_once_an_edge() -> None:
    async with Rig().serving() as rig:
        rig.io.set(tamper=False, power=False)
        await until(lambda: len(rig.events) == 2)
        rig.io.set(tamper=True, power=True)
        await until(lambda: len(rig.events) == 3)
    kinds = [event.kind for event in rig.events if isinstance(event, AlarmRaised)]
    assert kinds == [AlarmKind.TAMPER, AlarmKind.POWER_LOST, AlarmKind.POWER_BACK]


async def test_a_tamper_switch_that_is_open_at_boot_is_an_alarm() -> None:
    rig = Rig()
    rig.io.levels[TAMPER] = False
    async with rig.serving():
        await until(lambda: rig.events == [AlarmRaised(kind=AlarmKind.TAMPER)])


async def test_what_is_no_driver_error_ends_the_cabinet() -> None:
    class Broken(FakePart):
        async def serve(self, _: Hub) -> None:
            raise ValueError("a fault of ours")

    with pytest.raises(ExceptionGroup):
        await CabinetDriver(Wiring(doors={}), {"broken": Broken()}).run()
