"""A handover by phone: whom it is asked of, and the giver once it was accepted."""

from chalicelib.notices.wording.english.common import reference
from chalicelib.notices.wording.english.moments import stamp
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.loans import Loan


def asked_words(facts: Facts, loan: Loan) -> Words:
    """Word the request to take something over."""
    thing, giver = facts.thing or "something", facts.holder or "Somebody"
    hello = f"Hi {facts.reader}, " if facts.reader else ""
    until = stamp(loan.handover.expires_at, facts.zone) if loan.handover else ""
    condition = loan.handover.condition if loan.handover else ""
    rows = (("What", thing), ("From", giver), ("Condition", condition), ("Accept until", until))
    return Words(
        tone=Tone.CHECK,
        headline=f"{giver} wants to hand over {thing} to you",
        lead=f"{hello}{giver} says that you take over {thing}. It is yours once you accept, not before.",
        rows=tuple((label, value) for label, value in rows if value),
        steps=(
            "Accept it once you have it in your hands and it is in order.",
            "Not agreed? Decline it, or do nothing: it stays with them.",
        ),
        why="You get this because you were asked to take it over.",
        reference=reference(facts),
    )


def accepted_words(facts: Facts, loan: Loan) -> Words:
    """Tell the giver that it is no longer theirs."""
    thing, receiver = facts.thing or "the thing", facts.holder or "the other"
    hello = f"Hi {facts.reader}, " if facts.reader else ""
    since = stamp(loan.taken_at or loan.authorised_at, facts.zone)
    return Words(
        tone=Tone.CHECK,
        headline=f"{receiver} has taken over {thing}",
        lead=f"{hello}{thing} is with {receiver} now. Your loan is closed, and you are not reminded of it any more.",
        rows=(("What", thing), ("With", receiver), ("Since", since)),
        steps=("You did not hand it over? Tell your supervisor now, so that it can be put right.",),
        why="You get this because it was on loan to you.",
        reference=reference(facts),
    )
