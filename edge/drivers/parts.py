"""One device of a cabinet: what the cabinet asks of it, and whom it tells. To add a kind of hardware, write a `Part`.

A part serves for as long as its device answers, and ends with a DriverError when it does not; the cabinet begins it
again with growing pauses (`edge.drivers.keeping`) and holds its doors to be faulty meanwhile.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable


class Terminal(NamedTuple):
    """Where something is wired on a device: the board's address on its line, and the terminal from 1."""

    board: int
    channel: int


class Hub(Protocol):
    """Whom a part tells."""

    def up(self) -> None:
        """The device answers; its levels are known."""
        ...

    def levels(self, levels: Mapping[Terminal, bool]) -> None:
        """What its contacts are: True where one is closed. Every reading; the cabinet debounces."""
        ...

    def badge(self, uid: str) -> None:
        """A card: its canonical UID, or nothing where it could not be read."""
        ...


class Part(Protocol):
    """A device."""

    async def serve(self, hub: Hub) -> None:
        """Open the device, call `hub.up` once it answers, tell `hub` what it senses, until it is lost.

        Raises DriverError when it cannot be opened or is lost, and closes it either way.
        """
        ...


@runtime_checkable
class Locks(Protocol):
    """A device that moves bolts."""

    async def unlock(self, terminal: Terminal) -> None:
        """Give one pulse, at once and at most once, and return when it is over.

        Raises DriverError when it is unknown whether the pulse was given, DoorJammedError when the bolt did not move.
        """
        ...


@runtime_checkable
class Relays(Protocol):
    """A device that switches things on and off."""

    async def switch(self, terminal: Terminal, *, on: bool) -> None:
        """Switch a relay. Raises DriverError."""
        ...


@runtime_checkable
class Inventories(Protocol):
    """A device that reads tags."""

    async def inventory(self) -> tuple[str, ...]:
        """Return the EPCs in its field, upper-case hex, sorted; within 3 s. Raises DriverError when that is unknown."""
        ...
