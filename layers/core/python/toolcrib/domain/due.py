"""When a loan is due: one function for the preview at authorisation and for the removal itself (rules.md)."""

from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from toolcrib.domain.calendars import (
    end_of_opening_day,
    is_open,
    next_occurrence,
    next_open,
    previous_close,
)
from toolcrib.domain.policies import Closed, Period, Site, Terms
from toolcrib.domain.record import Record

_MIDNIGHT = time()


class Why(StrEnum):
    """Which of the times was the earliest; on a tie the one named first here."""

    LOAN_PERIOD = "loan_period"
    CURFEW_AT = "curfew_at"
    CURFEW_AFTER = "curfew_after"
    VALID_UNTIL = "valid_until"


class Due(Record, frozen=True, kw_only=True):
    """A due time (UTC) and what decided it."""

    at: datetime
    why: Why


def due(
    terms: Terms,
    site: Site,
    taken_at: datetime,
    *,
    valid_until: datetime | None = None,
    shift_end: datetime | None = None,
    begins: datetime | None = None,
) -> Due:
    """Return when something taken at `taken_at` under `terms` is due at `site`.

    Closed days shift the loan period's end only; curfew and the person's `valid_until` are applied afterwards and
    always win. `shift_end` is the end of the person's shift, where one is known; `begins` is what the loan period
    counts from where that is not the taking (a renewal: the due time before). A curfew counts from the taking.
    """
    since = begins or taken_at
    end = _period_end(terms.period, site, since, shift_end)
    times = {Why.LOAN_PERIOD: _shifted(end, terms.closed, site, since)}
    if terms.curfew.at is not None:
        times[Why.CURFEW_AT] = next_occurrence(terms.curfew.at, taken_at, ZoneInfo(site.time_zone))
    if terms.curfew.after is not None:
        times[Why.CURFEW_AFTER] = taken_at + terms.curfew.after
    if valid_until is not None:
        times[Why.VALID_UNTIL] = valid_until
    why = min(times, key=times.__getitem__)
    return Due(at=times[why], why=why)


def _period_end(period: Period, site: Site, taken_at: datetime, shift_end: datetime | None) -> datetime:
    """Return the end of the loan period itself: a rolling day is 24 h, a fixed time follows the wall clock."""
    if period.after is not None:
        return taken_at + period.after
    zone = ZoneInfo(site.time_zone)
    if period.until is not None:
        return next_occurrence(period.until, taken_at, zone)
    if shift_end is not None and shift_end > taken_at:
        return shift_end
    return end_of_opening_day(site, taken_at) or next_occurrence(_MIDNIGHT, taken_at, zone)


def _shifted(end: datetime, closed: Closed, site: Site, taken_at: datetime) -> datetime:
    """Move an end that falls where the site is closed; the moment of closing itself is still in time."""
    if closed is Closed.KEEP or is_open(site, end):
        return end
    before = previous_close(site, end)
    if before == end:
        return end
    if closed is Closed.END_OF_PREVIOUS_OPEN and before is not None and before > taken_at:
        return before
    return next_open(site, end) or end
