"""The ladder of a loan: which step fires when, and how far it has been climbed (rules.md, *Late*).

A step before due fires at due + offset; one at or after due at due + max(offset, grace). A step that repeats fires
again every so long. While the loan's bank can take nothing back the ladder's clock stands still (`Loan.excused`), so
moments here are those of a bank that always worked. Two cursors on the loan tell what has its records already, so any
sequence of sweeps, doubled, missed or out of order, finds each occurrence exactly once: `noted_until`, and
`holder_noted_until` for the steps to the holder, which stands still while a pause holds those back.

Whoever was told may ask for quiet: until a moment, after which only the latest of what was missed is told, or by moving
all later steps. A holder asks that of their own steps, everybody else of the whole ladder (`reacting.py`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile

from toolcrib.domain.assets import MAX_LOAN
from toolcrib.domain.loans import Loan, LoanState, Quiet
from toolcrib.domain.policies import Step, To
from toolcrib.domain.record import Record, replace

MAX_STEPS = 20  # per ladder; refused when a policy is saved
MAX_OCCURRENCES = 366  # per step: a reminder a day for the longest loan; what a step says beyond that never fires


class Occurrence(Record, frozen=True, kw_only=True):
    """The `number`-th time (from 0) that the ladder's `step` (index) fires, at `moment`."""

    step: int
    number: int
    moment: datetime


def times(step: Step) -> int:
    """Return how often a step fires within `MAX_LOAN`, the first time included, before the cut at `MAX_OCCURRENCES`."""
    if step.repeat is None or step.repeat.every <= timedelta():
        return 1
    return 1 + max(min(step.repeat.until, MAX_LOAN) // step.repeat.every, 0)


def begin(loan: Loan, since: datetime) -> Loan:
    """Return the loan at the foot of its ladder: what would have fired at or before `since` never does.

    `since` is when it was taken, or for a new due version when the due time was changed.
    """
    asked = {"quiet": None, "holder_quiet": None}
    return aimed(replace(loan, noted_until=since, holder_noted_until=None, excused=timedelta(), **asked))


def aimed(loan: Loan) -> Loan:
    """Return the loan with `next_step` set anew; due after every change of its state, due time or pause."""
    return replace(loan, next_step=next_moment(loan))


def next_moment(loan: Loan) -> datetime | None:
    """Return when the sweeper has to look at the loan again, a pause to the holder counted in; None for never."""
    steps = [_wake(loan, each) for each in _ahead(loan)]
    lost = lost_from(loan)
    return min(steps if lost is None else [*steps, lost], default=None)


def lost_from(loan: Loan) -> datetime | None:
    """Return from when an open loan is given up as lost, by the terms it was made under; None for never."""
    after = loan.terms.lost_after
    if after is None or loan.state is not LoanState.OPEN or loan.lost_at is not None:
        return None
    return loan.due_at + max(after, loan.terms.grace) + loan.excused


def occurrences_due(loan: Loan, now: datetime) -> tuple[Occurrence, ...]:
    """Return what has fired up to and including `now` and has no record yet, in the order in which it fired."""
    ladder = loan.terms.ladder
    found = [
        each
        for index in range(len(ladder))
        if not paused(loan, ladder[index], now)
        for each in takewhile(lambda each: each.moment <= now - loan.excused, _unnoted(loan, index))
    ]
    return tuple(sorted(found, key=lambda each: (each.moment, ladder[each.step].offset, each.step)))


def climbed(loan: Loan, upto: datetime, now: datetime) -> Loan:
    """Return the loan with its cursors moved to `upto` (never back), as of a sweep at `now`; a held one stays."""
    noted = _moved_on(loan, To.SUPERVISOR, upto, now)
    holder = _moved_on(loan, To.HOLDER, upto, now)
    return aimed(replace(loan, noted_until=noted, holder_noted_until=None if holder == noted else holder))


def paused(loan: Loan, step: Step, now: datetime) -> bool:
    """Whether a case holds this step back, which only those to the holder are, or somebody who acknowledged it."""
    return _held(loan, step.to, now)


def held_until(loan: Loan, to: To) -> datetime | None:
    """Return until when no step to these goes out: what was acknowledged, and for the holder what a case pauses."""
    asked = [each.until for each in _quiet(loan, to)]
    return max(filter(None, [*asked, loan.paused_until] if to is To.HOLDER else asked), default=None)


def moved(loan: Loan, to: To) -> timedelta:
    """Return by how much snoozing has moved the steps to these."""
    return sum((each.moved for each in _quiet(loan, to)), timedelta())


def _quiet(loan: Loan, to: To) -> Iterator[Quiet]:
    yield from filter(None, (loan.quiet, loan.holder_quiet if to is To.HOLDER else None))


def _held(loan: Loan, to: To, now: datetime) -> bool:
    until = held_until(loan, to)
    return until is not None and now < until


def _moved_on(loan: Loan, to: To, upto: datetime, now: datetime) -> datetime | None:
    """Return the cursor of the steps to these after a sweep: never back, and where it was while they are held."""
    noted = _noted(loan, to)
    return noted if noted is None or _held(loan, to, now) else max(noted, upto - moved(loan, to))


def _ahead(loan: Loan) -> Iterator[Occurrence]:
    """Yield the first occurrence without a record of each step."""
    for index in range(len(loan.terms.ladder)):
        first = next(_unnoted(loan, index), None)
        if first is not None:
            yield first


def _wake(loan: Loan, occurrence: Occurrence) -> datetime:
    """Return when an occurrence can be noted: at its moment, excuse added, and not before what holds it back ends."""
    moment, held = occurrence.moment + loan.excused, held_until(loan, loan.terms.ladder[occurrence.step].to)
    return moment if held is None else max(moment, held)


def _unnoted(loan: Loan, index: int) -> Iterator[Occurrence]:
    """Yield what a step has without a record, in order of time; nothing unless the loan is open and not given up."""
    step = loan.terms.ladder[index]
    since = _cursor(loan, step.to)
    if loan.state is not LoanState.OPEN or loan.lost_at is not None or since is None:
        return iter(())
    return dropwhile(lambda each: each.moment <= since, _occurrences(loan, index))


def _occurrences(loan: Loan, index: int) -> Iterator[Occurrence]:
    """Yield every occurrence of a step, in order of time."""
    step = loan.terms.ladder[index]
    before = step.offset < timedelta()
    first = loan.due_at + (step.offset if before else max(step.offset, loan.terms.grace)) + moved(loan, step.to)
    every = step.repeat.every if step.repeat else timedelta()
    for number in range(min(times(step), MAX_OCCURRENCES)):
        yield Occurrence(step=index, number=number, moment=first + number * every)


def _cursor(loan: Loan, to: To) -> datetime | None:
    """Return up to when steps to `to` have their records, moved like the steps themselves."""
    noted = _noted(loan, to)
    return None if noted is None else noted + moved(loan, to)


def _noted(loan: Loan, to: To) -> datetime | None:
    """Return up to when steps to `to` have their records; before the first sweep that is when it was taken."""
    noted = loan.noted_until or loan.taken_at
    return (loan.holder_noted_until or noted) if to is To.HOLDER else noted
