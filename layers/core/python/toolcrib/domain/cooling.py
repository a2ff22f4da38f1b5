"""The cooldown: after a message to somebody, what is not urgent is gathered until it is over (rules.md, *Late*).

It belongs to a recipient in one channel, and is as long as the notice's site says. What reminds a holder up to the
moment a thing is due has a short one of its own, since it is of no use afterwards: it neither waits for what was told
otherwise, nor holds that back. What is urgent, and what one person asks of another, is not part of any of this.

A message that could not be sent began no cooldown: whatever waits for its reader then comes at the same moment as its
next try, and goes along.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from toolcrib.domain.gathering import gathers
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.pacing import Pace, Turn
from toolcrib.domain.policies import COOLDOWN, Site, To
from toolcrib.domain.record import replace

LEASH: Final = timedelta(minutes=5)  # between two reminders of what is not late yet: one of half an hour is still one

Cooldown = Callable[[Notice], timedelta]
"""How long the cooldown after a notice is."""


def cools(notice: Notice) -> bool:
    """Whether a notice, or a digest, is one of those that wait for each other."""
    return bool(notice.parts) or gathers(replace(notice, state=NoticeState.PENDING))


def in_time(notice: Notice) -> bool:
    """Whether it reminds a holder, before or when a thing is due."""
    ahead = notice.step == "PT0S" or notice.step.startswith("-")
    return ahead and notice.to is To.HOLDER and notice.due_version is not None


def waits_until(pace: Pace, notices: Iterable[Notice], cooldown: Cooldown, now: datetime) -> datetime:
    """Return when these may be told together, as one message: now, or when what holds back any of them is over."""
    until = pace.again_at or now
    for notice in notices:
        last = pace.reminded_at if in_time(notice) else pace.told_at
        if last is not None:
            wait = cooldown(notice)
            until = max(until, last + (min(wait, LEASH) if in_time(notice) else wait))
    return max(until, now)


def turn(pace: Pace, message: Notice, notices: Collection[Notice], cooldown: Cooldown, now: datetime) -> Turn:
    """Return whether a message that tells of these may go: it begins a cooldown, or waits for one that is not its own.

    Its own it began already, and does not know what became of it.
    """
    if not cools(message):
        return Turn(at=now, now=True, pace=pace)
    until = now if pace.told_by == message.id else waits_until(pace, notices, cooldown, now)
    if until > now:
        return Turn(at=until, now=False, pace=pace)
    return Turn(at=now, now=True, pace=_marked(pace, notices, now, told_by=message.id, again_at=None))


def not_told(pace: Pace, by: str, notices: Collection[Notice], again_at: datetime) -> Pace:
    """Return the record of somebody whom the message `by` did not reach: as it is, where another has gone since."""
    return pace if pace.told_by != by else _marked(pace, notices, None, told_by=None, again_at=again_at)


def by_site(sites: Mapping[str, Site]) -> Cooldown:
    """Return the cooldown as the notices' sites have it."""

    def cooldown(notice: Notice) -> timedelta:
        site = sites.get(notice.site or "")
        return COOLDOWN if site is None else site.cooldown

    return cooldown


def _marked(pace: Pace, notices: Collection[Notice], at: datetime | None, **more: Any) -> Pace:
    """Return the record with what these notices count as marked `at` a moment, or as never."""
    kinds = {in_time(each) for each in notices}
    marks = {name: at for name, kind in (("reminded_at", True), ("told_at", False)) if kind in kinds}
    return replace(pace, **marks, **more)
