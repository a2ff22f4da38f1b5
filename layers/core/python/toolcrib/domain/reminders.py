"""The notices of a loan's ladder: whom each step tells, and which of those due at once is sent (rules.md, *Late*).

Every (loan, due version, step, occurrence, recipient) has one record, whatever runs twice or not at all. Where
several are due at once, after an outage or a pause, each person gets the latest only, marked late; the others end as
superseded. Several ways of saying the same thing at the same moment (Slack and mail) are not each other's rivals.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from toolcrib.domain.assets import AssetType
from toolcrib.domain.durations import iso
from toolcrib.domain.ids import derived
from toolcrib.domain.ladder import Occurrence, aimed, climbed, occurrences_due
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site, Step, To
from toolcrib.domain.record import Record

LATE_AFTER = timedelta(minutes=10)  # ten runs of the sweeper: no longer the usual waiting for the next one
AT_ONCE = 24  # notices per sweep of a loan: with the loan itself the 25 items that a transaction may have
NOBODY = "-"  # nobody's id: a site without supervisors
OUTBOX_PATIENCE = timedelta(minutes=2)  # the stream delivers within seconds; after that the agenda looks


class Round(Record, frozen=True, kw_only=True):
    """What one look at a loan makes: new notices, and the loan with its cursors and `next_step` moved.

    `loan.version` is as it was. If more was due than fits, `loan.next_step` is still in the past.
    """

    loan: Loan
    notices: tuple[Notice, ...] = ()


class _Told(Record, frozen=True, kw_only=True):
    """One occurrence for one recipient."""

    occurrence: Occurrence
    step: Step
    recipient: str


def recipients(to: To, holder: Person, site: Site, asset_type: AssetType, *, by: str | None = None) -> tuple[str, ...]:
    """Return person ids, or the Slack channel for `channel`, each once; none where nobody is named (design.md).

    Who took it for the holder, `by`, is told what the holder is told.
    """
    named: dict[To, Sequence[str | None]] = {
        To.HOLDER: (holder.id, by),
        To.SUPERVISOR: site.supervisors,
        To.MANAGER: (holder.manager,),
        To.OWNER: (asset_type.owner,),
        To.CHANNEL: (site.channel,),
    }
    return tuple(dict.fromkeys(name for name in named[to] if name))


def notices_due(loan: Loan, now: datetime, *, holder: Person, site: Site, asset_type: AssetType) -> Round:
    """Return the notices that are due at `now` and not noted yet, and the loan that remembers them.

    At most `AT_ONCE` of them, or one moment's if that alone has more; the rest comes with the next round.
    """
    if loan.state is not LoanState.OPEN:
        return Round(loan=aimed(loan))
    told = [
        _Told(occurrence=occurrence, step=step, recipient=recipient)
        for occurrence in occurrences_due(loan, now)
        for step in (loan.terms.ladder[occurrence.step],)
        for recipient in recipients(step.to, holder, site, asset_type, by=loan.by) or _nobody(step.to)
    ]
    upto = _upto(told, now - loan.excused)
    by_person: defaultdict[str, list[_Told]] = defaultdict(list)
    for each in told:
        by_person[each.recipient].append(each)
    notices = tuple(
        _notice(loan, each, by_person[each.recipient], now) for each in told if each.occurrence.moment <= upto
    )
    return Round(loan=climbed(loan, upto, now), notices=notices)


def _nobody(to: To) -> tuple[str, ...]:
    """A site at which nobody looks after what is late: that nobody was told is on record, and an alarm."""
    return (NOBODY,) if to is To.SUPERVISOR else ()


def _upto(told: list[_Told], now: datetime) -> datetime:
    """Return up to when this round goes: to `now`, or as many whole moments as fit into it."""
    if len(told) <= AT_ONCE:
        return now
    beyond = told[AT_ONCE].occurrence.moment
    return max((each.occurrence.moment for each in told[:AT_ONCE] if each.occurrence.moment < beyond), default=beyond)


def _notice(loan: Loan, told: _Told, rivals: list[_Told], now: datetime) -> Notice:
    """Return the record; it is sent unless one of the person's `rivals` (itself among them) is the later word."""
    moment = told.occurrence.moment
    sent = _last_word(rivals, told.step) is told
    late = moment > rivals[0].occurrence.moment or now - loan.excused - moment > LATE_AFTER
    nobody = sent and told.recipient == NOBODY
    cause = str(loan.due_version), str(told.occurrence.step), str(told.occurrence.number)
    return Notice(
        id=derived("notice", loan.id, *cause, told.recipient, told.step.via),
        loan=loan.id,
        site=loan.site,
        due_version=loan.due_version,
        step=iso(told.step.offset),
        occurrence=told.occurrence.number,
        to=told.step.to,
        recipient=told.recipient,
        via=told.step.via,
        state=NoticeState.GIVEN_UP if nobody else NoticeState.PENDING if sent else NoticeState.SUPERSEDED,
        urgent=told.step.urgent,
        late=late,
        due_at=moment + loan.excused,
        wake_at=now + OUTBOX_PATIENCE if sent and not nobody else None,
        last_error="nobody_to_tell" if nobody else None,
    )


def _last_word(rivals: list[_Told], step: Step) -> _Told | None:
    """Return what is sent to a person in the way and the role of `step`, if that is among what fired last."""
    latest = rivals[-1].occurrence.moment
    last = takewhile(lambda each: each.occurrence.moment == latest, reversed(rivals))
    return next((each for each in last if (each.step.via, each.step.to) == (step.via, step.to)), None)
