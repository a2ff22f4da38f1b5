"""A loan that is called back, told to its holder: what is new is when it is due, and why."""

from chalicelib.notices.wording.english.common import reason, reference
from chalicelib.notices.wording.english.moments import stamp, when
from chalicelib.notices.wording.facts import Facts, shown
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.loans import Loan

REASON_LENGTH = 300


def recall_words(facts: Facts, loan: Loan) -> Words:
    """Word the notice of a recall."""
    thing = facts.thing or "The thing you took"
    hello = f"Hi {facts.holder}, " if facts.holder else ""
    due = when(loan.due_at, facts.now, facts.zone)
    before = loan.recalled.due_before if loan.recalled else loan.due_at
    sooner = before > loan.due_at
    lead = f"{thing} is needed. Please bring it back {due}" + (
        ", sooner than you were told." if sooner else ", as agreed."
    )
    rows = (
        ("What", thing),
        ("Why", shown(loan.recalled.reason, REASON_LENGTH) if loan.recalled else ""),
        ("Due", stamp(loan.due_at, facts.zone)),
        ("Was due", stamp(before, facts.zone) if sooner else ""),
        ("Where to", f"{facts.bank} at {facts.site}, or any locker with a free door"),
    )
    return Words(
        tone=Tone.CHECK,
        headline=f"Called back: {thing}, due {due}",
        lead=hello + lead,
        rows=tuple((label, value) for label, value in rows if value),
        steps=(
            f"Bring it to {facts.bank} and tap your badge: a free door opens. Close it, and you are done.",
            "It cannot be renewed any more. If you cannot bring it in time, tell your supervisor now.",
        ),
        why=reason(facts),
        reference=reference(facts),
    )
