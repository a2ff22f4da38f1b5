"""A loan's notices: a reminder to the holder, or what is late to those who need to know."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from chalicelib.notices.wording.about.common import (
    Rows,
    bank,
    bring_it,
    capital,
    greeted,
    holder,
    known_rows,
    place,
    reason,
    reference,
    thing,
    where_to,
)
from chalicelib.notices.wording.about.handovers import accepted_words, asked_words
from chalicelib.notices.wording.about.recalls import recall_words
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.speech.moments import length
from chalicelib.notices.wording.speech.speaking import Fact
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
    state = _state(facts, loan, late)
    return Words(
        tone=Tone.LATE if late >= MOMENT else Tone.REMINDER,
        headline=_headline(facts, late, to_holder=to_holder),
        lead=greeted(facts.holder, state, facts) if to_holder else f"{state} {_with_whom(facts, loan)}",
        rows=_rows(facts, loan, late, to_holder=to_holder),
        steps=_for_holder(facts, late) if to_holder else _for_others(facts),
        why=reason(facts),
        reference=reference(facts),
    )


def _headline(facts: Facts, late: timedelta, *, to_holder: bool) -> str:
    say = facts.speech.say
    with_whom = not to_holder and bool(facts.holder)
    what = say("{thing}, with {holder}", thing=thing(facts), holder=facts.holder) if with_whom else thing(facts)
    if late >= MOMENT:
        still = facts.notice.occurrence > 0
        again = say("Still overdue by {late}: {what}", late=late, what=what)
        return again if still else say("Overdue by {late}: {what}", late=late, what=what)
    if -late >= MOMENT:
        return say("Due in {left}: {what}", left=-late, what=what)
    return say("Due now: {what}", what=what)


def _state(facts: Facts, loan: Loan, late: timedelta) -> str:
    """Say how it stands with the loan; minutes in which the locker could take nothing back are named, not counted."""
    say = facts.speech.say
    known: dict[str, Fact] = {"thing": capital(thing(facts)), "due": loan.due_at}
    over, excused = facts.now - loan.due_at, loan.excused
    if over < MOMENT:
        now = over > -MOMENT
        return say("{thing} is due back now.", **known) if now else say("{thing} is due back {due}.", **known)
    if late < MOMENT:
        return say(
            "{thing} was due back {due}. For {excused} the locker could take nothing back, so it is not late yet.",
            excused=excused,
            **known,
        )
    if excused < MOMENT:
        return say("{thing} was due back {due}. It is now {late} late.", late=late, **known)
    return say(
        "{thing} was due back {due}. It is now {over} late, of which {excused} are the locker's fault: {late} count.",
        over=over,
        excused=excused,
        late=late,
        **known,
    )


def _with_whom(facts: Facts, loan: Loan) -> str:
    say, who = facts.speech.say, capital(holder(facts))
    if loan.taken_at is None:
        return say("{holder} has it.", holder=who)
    return say("{holder} has it, taken {taken}.", holder=who, taken=loan.taken_at)


def _rows(facts: Facts, loan: Loan, late: timedelta, *, to_holder: bool) -> Rows:
    say, stamp = facts.speech.say, facts.speech.stamp
    same = facts.thing_type.casefold() in facts.thing.casefold()
    taken = stamp(loan.taken_at) if loan.taken_at else ""
    excused = say("{excused} in which the locker could take nothing back", excused=loan.excused)
    return known_rows(
        (
            (say("What"), thing(facts) if same else f"{thing(facts)} ({facts.thing_type})"),
            (say("Who has it"), "" if to_holder else facts.holder),
            (say("Taken"), say("{taken}, from {place}", taken=taken, place=place(facts)) if taken else ""),
            (say("Due"), stamp(loan.due_at)),
            (say("Late by"), length(facts.speech, late) if late >= MOMENT else ""),
            (say("Not counted"), excused if loan.excused >= MOMENT else ""),
            (say("Where to"), where_to(facts)),
        )
    )


def _for_holder(facts: Facts, late: timedelta) -> tuple[str, ...]:
    say = facts.speech.say
    if late < MOMENT:
        return (bring_it(facts), say("Any other locker with a free door will do as well."))
    return (
        bring_it(facts),
        say("Any other locker with a free door will do. Returning is always possible, however late it is."),
        say("Not with you any more, or already back? Tell your supervisor now, so that it can be put right."),
    )


def _for_others(facts: Facts) -> tuple[str, ...]:
    say, who = facts.speech.say, holder(facts)
    there = bank(facts)
    return (
        say("Ask {holder} to bring it to {bank} or any other locker with a free door.", holder=who, bank=there),
        say("Once it is back, these messages stop by themselves."),
    )
