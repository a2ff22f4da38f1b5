"""Phrases that loans, cases and people share."""

from collections.abc import Iterable
from typing import Final

from chalicelib.notices.wording.facts import Facts
from toolcrib.domain.policies import To
from toolcrib.send.words.marks import sentence

REASONS: Final = {
    To.HOLDER: sentence("You get this because it is on loan to you."),
    To.SUPERVISOR: sentence("You get this because you supervise {site}."),
    To.MANAGER: sentence("You get this because you are the manager of {holder}."),
    To.OWNER: sentence("You get this because things of this type are yours to look after."),
    To.CHANNEL: sentence("This channel is told about {site}."),
}
LAST_USER: Final = sentence("You get this because you used it last.")

Rows = tuple[tuple[str, str], ...]


def thing(facts: Facts) -> str:
    """Return what it is about, as its name stands on record."""
    return facts.thing or facts.speech.say("something")


def holder(facts: Facts) -> str:
    """Return who has it, or whom it is about."""
    return facts.holder or facts.speech.say("somebody")


def bank(facts: Facts) -> str:
    """Return the locker's name."""
    return facts.bank or facts.speech.say("a locker")


def place(facts: Facts) -> str:
    """Return `hq-01, door 3`, as it stands on the cabinet."""
    say = facts.speech.say
    return bank(facts) if facts.door is None else say("{bank}, door {door}", bank=bank(facts), door=facts.door)


def door_of(facts: Facts) -> str:
    """Return `door 3 of hq-01`, as it stands in a sentence."""
    say = facts.speech.say
    if facts.door is None:
        return say("locker {bank}", bank=facts.bank) if facts.bank else say("a locker")
    known = say("door {door} of {bank}", door=facts.door, bank=facts.bank)
    return known if facts.bank else say("door {door}", door=facts.door)


def where_to(facts: Facts) -> str:
    """Return where a thing is brought: where it came from, or anywhere with room."""
    say, site = facts.speech.say, facts.site
    anywhere = say("{bank}, or any locker with a free door", bank=bank(facts))
    return say("{bank} at {site}, or any locker with a free door", bank=bank(facts), site=site) if site else anywhere


def bring_it(facts: Facts) -> str:
    """Say how a thing is brought back."""
    say = facts.speech.say
    return say(
        "Bring it to {bank} and tap your badge: a free door opens. Close it, and you are done.", bank=bank(facts)
    )


def greeted(name: str, lead: str, facts: Facts) -> str:
    """Return a lead with a greeting before it, where there is a name to greet."""
    greeting = facts.speech.say("Hi {name},", name=name)
    return f"{greeting} {lead}" if name else lead


def capital(phrase: str) -> str:
    """Begin a sentence with one of our own phrases; what has a name keeps it as it is written."""
    return phrase[:1].upper() + phrase[1:]


def known_rows(rows: Iterable[tuple[str, str]]) -> Rows:
    """Return the rows of which something is known."""
    return tuple((label, value) for label, value in rows if value)


def reason(facts: Facts, form: str | None = None) -> str:
    """Say why this reader gets it, and of a notice that is late itself, that it is; nothing of others."""
    say, notice = facts.speech.say, facts.notice
    chosen = LAST_USER if notice.to is To.HOLDER and facts.case else REASONS[notice.to]
    why = say(form or chosen, site=facts.site or say("this site"), holder=holder(facts))
    if not notice.late:
        return why
    late = say("It comes late: it should have reached you {due}.", due=notice.due_at)
    return f"{why} {late}"


def reference(facts: Facts) -> str:
    """Return what leads support to the record."""
    say, notice = facts.speech.say, facts.notice
    if notice.person is not None:
        return say("Person {id} · {step}", id=notice.person, step=notice.step)
    if facts.request is not None:
        return say("Request {id} · {step}", id=facts.request.id, step=notice.step)
    if facts.loan:
        return say("Loan {id} · {step}", id=facts.loan.id, step=notice.step)
    return say("Case {id} · {step}", id=notice.case or "", step=notice.step)
