"""A handover by phone: whom it is asked of, and the giver once it was accepted."""

from typing import Final

from chalicelib.notices.wording.about.common import capital, greeted, holder, known_rows, reference, thing
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.loans import Loan
from toolcrib.domain.upkeep import Condition
from toolcrib.send.words.marks import sentence

CONDITIONS: Final = {
    Condition.OK: sentence("in order"),
    Condition.MINOR: sentence("a minor fault"),
    Condition.CRITICAL: sentence("a critical fault"),
}


def asked_words(facts: Facts, loan: Loan) -> Words:
    """Word the request to take something over."""
    say, asked = facts.speech.say, loan.handover
    what, giver = thing(facts), holder(facts)
    lead = say(
        "{giver} says that you take over {thing}. It is yours once you accept, not before.",
        giver=capital(giver),
        thing=what,
    )
    rows = (
        (say("What"), what),
        (say("From"), giver),
        (say("Condition"), say(CONDITIONS[Condition(asked.condition)]) if asked else ""),
        (say("Accept until"), facts.speech.stamp(asked.expires_at) if asked else ""),
    )
    return Words(
        tone=Tone.CHECK,
        headline=say("{giver} wants to hand over {thing} to you", giver=capital(giver), thing=what),
        lead=greeted(facts.reader, lead, facts),
        rows=known_rows(rows),
        steps=(
            say("Accept it once you have it in your hands and it is in order."),
            say("Not agreed? Decline it, or do nothing: it stays with them."),
        ),
        why=say("You get this because you were asked to take it over."),
        reference=reference(facts),
    )


def accepted_words(facts: Facts, loan: Loan) -> Words:
    """Tell the giver that it is no longer theirs."""
    say, what, receiver = facts.speech.say, thing(facts), holder(facts)
    lead = say(
        "{thing} is with {receiver} now. Your loan is closed, and you are not reminded of it any more.",
        thing=capital(what),
        receiver=receiver,
    )
    since = facts.speech.stamp(loan.taken_at or loan.authorised_at)
    return Words(
        tone=Tone.CHECK,
        headline=say("{receiver} has taken over {thing}", receiver=capital(receiver), thing=what),
        lead=greeted(facts.reader, lead, facts),
        rows=known_rows(((say("What"), what), (say("With"), receiver), (say("Since"), since))),
        steps=(say("You did not hand it over? Tell your supervisor now, so that it can be put right."),),
        why=say("You get this because it was on loan to you."),
        reference=reference(facts),
    )
