"""A cabinet of several devices as one driver: locks from one, sensors from another, tags and badges from others."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Final

from edge.drivers.base import AlarmRaised, BadgeRead, DoorMoved, DriverError, DriverEvent, HealthChanged, Observation
from edge.drivers.contacts import Contact
from edge.drivers.keeping import keep
from edge.drivers.parts import Inventories, Locks, Part, Relays, Terminal
from edge.drivers.wiring import DoorWiring, Wire, Wiring
from edge.uploads import AlarmKind

log = logging.getLogger(__name__)
MAX_EVENTS: Final = 10_000  # a controller this far behind does not answer any more; its watchdog ends it


class CabinetDriver:
    """Composes parts by a wiring. Run `run` beside the controller, and wait for `ready` before the controller boots."""

    def __init__(self, wiring: Wiring, parts: Mapping[str, Part]) -> None:
        self._wiring, self._parts = wiring, parts
        self._sockets = {name: _Socket(name, self) for name in parts}
        self._events: asyncio.Queue[DriverEvent] = asyncio.Queue(maxsize=MAX_EVENTS)
        self._told: dict[int, bool] = dict.fromkeys(wiring.doors, False)
        self._serving = False

    async def run(self) -> None:
        """Keep every device, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for name, part in self._parts.items():
                tasks.create_task(keep(part, self._sockets[name]), name=name)

    async def ready(self, within_s: float) -> tuple[str, ...]:
        """Wait until every device answered once, at most so long; return the names of those that did not."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                for socket in self._sockets.values():
                    await socket.came.wait()
        return tuple(name for name, socket in self._sockets.items() if not socket.is_up)

    @property
    def door_numbers(self) -> list[int]:
        """Return the doors' numbers in order."""
        return sorted(self._wiring.doors)

    def health(self) -> dict[str, str | None]:
        """Return for each device why it does not answer, None where it does."""
        return {name: None if socket.is_up else socket.why for name, socket in self._sockets.items()}

    def answering(self) -> frozenset[str]:
        """Return the devices that answer."""
        return frozenset(name for name, socket in self._sockets.items() if socket.is_up)

    async def events(self) -> AsyncIterator[DriverEvent]:
        """Yield what happens; what was read before the first call is what the controller booted with."""
        self._serving = True
        for number, door in self._wiring.doors.items():  # one may have moved since it was read
            if self._sockets[door.sensor.device].is_up:
                self._moved(number, door)
        while True:
            yield await self._events.get()

    async def unlock(self, door: int) -> None:
        """Pulse a lock (see `edge.drivers.base.Driver.unlock`). A device that is away is not waited for.

        A door whose sensor does not answer is not opened: nobody would know what it did (safety.md I8).
        """
        self._answering(self._door(door).sensor)
        wire = self._door(door).lock
        part = self._answering(wire)
        assert isinstance(part, Locks)  # `edge.settings.wiring`
        await part.unlock(wire.terminal)

    async def lock(self, door: int) -> None:
        """Do nothing: every lock is a pulse and a spring."""

    async def read(self, door: int) -> Observation:
        """Read a door's contacts as they settled last, and its tags now, behind a closed door only."""
        wired = self._door(door)
        self._answering(wired.sensor)
        closed = self._meaning(wired.sensor)
        if closed is None:
            raise DriverError(f"the sensor of door {door} was not read yet")
        is_open = not closed
        if not self._serving:  # the controller boots with this
            self._told[door] = is_open
        tags = None if is_open or wired.tags is None else await self._inventory(wired.tags)
        return Observation(is_open=is_open, present=self._present(wired), tags=tags)

    async def sound(self, door: int, *, on: bool) -> None:
        """Switch a door's buzzer, where it has one."""
        wire = self._door(door).buzzer
        if wire is None:
            return
        part = self._answering(wire)
        assert isinstance(part, Relays)  # `edge.settings.wiring`
        await part.switch(wire.terminal, on=wire.reads(closed=on))

    def emit(self, event: DriverEvent) -> None:
        """Take an event of a device."""
        self._events.put_nowait(event)

    def settled(self, device: str, changed: frozenset[Terminal]) -> None:
        """Take contacts whose level changed."""
        for number, door in self._wiring.doors.items():
            if door.sensor.device == device and door.sensor.terminal in changed:
                self._moved(number, door)
        for wire, alarms in ((self._wiring.tamper, _TAMPER), (self._wiring.power, _POWER)):
            if wire is not None and wire.device == device and wire.terminal in changed:
                self._alarm(wire, alarms)

    def health_changed(self) -> None:
        """Take a device's loss or return; before the controller serves, its boot tells of it anyway."""
        if self._serving:
            self.emit(HealthChanged())

    def _moved(self, number: int, door: DoorWiring) -> None:
        closed = self._meaning(door.sensor)
        if closed is None or not self._serving or closed != self._told[number]:
            return
        self._told[number] = not closed
        self.emit(DoorMoved(door=number, is_open=not closed))

    def _alarm(self, wire: Wire, alarms: Mapping[bool, AlarmKind]) -> None:
        well = bool(self._meaning(wire))
        socket = self._sockets[wire.device]
        if well in alarms and socket.was_well.get(wire.terminal, True) != well:
            self.emit(AlarmRaised(kind=alarms[well]))
        socket.was_well[wire.terminal] = well

    def _door(self, number: int) -> DoorWiring:
        return self._wiring.doors[number]

    def _answering(self, wire: Wire) -> Part:
        if not self._sockets[wire.device].is_up:
            raise DriverError(f"{wire.device} does not answer")
        return self._parts[wire.device]

    def _meaning(self, wire: Wire) -> bool | None:
        closed = self._sockets[wire.device].contacts.setdefault(wire.terminal, Contact()).closed
        return None if closed is None else wire.reads(closed=closed)

    def _present(self, wired: DoorWiring) -> bool | None:
        return None if wired.presence is None else self._meaning(wired.presence)

    async def _inventory(self, wire: Wire) -> tuple[str, ...] | None:
        try:
            part = self._answering(wire)
            assert isinstance(part, Inventories)  # `edge.settings.wiring`
            return await part.inventory()
        except DriverError as error:  # no evidence is better than a guess: the report says presence or door only
            log.warning("tags unknown: %s", error)
            return None


