"""How a cabinet is wired: which terminal of which device does what at which door."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.drivers.parts import Terminal
from edge.settings.schema import BankFile, Point


@dataclass(frozen=True, kw_only=True)
class Wire:
    """A terminal of a named device. A closed contact means closed, full or all well, unless `inverted`."""

    device: str
    terminal: Terminal
    inverted: bool = False

    def reads(self, *, closed: bool) -> bool:
        """Return what a contact's level means here."""
        return closed != self.inverted


@dataclass(frozen=True, kw_only=True)
class DoorWiring:
    """One door; None where it has no such thing."""

    lock: Wire
    sensor: Wire
    presence: Wire | None = None
    tags: Wire | None = None
    buzzer: Wire | None = None


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """The whole cabinet."""

    doors: Mapping[int, DoorWiring]
    tamper: Wire | None = None
    power: Wire | None = None

    def inputs(self, device: str) -> frozenset[Terminal]:
        """Return the terminals of a device that are read."""
        wires = [
            self.tamper,
            self.power,
            *(each for door in self.doors.values() for each in (door.sensor, door.presence)),
        ]
        return frozenset(wire.terminal for wire in wires if wire is not None and wire.device == device)

    def outputs(self, device: str) -> frozenset[Terminal]:
        """Return the terminals of a device that are switched."""
        wires = (each for door in self.doors.values() for each in (door.lock, door.buzzer))
        return frozenset(wire.terminal for wire in wires if wire is not None and wire.device == device)


def wiring_of(file: BankFile) -> Wiring:
    """Return the wiring that a settings file describes."""
    return Wiring(
        doors={
            int(number): DoorWiring(
                lock=_wired(door.lock),
                sensor=_wired(door.sensor),
                presence=_wire(door.presence),
                tags=_wire(door.tags),
                buzzer=_wire(door.buzzer),
            )
            for number, door in file.doors.items()
        },
        tamper=_wire(file.cabinet.tamper),
        power=_wire(file.cabinet.power),
    )


def _wire(point: Point | None) -> Wire | None:
    return None if point is None else _wired(point)


def _wired(point: Point) -> Wire:
    terminal = Terminal(board=point.board, channel=point.channel)
    return Wire(device=point.device, terminal=terminal, inverted=point.inverted)
