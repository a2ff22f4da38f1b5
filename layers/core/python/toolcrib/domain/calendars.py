"""A site's local time and opening hours, as UTC instants (rules.md, *When is it due*).

A local time that does not exist takes the first instant after the gap; one that exists twice takes the first.
Every `datetime` taken is aware; every `datetime` returned is UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from toolcrib.domain.policies import Hours, Site

SEARCH_DAYS = 366  # a site that is closed for longer has no opening worth waiting for

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MIDNIGHT = time()
_ALL_DAY = (Hours(opens=_MIDNIGHT, closes=_MIDNIGHT),)


def to_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which the wall clock of `zone` shows `clock` on `day` (gap and fold: above)."""
    wall = datetime.combine(day, clock)
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _wall(instant, zone) == wall:
        return instant
    return _end_of_gap(wall, zone)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """Return the date on the wall calendar of `zone` at `at`."""
    return at.astimezone(zone).date()


def next_occurrence(clock: time, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant strictly after `after` at which the wall clock shows `clock`."""
    day = local_date(after, zone)
    while (instant := to_instant(day, clock, zone)) <= after:
        day += _DAY
    return instant


def is_open(site: Site, at: datetime) -> bool:
    """Whether `at` lies in opening hours; the moment of opening does, the moment of closing does not."""
    if not site.opening_hours and not site.closed_days:
        return True
    today = local_date(at, ZoneInfo(site.time_zone))
    return any(opens <= at < closes for day in (today - _DAY, today) for opens, closes in windows(site, day))


def previous_close(site: Site, at: datetime) -> datetime | None:
    """Return the last moment at or before `at` at which the site closed; None without one in `SEARCH_DAYS`."""
    today = local_date(at, ZoneInfo(site.time_zone))
    for back in range(SEARCH_DAYS):
        ends = [end for _, end in windows(site, today - back * _DAY) if end <= at and not is_open(site, end)]
        if ends:
            return max(ends)
    return None


def next_open(site: Site, at: datetime) -> datetime | None:
    """Return the first moment at or after `at` at which the site is open; None without one in `SEARCH_DAYS`."""
    if is_open(site, at):
        return at
    today = local_date(at, ZoneInfo(site.time_zone))
    for ahead in range(SEARCH_DAYS):
        starts = [start for start, _ in windows(site, today + ahead * _DAY) if start >= at]
        if starts:
            return min(starts)
    return None


def end_of_opening_day(site: Site, at: datetime) -> datetime | None:
    """Return the last closing of the opening day that `at` belongs to, strictly after `at`.

    After the last closing it is the next opening day's; a night that began yesterday belongs to yesterday.
    Where the site never closes, a day ends at midnight. None without one in `SEARCH_DAYS`.
    """
    today = local_date(at, ZoneInfo(site.time_zone))
    for ahead in range(-1, SEARCH_DAYS):
        ends = [end for _, end in windows(site, today + ahead * _DAY)]
        if ends and max(ends) > at:
            return max(ends)
    return None


def windows(site: Site, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield (opens, closes) of each window that begins on the local `day`.

    Closed days are closed from midnight to midnight: a night that runs into one ends at its beginning.
    """
    if day in site.closed_days:
        return
    zone, tomorrow = ZoneInfo(site.time_zone), day + _DAY
    hours = site.opening_hours.get(str(day.isoweekday()), ()) if site.opening_hours else _ALL_DAY
    for each in hours:
        overnight = each.closes <= each.opens
        last = _MIDNIGHT if overnight and tomorrow in site.closed_days else each.closes
        opens, closes = to_instant(day, each.opens, zone), to_instant(tomorrow if overnight else day, last, zone)
        if opens < closes:  # a gap can swallow a whole window
            yield opens, closes


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what the wall clock of `zone` shows, without zone or fold."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant whose wall clock is past `wall`, which `zone` skips.

    zoneinfo tells no transitions; PEP 495 brackets this one between the readings with fold 1 and fold 0.
    """
    before = wall.replace(microsecond=0, tzinfo=zone, fold=1).astimezone(UTC)
    width = int((wall.replace(tzinfo=zone, fold=0).astimezone(UTC) - before) / _SECOND) + 1
    low, high = 0, width
    while high - low > 1:  # wall clock before the gap at `low`, after it at `high`
        middle = (low + high) // 2
        low, high = (low, middle) if _wall(before + middle * _SECOND, zone) > wall else (middle, high)
    return before + high * _SECOND
