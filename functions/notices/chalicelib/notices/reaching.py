"""Whom a notice reaches, and from when on (rules.md, *Late*): people are away, off duty, asleep.

A supervisor who is off duty by a roster is not told while a colleague is on duty. Whoever is out of office with a
delegate is told through them; without one they are told all the same, since nobody else would be. Quiet hours, days
off and the site's closed days put off whatever is not urgent; what one person asks of another right now is not put off.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from toolcrib.domain.calendars import local_date, next_occurrence, to_instant
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site, To
from toolcrib.domain.rosters import running

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DELEGATES: Final = 3  # one after the other: whoever is away may delegate to somebody who is
MOST_STEPS: Final = 2 * 366  # quiet hours and days off, one after the other, for a year: then nothing is put off


def away(person: Person, at: datetime) -> bool:
    """Whether somebody is out of office."""
    return person.absent_until is not None and at < person.absent_until


def delegates_of(person: Person, at: datetime) -> str | None:
    """Return who is told in somebody's place; None where they are there, or named nobody."""
    return person.delegate if away(person, at) and person.delegate != person.id else None


def on_duty(colleagues: Iterable[Person], at: datetime) -> frozenset[str]:
    """Return who of a site's supervisors is told: those whom no roster knows, and those whose shift is running.

    Where nobody is left, all of them are. Whoever is away for good, or without a delegate, is not on duty.
    """
    there = [each for each in colleagues if each.active]
    known = [each for each in there if running(each, at) or not _rostered(each, at)]
    present = [each for each in known if not away(each, at) or each.delegate is not None]
    return frozenset(each.id for each in (present or known or there))


def off_duty(notice: Notice, colleagues: Mapping[str, Person], at: datetime) -> bool:
    """Whether a notice to a supervisor is left to their colleagues, `colleagues` being all who get such notices."""
    present = on_duty(colleagues.values(), at)
    return notice.to is To.SUPERVISOR and bool(present) and notice.recipient not in present


def not_before(notice: Notice, reader: Person | None, site: Site | None, now: datetime) -> datetime:
    """Return when a notice may be sent to its reader: `now`, or when their quiet hours or days off are over."""
    if reader is None or _at_once(notice) or (reader.quiet_hours is None and not reader.working_days):
        return now
    zone = ZoneInfo(site.time_zone if site is not None else "UTC")
    closed = site.closed_days if site is not None else ()
    at = now
    for _ in range(MOST_STEPS):
        later = _after_day_off(reader, at, zone, frozenset(closed)) or _after_quiet(reader, at, zone)
        if later is None:
            return at
        at = later
    return now


def _at_once(notice: Notice) -> bool:
    """Whether somebody waits for it right now: for a request of theirs, or with the answer to one."""
    asked = notice.loan is not None and notice.due_version is None
    answered = notice.authorisation is not None and notice.to is To.HOLDER
    return notice.urgent or asked or answered


def _rostered(person: Person, at: datetime) -> bool:
    """Whether a roster says when somebody works these days: one that ended a week ago says nothing any more."""
    return any(shift.ends > at - timedelta(days=7) and shift.starts < at + timedelta(days=7) for shift in person.shifts)


def _after_day_off(reader: Person, at: datetime, zone: ZoneInfo, closed: frozenset[object]) -> datetime | None:
    """Return the midnight that ends a day on which they do not work; None on one on which they do."""
    if not reader.working_days:
        return None
    day = local_date(at, zone)
    if WEEKDAYS[day.weekday()] in reader.working_days and day not in closed:
        return None
    return to_instant(day + timedelta(days=1), time(), zone)


def _after_quiet(reader: Person, at: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the end of the quiet hours that `at` lies in; None outside of them."""
    quiet = reader.quiet_hours
    if quiet is None:
        return None
    begins, ends = time.fromisoformat(quiet.begins), time.fromisoformat(quiet.ends)
    over = next_occurrence(ends, at, zone)
    # the last beginning up to now is after the last end: the next end comes before the next beginning
    begun = over <= next_occurrence(begins, at, zone) or at.astimezone(zone).time() == begins
    return over if begun else None
