"""What was picked on a screen: the session is opened, and badge, person and rules are judged afresh (design.md)."""

from datetime import datetime

from toolcrib.domain import authorise
from toolcrib.domain.doors import BankState
from toolcrib.domain.offers import OptionKind, offer
from toolcrib.domain.people import BadgeState
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.serving import Here, carry_out, look, order
from toolcrib.flows.suspicions import two_places
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import publish
from toolcrib.send.sessions import Session, unseal
from toolcrib.store.commit import commit
from toolcrib.store.people import load_person
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Choice

SAID = {OptionKind.NOT_TAKEN: "disowned", OptionKind.NOT_RETURNED: "not_put_in"}


def handle(choice: Arrival[Choice], *, now: datetime) -> None:
    """Serve a choice: exactly one answer, once committed."""
    try:
        outcome = until_committed(lambda: _serve(choice, now))
    except LostRace:
        outcome = _say(choice, "door_busy")
    count("Choices", outcome=outcome)
    record("choice", org=choice.org, bank=choice.bank, op=choice.body.id, outcome=outcome)


def _serve(choice: Arrival[Choice], now: datetime) -> str:
    session = unseal(choice.body.session, now=now)
    if session is None or (session.org, session.bank) != (choice.org, choice.bank):
        return _say(choice, "session_expired")
    here = look(choice.org, choice.bank, [session.badge])
    if here.bank is None or here.bank.state is not BankState.ACTIVE:
        return _say(choice, "bank_revoked")
    if here.bank.generation != session.generation:
        return _say(choice, "session_expired")
    if here.badge is None or here.badge.state is BadgeState.REVOKED or here.badge.person != session.person:
        return _say(choice, "badge_revoked")
    return _decide(choice, here, session, now)


def _decide(choice: Arrival[Choice], here: Here, session: Session, now: datetime) -> str:
    if here.bank is None or here.badge is None:
        raise ValueError(choice.body.id)
    person = load_person(choice.org, session.person)
    body = choice.body
    ask = authorise.Ask(org=choice.org, bank=here.bank, person=person, upload=body.id, boot=body.boot, at=now)
    again = next((change for door in here.bank.doors if (change := authorise.again(ask, door))), None)
    if again is not None:
        commit(ask.org, again)
        order(ask, again)
        return "signed_again"
    offered = offer(person, here.badge, here.bank, here.book, now)
    two_places(ask, offered)
    option = offered.option(body.option)
    if option is None:
        return _say(choice, "nothing_available")
    carry_out(ask, option, person)
    if option.kind in SAID:
        return _say(choice, SAID[option.kind], level="info", thing=option.title)
    return f"open_{option.kind}"


def _say(choice: Arrival[Choice], code: str, *, level: str = "warn", **facts: str) -> str:
    publish(choice.org, choice.bank, notice(choice.body.id, level, code, facts))
    count("Refusals", code=code)
    return code
