"""Moments as people write them into a roster: with an offset from UTC, or in the site's local time."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:00)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_YEARS = range(2000, 9999)


class Unclear(ValueError):  # noqa: N818 - it is what the text is, told to whoever wrote it
    """The text names no moment, or more than one; says what would be right."""


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC, whole minutes) that `text` names; raises `Unclear`.

    Unlike a due time, a local time that the clocks skip or show twice is not settled by a rule: whoever wrote it is
    asked what they meant.
    """
    try:
        written = datetime.fromisoformat(text) if _FORM.fullmatch(text) else None
    except ValueError:
        written = None
    if written is None or written.year not in _YEARS:
        raise Unclear("is not a moment like 2026-11-23T06:00, in the site's time, or 2026-11-23T06:00+01:00")
    return _local(written, zone) if written.tzinfo is None else written.astimezone(UTC)


def _local(wall: datetime, zone: ZoneInfo) -> datetime:
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != wall:
        raise Unclear(f"is skipped when the clocks of {zone.key} are put forward; write a time that there is")
    both = " or ".join(each.isoformat(timespec="minutes") for each in (first, second))
    raise Unclear(f"comes twice when the clocks of {zone.key} are put back; write {both}")
