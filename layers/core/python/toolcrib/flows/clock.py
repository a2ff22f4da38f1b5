"""Where a scheduled function's *now* comes from: the event, so that only the local stack can move time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from toolcrib.domain.refusals import Invalid
from toolcrib.settings import settings

TOLERANCE = timedelta(minutes=5)  # design.md, *Local stack*


def to_the_millisecond(clock: datetime) -> datetime:
    """Return an instant as precise as the record keeps it."""
    return clock.replace(microsecond=clock.microsecond // 1000 * 1000)


def moment_of(event: dict[str, Any], *, clock: datetime) -> datetime:
    """Return the instant a scheduled event speaks of; raises `Invalid` for one that is too far off the clock."""
    try:
        now = datetime.fromisoformat(str(event["time"]))
    except (KeyError, ValueError):
        raise Invalid(code="bad_time", detail="a scheduled event carries its `time` as RFC 3339") from None
    now = now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
    if abs(now - clock) > TOLERANCE and not settings().is_local:
        raise Invalid(code="bad_time", detail=f"{now.isoformat()} is more than five minutes off the clock")
    return to_the_millisecond(now)
