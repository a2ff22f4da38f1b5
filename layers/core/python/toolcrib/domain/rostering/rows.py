"""A row of a roster: whose shift, from when to when, in which groups; and what is wrong with it by itself."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from toolcrib.domain.imports import RowError
from toolcrib.domain.people import Shift
from toolcrib.domain.record import Record
from toolcrib.domain.rostering.moments import Unclear, read_moment
from toolcrib.domain.rostering.table import Line

LONGEST_SHIFT = timedelta(hours=24)
AHEAD = timedelta(days=62)  # how far a roster reaches, and how far back it may
MOST_GROUPS = 10  # of one shift

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Known(Record, frozen=True, kw_only=True):
    """What a row may name: people and groups by id; `zone` is the site's, `at` the present moment."""

    people: AbstractSet[str]
    groups: AbstractSet[str]
    zone: ZoneInfo
    at: datetime


class Row(Record, frozen=True, kw_only=True):
    """A row as it was understood; no `shift` where it says that there is none, or where it is wrong."""

    number: int
    person: str
    shift: Shift | None
    errors: tuple[RowError, ...] = ()


def understood(line: Line, known: Known) -> Row:
    """Return what a row says."""
    wrong, moments = dict(_strangers(line, known)), dict[str, datetime]()
    empty = not line.starts and not line.ends
    for name, text in (("starts", line.starts), ("ends", line.ends)):
        try:
            if not empty:
                moments[name] = read_moment(text, known.zone)
        except Unclear as error:
            wrong[name] = str(error)
    if len(moments) == len(("starts", "ends")):
        wrong |= dict(_times(**moments, at=known.at))
    errors = tuple(RowError(row=line.row, field=field, message=message) for field, message in wrong.items())
    groups = tuple(dict.fromkeys(line.groups.split()))
    shift = None if errors or empty else Shift(**moments, groups=groups)
    return Row(number=line.row, person=line.person, shift=shift, errors=errors)


def _strangers(line: Line, known: Known) -> Iterator[tuple[str, str]]:
    if line.person not in known.people:
        yield "person", "is nobody here; write the id of a person of yours"
    groups = line.groups.split()
    unknown = [group for group in groups if group not in known.groups]
    if len(groups) > MOST_GROUPS:
        yield "groups", f"names more than {MOST_GROUPS} groups"
    elif unknown and _ID.fullmatch(unknown[0]):
        yield "groups", f"names {unknown[0]}, which is no group here; write ids of groups with spaces in between"
    elif unknown:
        yield "groups", "names what is no group here; write ids of groups with spaces in between"


def _times(*, starts: datetime, ends: datetime, at: datetime) -> Iterator[tuple[str, str]]:
    if ends <= starts:
        yield "ends", "is not after starts; a night ends on the next day"
    elif ends - starts > LONGEST_SHIFT:
        yield "ends", f"is more than {LONGEST_SHIFT // timedelta(hours=1)} hours after starts"
    if starts > at + AHEAD:
        yield "starts", f"is more than {AHEAD.days} days ahead"
    if starts < at - AHEAD:
        yield "starts", f"is more than {AHEAD.days} days ago"
