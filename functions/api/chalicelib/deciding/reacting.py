"""What a reaction changes by itself: a ladder stands still or moves, a reminder goes out now (rules.md, *Late*).

An acknowledgement stops the ladder for 24 h; then only the latest of what was missed is told. A snooze moves it: the
notice comes again at that moment, and every later step is as much later. The holder's word is about their own steps,
anybody else's about the whole ladder. Both are on the ledger beside the person whose loan it is; about a case they are
in its history.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from toolcrib.domain.amending import outdated
from toolcrib.domain.calendars import end_of_opening_day, local_date, next_open, to_instant
from toolcrib.domain.cases import Case, CaseEntry, noted
from toolcrib.domain.change import Agreed, Change
from toolcrib.domain.ids import derived
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, Quiet
from toolcrib.domain.notices import Acted, Notice, NoticeState
from toolcrib.domain.outbox import About
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site, To, Via
from toolcrib.domain.reactions import AT_MOST, Reaction
from toolcrib.domain.record import Record, replace
from toolcrib.domain.reminders import OUTBOX_PATIENCE
from toolcrib.domain.rosters import shift_end

REMINDED: Final = "remind"  # the `step` of a notice that somebody asked for
MORNING: Final = time(8)  # where a site does not say when it opens
A_DAY: Final = timedelta(days=1)


class Pressed(Record, frozen=True, kw_only=True):
    """One reaction: which, by which principal, when, as which operation, and until when it holds, if it does."""

    reaction: Reaction
    by: str
    at: datetime
    op: str
    until: datetime | None = None


def until(reaction: Reaction, at: datetime, site: Site, reader: Person | None) -> datetime | None:
    """Return until when a reaction at `at` holds; None for those that hold no time.

    The shift is the reader's own, else what is left of the site's day; tomorrow is when the site opens. None is
    further away than a day and a weekend: what never opens waits a day.
    """
    if reaction in AT_MOST:
        return at + AT_MOST[reaction]
    if reaction is Reaction.SNOOZE_SHIFT:
        end = shift_end(reader, at) if reader is not None else None
        return end or end_of_opening_day(site, at) or at + A_DAY
    return _tomorrow(at, site) if reaction is Reaction.SNOOZE_TOMORROW else None


def put_off(notice: Notice, about: About, pressed: Pressed) -> Change:
    """Return what acknowledging or snoozing a notice changes; raises `Conflict` where a case is over or full."""
    again = () if pressed.reaction is Reaction.ACKNOWLEDGE else (_again(notice, pressed),)
    change = Change(op=pressed.op, at=pressed.at, notices=(acted(notice, pressed), *again))
    if isinstance(about, Loan):
        return replace(change, loans=(_quietened(about, notice.to, pressed),), agreed=(_said(notice, about, pressed),))
    if isinstance(about, Case):
        entry = CaseEntry(at=pressed.at, by=pressed.by, what=str(pressed.reaction))
        return replace(change, cases=(noted(about, entry),))
    return change


def reminded(notice: Notice, loan: Loan, holder: Person, pressed: Pressed) -> Change:
    """Return what tells the holder now, and who took it for them, whatever the ladder says."""
    new = tuple(_reminder(loan, who, holder, pressed) for who in (loan.person, loan.by) if who is not None)
    return Change(op=pressed.op, at=pressed.at, notices=(acted(notice, pressed), *new))


def acted(notice: Notice, pressed: Pressed) -> Notice:
    """Return the notice as somebody has acted upon it."""
    done = Acted(reaction=str(pressed.reaction), by=pressed.by, at=pressed.at, op=pressed.op, until=pressed.until)
    now = replace(notice, acted=done)
    return outdated(now, pressed.at) or replace(now, version=notice.version + 1)


def _quietened(loan: Loan, to: To, pressed: Pressed) -> Loan:
    field = "holder_quiet" if to is To.HOLDER else "quiet"
    before: Quiet = getattr(loan, field) or Quiet()
    later = pressed.until or pressed.at
    if pressed.reaction is Reaction.ACKNOWLEDGE:
        now = replace(before, until=later)
    else:
        now = replace(before, moved=before.moved + (later - pressed.at))
    changes: Mapping[str, Quiet] = {field: now}
    return aimed(replace(loan, **changes, version=loan.version + 1))


def _said(notice: Notice, loan: Loan, pressed: Pressed) -> Agreed:
    return Agreed(
        person=loan.person,
        about=f"{notice.id}.{pressed.op}",
        said=str(pressed.reaction),
        by=pressed.by,
        at=pressed.at,
        type=loan.type,
        bank=loan.bank,
        site=loan.site,
    )


def _again(notice: Notice, pressed: Pressed) -> Notice:
    """Return the notice that comes again: a record of its own, held until its moment."""
    later = pressed.until or pressed.at
    return Notice(
        id=derived("notice", notice.id, "again", pressed.op),
        loan=notice.loan,
        case=notice.case,
        person=notice.person,
        about=notice.about,
        ends_at=notice.ends_at,
        site=notice.site,
        due_version=notice.due_version,
        step=notice.step,
        occurrence=notice.occurrence,
        to=notice.to,
        recipient=notice.recipient,
        via=notice.via,
        state=NoticeState.PENDING,
        urgent=notice.urgent,
        due_at=later,
        wake_at=later,
        hold_until=later,
    )


def _reminder(loan: Loan, who: str, holder: Person, pressed: Pressed) -> Notice:
    return Notice(
        id=derived("notice", loan.id, REMINDED, who, pressed.op),
        loan=loan.id,
        site=loan.site,
        due_version=loan.due_version,
        step=REMINDED,
        to=To.HOLDER,
        recipient=who,
        via=Via.SLACK if holder.slack_id else Via.EMAIL,
        due_at=pressed.at,
        wake_at=pressed.at + OUTBOX_PATIENCE,
    )


def _tomorrow(at: datetime, site: Site) -> datetime:
    zone = ZoneInfo(site.time_zone)
    day = local_date(at, zone) + A_DAY
    midnight = to_instant(day, time(), zone)
    opens = next_open(site, midnight)
    return to_instant(day, MORNING, zone) if opens in {None, midnight} else opens or midnight