_TAMPER: Final = {False: AlarmKind.TAMPER}
_POWER: Final = {False: AlarmKind.POWER_LOST, True: AlarmKind.POWER_BACK}


class _Socket:
    """Where one part is plugged in: whether it answers, and its contacts (see `edge.drivers.keeping.Watcher`)."""

    def __init__(self, name: str, cabinet: CabinetDriver) -> None:
        self.is_up = False
        self.why = "did not answer yet"
        self.came = asyncio.Event()
        self.contacts: dict[Terminal, Contact] = {}
        self.was_well: dict[Terminal, bool] = {}
        self._name, self._cabinet = name, cabinet

    def up(self) -> None:
        """The device answers."""
        if self.is_up:
            return
        log.info("%s answers", self._name)
        self.is_up = True
        self.came.set()
        self._cabinet.health_changed()

    def down(self, why: DriverError) -> None:
        """The device is lost, or still does not come."""
        log.log(logging.WARNING if self.is_up else logging.INFO, "%s: %s", self._name, why)
        self.why = str(why)
        for contact in self.contacts.values():
            contact.forget()
        if self.is_up:
            self.is_up = False
            self._cabinet.health_changed()

    def levels(self, levels: Mapping[Terminal, bool]) -> None:
        """Take a reading of its contacts."""
        contacts = self.contacts
        changed = [at for at, closed in levels.items() if contacts.setdefault(at, Contact()).read(closed)]
        if changed:
            self._cabinet.settled(self._name, frozenset(changed))

    def badge(self, uid: str) -> None:
        """Take a card."""
        self._cabinet.emit(BadgeRead(uid=uid))
