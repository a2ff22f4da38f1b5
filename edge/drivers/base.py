"""The driver interface: what a lock board, its sensors and a badge reader look like to the controller.

A driver translates one vendor's hardware and nothing else: it debounces, it knows its reader's profile and yields
canonical UIDs (`edge.badges`), it turns vendor errors into the two errors below, and it decides nothing. One driver
serves one bank; its methods may be called concurrently for different doors, and it orders its own bus.

A cabinet made of several devices is `edge.drivers.cabinet.CabinetDriver`; each of its devices is a `Part`
(`edge.drivers.parts`).
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol

from edge.uploads import AlarmKind


class DriverError(RuntimeError):
    """The hardware did not answer; the controller reports what it still knows and marks the door faulty."""


class DoorJammedError(DriverError):
    """The bolt did not move although it was told to."""


@dataclass(frozen=True, kw_only=True)
class BadgeRead:
    """A badge was shown; `uid` is canonical and stays out of every log."""

    uid: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DoorMoved:
    """A debounced edge of a door's sensor."""

    door: int
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class AlarmRaised:
    """The cabinet's own alarm, latched by the hardware until it was yielded once."""

    kind: AlarmKind


@dataclass(frozen=True, kw_only=True)
class HealthChanged:
    """Some hardware stopped answering, or answers again: what `read` says has changed although nothing moved."""


DriverEvent = BadgeRead | DoorMoved | AlarmRaised | HealthChanged


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What a door's sensors say now; None where there is no such sensor or it did not answer.

    `tags` are EPCs in upper-case hex. `fault` means that even the door switch is not to be trusted.
    """

    is_open: bool
    present: bool | None = None
    tags: tuple[str, ...] | None = None
    fault: bool = False


class Driver(Protocol):
    """One cabinet. Every method may raise DriverError."""

    def events(self) -> AsyncIterator[DriverEvent]:
        """Yield badge reads, door edges and alarms as they happen, for as long as the controller runs."""
        ...

    async def unlock(self, door: int) -> None:
        """Release the lock of one door: one pulse, or held until `lock`. Raises DoorJammedError.

        Pulses at once or never: nothing waits for a device that is away, and nothing is tried twice (safety.md I7).
        """
        ...

    async def lock(self, door: int) -> None:
        """End the release; where the lock is a pulse and a spring, do nothing."""
        ...

    async def read(self, door: int) -> Observation:
        """Read the sensors of one door, within 5 s."""
        ...

    async def sound(self, door: int, *, on: bool) -> None:
        """Switch the buzzer for a door that stands open; without a buzzer, do nothing."""
        ...
