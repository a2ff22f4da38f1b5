"""A loan that is called back, told to its holder: what is new is when it is due, and why."""

from chalicelib.notices.wording.about.common import (
    bring_it,
    capital,
    greeted,
    known_rows,
    reason,
    reference,
    thing,
    where_to,
)
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.loans import Loan
from toolcrib.send.slack_text import shown

REASON_LENGTH = 300


def recall_words(facts: Facts, loan: Loan) -> Words:
    """Word the notice of a recall."""
    say, stamp = facts.speech.say, facts.speech.stamp
    what, due = capital(thing(facts)), loan.due_at
    before = loan.recalled.due_before if loan.recalled else due
    moved = before > due
    sooner = say("{thing} is needed. Please bring it back {due}, sooner than you were told.", thing=what, due=due)
    agreed = say("{thing} is needed. Please bring it back {due}, as agreed.", thing=what, due=due)
    rows = (
        (say("What"), thing(facts)),
        (say("Why"), shown(loan.recalled.reason, REASON_LENGTH) if loan.recalled else ""),
        (say("Due"), stamp(due)),
        (say("Was due"), stamp(before) if moved else ""),
        (say("Where to"), where_to(facts)),
    )
    return Words(
        tone=Tone.CHECK,
        headline=say("Called back: {thing}, due {due}", thing=thing(facts), due=due),
        lead=greeted(facts.holder, sooner if moved else agreed, facts),
        rows=known_rows(rows),
        steps=(
            bring_it(facts),
            say("It cannot be renewed any more. If you cannot bring it in time, tell your supervisor now."),
        ),
        why=reason(facts),
        reference=reference(facts),
    )
