"""What a roster says of each person in it, and what is wrong with it against what is on record."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from toolcrib.domain.calendars import local_date, to_instant
from toolcrib.domain.imports import RowError
from toolcrib.domain.people import Person, Shift
from toolcrib.domain.policies import Site
from toolcrib.domain.record import Record
from toolcrib.domain.rostering.rows import Known, Row, understood
from toolcrib.domain.rostering.table import Line

MOST_SHIFTS = 60  # of one person, on record

_DAY = timedelta(days=1)


class Span(Record, frozen=True, kw_only=True):
    """The days that a roster is about: of a person in it, the shifts that begin in them are those it names."""

    begins: datetime
    ends: datetime


class Roster(Record, frozen=True, kw_only=True):
    """The shifts of each person, in order; of nobody else is anything said. `past` shifts are left out."""

    span: Span
    people: Mapping[str, tuple[Shift, ...]]
    past: int = 0

    @property
    def shifts(self) -> int:
        """How many there are."""
        return sum(map(len, self.people.values()))


class Question(Record, frozen=True, kw_only=True):
    """What a roster is held against: `days` are from the first to the last that it is about, where they were given."""

    site: Site
    at: datetime
    days: tuple[date, date] | None = None
    people: Mapping[str, Person]
    groups: AbstractSet[str]


def roster(lines: list[Line], asked: Question) -> tuple[Roster, list[RowError]]:
    """Return what the rows come to, with what is wrong with them; only without errors is the roster whole."""
    zone = ZoneInfo(asked.site.time_zone)
    known = Known(people=asked.people.keys(), groups=asked.groups, zone=zone, at=asked.at)
    rows = [understood(line, known) for line in lines]
    span = _span(rows, asked, zone)
    errors = [*(error for row in rows for error in row.errors), *_outside(rows, span)]
    people: dict[str, tuple[Shift, ...]] = {}
    past = 0
    for person, own in groupby(sorted(rows, key=_of_whom), key=_of_whom):
        shifts = sorted(((row.shift, row.number) for row in own if row.shift), key=_begins)
        before = kept(asked.people[person], span, asked.at) if person in asked.people else ()
        errors += _overlaps(shifts, before)
        people[person] = tuple(shift for shift, _ in shifts if shift.ends > asked.at)
        past += len(shifts) - len(people[person])
    return Roster(span=span, people=people, past=past), sorted(errors, key=lambda error: (error.row, error.field))


def _of_whom(row: Row) -> str:
    return row.person


def _begins(numbered: tuple[Shift, int]) -> tuple[datetime, int]:
    return numbered[0].starts, numbered[1]


def rostered(person: Person, named: tuple[Shift, ...], span: Span, at: datetime) -> tuple[Shift, ...]:
    """Return a person's shifts after a roster: those it names, and those of other days that are not over."""
    alive = (shift for shift in named if shift.ends > at)
    return tuple(sorted((*kept(person, span, at), *alive), key=lambda shift: (shift.starts, shift.ends, shift.groups)))


def kept(person: Person, span: Span, at: datetime) -> tuple[Shift, ...]:
    """Return the shifts on record that a roster for `span` leaves alone."""
    return tuple(each for each in person.shifts if each.ends > at and not span.begins <= each.starts < span.ends)


def _span(rows: list[Row], asked: Question, zone: ZoneInfo) -> Span:
    """Return the days that were given, else from the first to the last that a shift begins on; none without any."""
    found = [local_date(row.shift.starts, zone) for row in rows if row.shift]
    if asked.days is None and not found:
        return Span(begins=asked.at, ends=asked.at)
    first, last = asked.days or (min(found), max(found))
    return Span(begins=to_instant(first, time(), zone), ends=to_instant(last + _DAY, time(), zone))


def _outside(rows: list[Row], span: Span) -> Iterator[RowError]:
    """Yield the rows that are not about the days of the roster."""
    for row in rows:
        if row.shift and not span.begins <= row.shift.starts < span.ends:
            yield RowError(row=row.number, field="starts", message="is not in the days from `from` to `to`")
        if span.begins == span.ends and not row.errors:
            message = "is empty in every row; say with `from` and `to` which days are meant"
            yield RowError(row=row.number, field="starts", message=message)


def _overlaps(shifts: list[tuple[Shift, int]], before: tuple[Shift, ...]) -> Iterator[RowError]:
    """Yield the rows of one person, in order, that fall into another, or into what stays on record."""
    latest: tuple[datetime, int] | None = None
    for shift, row in shifts:
        if latest is not None and latest[0] > shift.starts:
            yield RowError(row=row, field="starts", message=f"overlaps with row {latest[1]}")
        elif any(other.starts < shift.ends and shift.starts < other.ends for other in before):
            yield RowError(row=row, field="starts", message="overlaps with a shift on record of other days")
        latest = max(latest or (shift.ends, row), (shift.ends, row))
    if len(shifts) + len(before) > MOST_SHIFTS:
        most = f"would have more than {MOST_SHIFTS} shifts on record"
        yield RowError(row=shifts[-1][1], field="person", message=most)
