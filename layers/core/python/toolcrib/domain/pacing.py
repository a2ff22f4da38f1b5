"""How fast one place is written to: about a message a second for each place in Slack, SES's rate for all mail.

A generic cell rate: a place is free again `every` so long after each message, and so many may come at once before it.
What need not wait for long takes its slot and waits; what would have to wait longer is put off, one behind the other,
and takes no slot. Urgent messages may come at once a little more often, and wait a little longer, so that they go
before everything that is put off. A channel that asks to be left alone is left alone by everybody.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.notices import Notice
from toolcrib.domain.record import Record, replace

PATIENCE: Final = timedelta(seconds=2)  # waited for by a sender; its batch of ten still ends within the function's time
URGENT_PATIENCE: Final = timedelta(seconds=3)  # one slot of the slowest rate more than anybody else
LONGEST_OBEYED: Final = timedelta(hours=1)  # no Retry-After makes us wait longer


MAIL: Final = "mail"
"""The place that all mail goes through; one in Slack is its reader's."""


def own_place(notice: Notice) -> str:
    """Return the place of a notice's recipient in the channel that it asks for; their cooldown is kept there."""
    return f"{notice.via}#{notice.recipient}"


class Rate(Record, frozen=True, kw_only=True):
    """A message `every` so long, up to `burst` of them at once, `spare` more of them if they are urgent."""

    every: timedelta
    burst: int = 1
    spare: int = 0


SLACK: Final = Rate(every=timedelta(seconds=1), burst=2, spare=2)
"""Slack lets a second's worth and a short burst pass in each conversation."""


class Pace(Record, frozen=True, kw_only=True):
    """What a place has been asked to take: `free_at` is the cell rate's, `left_alone_until` what the channel asked for.

    Up to `queued_until` others are put off already. `told_at`, `reminded_at`, `told_by` and `again_at` are its reader's
    cooldown (`cooling.py`): when something was told last, by which message, and when one that failed comes again.
    `at` is when it was written.
    """

    free_at: datetime | None = None
    left_alone_until: datetime | None = None
    queued_until: datetime | None = None
    told_at: datetime | None = None
    reminded_at: datetime | None = None
    told_by: str | None = None
    again_at: datetime | None = None
    at: datetime | None = None
    version: int = 0


class Turn(Record, frozen=True, kw_only=True):
    """When one may send, and the place's next record; `now`: whoever may has the slot and sends at `at`."""

    at: datetime
    now: bool
    pace: Pace


def turn(pace: Pace, rate: Rate, now: datetime, *, urgent: bool) -> Turn:
    """Return when somebody may send: in a moment, in a slot of their own, or later, behind all who were put off."""
    at_once = rate.burst + (rate.spare if urgent else 0)
    free = pace.free_at or now
    alone_until = pace.left_alone_until or now
    slot = max(now, free - (at_once - 1) * rate.every, alone_until)
    if slot - now <= (URGENT_PATIENCE if urgent else PATIENCE):
        taken = replace(pace, free_at=max(free, slot) + rate.every)
        return Turn(at=slot, now=True, pace=taken)
    wake = max(slot, pace.queued_until or now)
    return Turn(at=wake, now=False, pace=replace(pace, queued_until=wake + rate.every))


def both(pace: Pace, one: Callable[[Pace], Turn], other: Callable[[Pace], Turn]) -> Turn:
    """Return a turn that two rules of the same place allow; whoever has to wait for one leaves no mark of the other."""
    first = one(pace)
    second = other(first.pace) if first.now else first
    return second if first.now is second.now else other(pace)


def left_alone(pace: Pace, asked: timedelta, now: datetime) -> Pace:
    """Return the record of a place whose channel asked to be left alone for so long: by everybody."""
    until = max(now + min(asked, LONGEST_OBEYED), pace.left_alone_until or now)
    return replace(pace, left_alone_until=until)
