"""What the screen shows of the bank itself: its doors, whether it is offline, whether it works at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.bank import Bank
from edge.config import Windows
from edge.doors import Phase


@dataclass(frozen=True, kw_only=True)
class DoorFact:
    """One door: where it is in its cycle, until when (monotonic milliseconds), and whether it is known to be broken."""

    phase: Phase = Phase.CLOSED
    until_ms: int | None = None
    fault: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All a screen needs to know besides who stands there. Without `works` there is nobody to talk to.

    `offline` says that the bank decides by itself, which it can only do where it `lends`: where it has a roster.
    """

    bank: str
    columns: tuple[tuple[int, ...], ...]
    doors: Mapping[int, DoorFact] = field(default_factory=dict)
    windows: Windows = field(default_factory=Windows)
    language: str = "en"
    connected: bool = True
    offline: bool = False
    lends: bool = True
    works: bool = True
    photos: bool = True


def facts_of(bank: Bank, columns: tuple[tuple[int, ...], ...], *, language: str, photos: bool) -> Facts:
    """Return what can be shown of a running bank."""
    doors = {
        number: DoorFact(phase=door.phase, until_ms=door.due_at_ms(), fault=door.fault)
        for number, door in bank.doors.items()
    }
    return Facts(
        bank=bank.config.bank,
        columns=columns,
        doors=doors,
        windows=bank.config.windows,
        language=language,
        connected=bank.connected,
        offline=bank.offline,
        lends=bank.roster is not None,
        photos=photos,
    )
