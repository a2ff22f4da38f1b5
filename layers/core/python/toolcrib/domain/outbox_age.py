"""How the alerting itself is doing: when the last sweep came to its end, and how long somebody has been untold."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.record import Record

LATE_AFTER = timedelta(minutes=2)  # two periods of the clock: by then a sweep has finished, or none will
STALE_AFTER = timedelta(minutes=15)  # an outage of a channel is over, and everything is out (safety.md, G9)


class Heartbeat(Record, frozen=True, kw_only=True):
    """What a sweep left behind: it finished at `at`; the undelivered notice that is due longest was due at `oldest`."""

    at: datetime
    oldest: datetime | None = None


def beat(notices: Iterable[Notice], now: datetime) -> Heartbeat:
    """Return what a sweep at `now` leaves behind, which found these notices waiting."""
    waiting = (_since(notice) for notice in notices if notice.state in UNDELIVERED)
    return Heartbeat(at=now, oldest=min((since for since in waiting if since <= now), default=None))


def _since(notice: Notice) -> datetime:
    """Return since when somebody waits: one that was not tried yet may have waited for a morning, and nobody for it."""
    return max(notice.due_at, notice.wake_at or notice.due_at) if notice.attempts == 0 else notice.due_at


def age(last: Heartbeat | None, now: datetime) -> timedelta:
    """Return how long the oldest undelivered notice has been due by now; nothing where none waits."""
    return timedelta() if last is None or last.oldest is None else max(now - last.oldest, timedelta())


def is_well(last: Heartbeat | None, now: datetime) -> bool:
    """Whether sweeps finish and nobody waits for word longer than an outage may last."""
    return last is not None and now - last.at <= LATE_AFTER and age(last, now) <= STALE_AFTER
