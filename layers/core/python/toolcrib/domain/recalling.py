"""Calling a loan back (rules.md, *Renewals, recall*): an earlier due time, with notice, once a loan.

The new due time is the later of now + notice and taken + guaranteed minimum, moved to the next opening; it is never
later than the present one. Where it moves there is a new due version, and reminders begin anew; the holder is told
either way, and the loan is not renewed any more.
"""

from datetime import datetime

from toolcrib.domain.calendars import next_open
from toolcrib.domain.ids import derived
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan, LoanState, Recalled
from toolcrib.domain.notices import Notice
from toolcrib.domain.policies import Site, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.reminders import OUTBOX_PATIENCE

STEP = "recall"  # what a notice's `step` says of it
DUE_WHY = "recall"


def recalled(loan: Loan, site: Site, at: datetime, *, by: str, reason: str | None = None) -> Loan:
    """Return the loan as it is called back; `version` is as it was.

    Raises `Conflict`: `not_open`, `already_recalled`.
    """
    if loan.state is not LoanState.OPEN:
        raise Conflict(code="not_open", detail=f"the loan is {loan.state}", advice="Only an open loan can be recalled.")
    if loan.recalled is not None:
        raise Conflict(
            code="already_recalled",
            detail=f"it was called back at {loan.recalled.at:%Y-%m-%dT%H:%M:%SZ}",
            advice="A loan is called back once; ask its holder.",
        )
    marked = replace(loan, recalled=Recalled(at=at, by=by, due_before=loan.due_at, reason=reason))
    when = due_again(loan, site, at)
    if when >= loan.due_at:
        return marked
    sooner = replace(marked, due_at=when, due_why=DUE_WHY, due_version=loan.due_version + 1)
    return begin(sooner, at)


def due_again(loan: Loan, site: Site, at: datetime) -> datetime:
    """Return when a loan that is called back at a moment is due."""
    terms = loan.terms.recall
    taken = loan.taken_at or loan.authorised_at
    earliest = max(at + terms.notice, taken + terms.guaranteed_minimum)
    return min(loan.due_at, next_open(site, earliest) or loan.due_at)


def told(loan: Loan, at: datetime) -> tuple[Notice, ...]:
    """Return the notices to the holder of a loan that was just called back, and to who took it for them.

    They go out at once.
    """
    ladder = (step.via for step in loan.terms.ladder if step.to is To.HOLDER)
    via = next(ladder, Via.EMAIL)
    return tuple(_told(loan, who, via, at) for who in (loan.person, loan.by) if who is not None)


def _told(loan: Loan, who: str, via: Via, at: datetime) -> Notice:
    return Notice(
        id=derived("notice", loan.id, STEP, who, via),
        loan=loan.id,
        site=loan.site,
        due_version=loan.due_version,
        step=STEP,
        to=To.HOLDER,
        recipient=who,
        via=via,
        urgent=True,
        due_at=at,
        wake_at=at + OUTBOX_PATIENCE,
    )
