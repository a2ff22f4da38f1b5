"""At which moments something changes that rules about taking look at: between two of them nothing does.

A superset does no harm: what is allowed is judged at both ends of every stretch between two moments.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from toolcrib.domain.blocking import suspended_until
from toolcrib.domain.calendars import local_date, windows
from toolcrib.domain.judges.badge import PLAUSIBLE_TRAVEL
from toolcrib.domain.judges.schedule import hours
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site
from toolcrib.domain.rulebook import RuleBook

_DAY = timedelta(days=1)


def of_person(person: Person, book: RuleBook) -> Iterator[datetime]:
    """Yield the moments at which what is on record of a person begins or ends to count."""
    yield from (each for each in (person.valid_from, person.valid_until) if each is not None)
    for shift in person.shifts:
        yield from (shift.starts, shift.ends)
    yield from _certifications(person, book)
    yield from (block.until for block in person.blocks.values() if block.until is not None)
    yield from (held.blocks_from for held in person.holdings.values() if held.blocks_from is not None)
    if person.last_take is not None:
        yield person.last_take.at + PLAUSIBLE_TRAVEL
    yield from _suspensions(person, book)


def of_site(site: Site, book: RuleBook, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Yield the moments from `begins` to `ends` at which a policy's schedule opens or closes by the site's clocks."""
    for policy in (*book.policies.values(), book.fallback):
        if policy.schedule:
            week, zone = hours(site, policy), ZoneInfo(site.time_zone)
            day, last = local_date(begins, zone) - _DAY, local_date(ends, zone)
            while day <= last:
                for opens, closes in windows(week, day):
                    yield from (opens, closes)
                day += _DAY


def _certifications(person: Person, book: RuleBook) -> Iterator[datetime]:
    """An expired one still counts for as many days as a type grants."""
    for name, has in person.certifications.items():
        if has.valid_until is not None:
            required = (each for kind in book.types.values() for each in kind.certifications)
            graces = {each.grace_days for each in required if each.certification == name}
            yield from (has.valid_until + timedelta(days=days) for days in {0, *graces})


def _suspensions(person: Person, book: RuleBook) -> Iterator[datetime]:
    for policy in (*book.policies.values(), book.fallback):
        rule = policy.blocks.late_returns
        span = None if rule is None else suspended_until(person.late_returns, rule)
        if span is not None:
            yield from span
