"""When a bank could take nothing back, from its own record, and how much lateness that excuses (rules.md, *Late*).

An outage is a time in which nobody could return anything to a bank, or nothing of a certain size: it was silent, full,
or jammed. Lateness counts only while the bank worked: a late loan's clock stands still during its bank's outages.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from toolcrib.domain.record import Record, replace

MOST_KEPT = 40  # of one bank; older ones have been counted for every loan that they excused


class OutageKind(StrEnum):
    """Why a bank could take nothing back."""

    SILENT = "silent"
    FULL = "full"
    JAMMED = "jammed"


class Outage(Record, frozen=True, kw_only=True):
    """One time out, from `since` to `until` (None: it goes on). `size` is the smallest that found no door, None any."""

    kind: OutageKind
    since: datetime
    until: datetime | None = None
    size: str | None = None


def begun(outages: tuple[Outage, ...], new: Outage) -> tuple[Outage, ...]:
    """Return the outages with one more, unless one of its kind goes on already."""
    if running(outages, new.kind) is not None:
        return outages
    return (*outages, new)[-MOST_KEPT:]


def over(outages: tuple[Outage, ...], kind: OutageKind, at: datetime) -> tuple[Outage, ...]:
    """Return the outages with that of a kind ended at a moment, if one goes on."""
    return tuple(
        replace(each, until=max(each.since, at)) if each.kind is kind and each.until is None else each
        for each in outages
    )


def running(outages: Iterable[Outage], kind: OutageKind) -> Outage | None:
    """Return the outage of a kind that goes on, or None."""
    return next((each for each in outages if each.kind is kind and each.until is None), None)


def excused(outages: Iterable[Outage], due_at: datetime, at: datetime) -> timedelta:
    """Return how much of the time from `due_at` to `at` fell into outages; times that overlap count once."""
    spans = ((max(each.since, due_at), min(each.until or at, at)) for each in outages)
    return sum((end - begin for begin, end in _apart(spans)), timedelta())


def _apart(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Yield spans in order, each without what an earlier one covers."""
    covered: datetime | None = None
    for begin, end in sorted(spans):
        start = begin if covered is None else max(begin, covered)
        if start < end:
            yield start, end
            covered = end
