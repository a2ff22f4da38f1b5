"""A driver for a cabinet without steel: sensors and bolts are those of `edge.simulation.world.Cabinet`."""

import asyncio
from collections.abc import AsyncIterator, Callable

from edge.drivers.base import AlarmRaised, BadgeRead, DoorJammedError, DoorMoved, DriverEvent, Observation
from edge.simulation.misbehaviour import Misbehaviour, Mischief, PowerCutError
from edge.simulation.world import Cabinet
from edge.uploads import AlarmKind


class SimulatedDriver:
    """Serves one boot of one bank. `unlocked` is called at each pulse: somebody may now pull the door."""

    def __init__(self, cabinet: Cabinet, mischief: Mischief, unlocked: Callable[[int], None]) -> None:
        self._cabinet, self._mischief, self._unlocked = cabinet, mischief, unlocked
        self._events: asyncio.Queue[DriverEvent | PowerCutError] = asyncio.Queue()
        cabinet.sensor = self._moved

    def show_badge(self, uid: str) -> None:
        """Hold a badge to the reader."""
        self._events.put_nowait(BadgeRead(uid=uid))

    def raise_alarm(self, kind: AlarmKind) -> None:
        """Shake the cabinet."""
        self._events.put_nowait(AlarmRaised(kind=kind))

    def cut_power(self) -> None:
        """End this boot here and now."""
        self._cabinet.sensor = None
        self._events.put_nowait(PowerCutError("pulled plug"))

    async def events(self) -> AsyncIterator[DriverEvent]:
        """Yield what happens (see `edge.drivers.base.Driver.events`); raises PowerCutError when the power is cut."""
        while True:
            event = await self._events.get()
            if isinstance(event, PowerCutError):
                raise event
            yield event

    async def unlock(self, door: int) -> None:
        """Pulse a bolt, unless it sticks."""
        if self._mischief.spend(Misbehaviour.JAM):
            raise DoorJammedError(f"bolt {door} did not move")
        self._cabinet.released.add(door)
        self._unlocked(door)
        if self._mischief.spend(Misbehaviour.POWER_CUT_AFTER_PULSE):
            self.cut_power()

    async def lock(self, door: int) -> None:
        """Let the spring push the bolt back, unless the door was pulled open."""
        self._cabinet.released.discard(door)

    async def read(self, door: int) -> Observation:
        """Read the sensors of a door."""
        return self._cabinet.observe(door)

    async def sound(self, door: int, *, on: bool) -> None:
        """Do nothing: there is no buzzer."""

    def _moved(self, door: int, is_open: bool) -> None:  # noqa: FBT001 - the cabinet's sensor line
        self._events.put_nowait(DoorMoved(door=door, is_open=is_open))
