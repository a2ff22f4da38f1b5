"""A loan's notices: a reminder to the holder, or what is late to those who need to know."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from chalicelib.notices.wording.english.common import place, reason, reference
from chalicelib.notices.wording.english.handovers import accepted_words, asked_words
from chalicelib.notices.wording.english.moments import length, stamp, when
from chalicelib.notices.wording.english.recalls import recall_words
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.handover_notices import Told
from toolcrib.domain.loans import Loan
from toolcrib.domain.policies import To
from toolcrib.domain.recalling import STEP

OTHERS: Mapping[str, Callable[[Facts, Loan], Words]] = {
    STEP: recall_words,
    Told.ASKED: asked_words,
    Told.ACCEPTED: accepted_words,
}
"""Notices about a loan that are no step of its ladder."""
MOMENT = timedelta(minutes=1)  # nearer than this is «now»


def loan_words(facts: Facts) -> Words:
    """Word a notice about a loan; what is said of the time is true at `facts.now`, whatever the step was."""
    loan = facts.loan
    assert loan is not None
    if facts.notice.step in OTHERS:
        return OTHERS[facts.notice.step](facts, loan)
    late = facts.now - loan.due_at - loan.excused
    to_holder = facts.notice.to is To.HOLDER
    return Words(
        tone=Tone.LATE if late >= MOMENT else Tone.REMINDER,
        headline=_headline(facts, late, to_holder=to_holder),
        lead=_to_holder(facts, loan, late) if to_holder else _to_others(facts, loan, late),
        rows=_rows(facts, loan, late, to_holder=to_holder),
        steps=_for_holder(facts, late) if to_holder else _for_others(facts),
        why=reason(facts),
        reference=reference(facts),
    )


def _headline(facts: Facts, late: timedelta, *, to_holder: bool) -> str:
    thing = _thing(facts) if to_holder or not facts.holder else f"{_thing(facts)}, with {facts.holder}"
    if late >= MOMENT:
        still = "Still overdue" if facts.notice.occurrence else "Overdue"
        return f"{still} by {length(late)}: {thing}"
    return f"Due in {length(-late)}: {thing}" if -late >= MOMENT else f"Due now: {thing}"


def _to_holder(facts: Facts, loan: Loan, late: timedelta) -> str:
    hello = f"Hi {facts.holder}, " if facts.holder else ""
    due = when(loan.due_at, facts.now, facts.zone)
    if late < MOMENT:
        return f"{hello}{_thing(facts)} is due back {due if -late >= MOMENT else 'now'}."
    return f"{hello}{_thing(facts)} was due back {due}. It is now {length(late)} late."


def _to_others(facts: Facts, loan: Loan, late: timedelta) -> str:
    holder = facts.holder or "Somebody"
    since = f" has had {_thing(facts)} since {_since(facts, loan)}" if loan.taken_at else f" has {_thing(facts)}"
    due = when(loan.due_at, facts.now, facts.zone)
    if late < MOMENT:
        return f"{holder}{since}. It is due back {due}."
    return f"{holder}{since}. It was due back {due} and is {length(late)} late."


def _since(facts: Facts, loan: Loan) -> str:
    taken = when(loan.taken_at or loan.authorised_at, facts.now, facts.zone)
    return taken.removeprefix("on ")


def _rows(facts: Facts, loan: Loan, late: timedelta, *, to_holder: bool) -> tuple[tuple[str, str], ...]:
    same = facts.thing_type.casefold() in facts.thing.casefold()
    taken = stamp(loan.taken_at, facts.zone) if loan.taken_at else ""
    rows = (
        ("What", _thing(facts) if same else f"{_thing(facts)} ({facts.thing_type})"),
        ("Who has it", "" if to_holder else facts.holder),
        ("Taken", taken and f"{taken}, from {place(facts)}"),
        ("Due", stamp(loan.due_at, facts.zone)),
        ("Late by", length(late) if late >= MOMENT else ""),
        ("Not counted", f"{length(loan.excused)} in which the locker could take nothing back" if loan.excused else ""),
        ("Where to", f"{facts.bank} at {facts.site}, or any locker with a free door"),
    )
    return tuple((label, value) for label, value in rows if value)


def _for_holder(facts: Facts, late: timedelta) -> tuple[str, ...]:
    bring = f"Bring it to {facts.bank} and tap your badge: a free door opens. Close it, and you are done."
    if late < MOMENT:
        return (bring, "Any other locker with a free door will do as well.")
    return (
        bring,
        "Any other locker with a free door will do. Returning is always possible, however late it is.",
        "Not with you any more, or already back? Tell your supervisor now, so that it can be put right.",
    )


def _for_others(facts: Facts) -> tuple[str, ...]:
    holder = facts.holder or "the holder"
    return (
        f"Ask {holder} to bring it to {facts.bank} or any other locker with a free door.",
        "Once it is back, these messages stop by themselves.",
    )


def _thing(facts: Facts) -> str:
    return facts.thing or "The thing you took"
