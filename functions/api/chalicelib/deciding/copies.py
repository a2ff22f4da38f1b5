"""Copies of an alert: what others were told of the same loan or case says who did what about it, too.

Somebody presses a button on one of them; the others are marked with the same word, so that their messages are changed
(`amending.py`). A holder's word is for holders, anybody else's for everybody else, as a ladder stands still
(`reacting.py`). Of each reader's messages the newest is changed, and what is on its way; older ones nobody looks at.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from toolcrib.domain.amending import outdated
from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.policies import To
from toolcrib.domain.record import replace

MOST: Final = 20  # messages that one press changes; nobody has as many supervisors and channels


def copies(pressed: Notice, said: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return which of what was said of the same thing is told what was done, the newest first, at most `MOST`."""
    newest = {_reader(each): each for each in sorted(said, key=_age) if _same(pressed, each)}
    told = [each for each in newest.values() if acted_too(each, pressed) is not None]
    return tuple(sorted(told, key=_age, reverse=True)[:MOST])


def acted_too(other: Notice, pressed: Notice) -> Notice | None:
    """Return a copy as it is marked with what was done; None where that is old, its own, or shown nowhere."""
    acted, before = pressed.acted, other.acted
    if acted is None or other.id == pressed.id or (before is not None and before.at >= acted.at):
        return None
    return outdated(replace(other, acted=acted), acted.at)


def _same(one: Notice, other: Notice) -> bool:
    """Whether both tell the same side of the same loan and due time, or of the same case."""
    shown = other.state in UNDELIVERED or other.posted is not None
    return shown and _told_of(one) == _told_of(other)


def _told_of(notice: Notice) -> tuple[object, ...]:
    return notice.loan, notice.case, notice.due_version, notice.to is To.HOLDER


def _age(notice: Notice) -> tuple[datetime, str]:
    return notice.due_at, notice.id


def _reader(notice: Notice) -> tuple[str, ...]:
    """Return who reads it, where; what is not out yet stands for itself."""
    return (notice.id,) if notice.state in UNDELIVERED else (notice.recipient, notice.via)
