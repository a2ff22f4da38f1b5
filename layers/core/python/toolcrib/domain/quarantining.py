"""Closing a door by hand: nothing is lent from it or brought to it until somebody has looked inside."""

from datetime import datetime

from toolcrib.domain.change import Change
from toolcrib.domain.doors import LASTING, QUARANTINED, Door
from toolcrib.domain.record import replace


def quarantined(door: Door, *, op: str, at: datetime) -> Change:
    """Return the change that closes a door, unless a lasting reason does already; what is in flight there goes on."""
    why = door.unlendable if door.unlendable in LASTING else QUARANTINED
    closed = replace(door, unlendable=why, version=door.version + 1)
    return Change(op=op, at=at, doors=(closed,))
