"""A badge at a reader: say who it is, decide what it may do here, open a door, let choose, or say why not."""

from datetime import datetime

from toolcrib.domain import authorise
from toolcrib.domain.answers import Choose, Sorry, answer
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.lapse import Proof
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import Offer
from toolcrib.domain.people import Badge, BadgeState, Person
from toolcrib.domain.refusals import LostRace
from toolcrib.flows import handover_session, no_room
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.countersign import countersign
from toolcrib.flows.elsewhere import nearest_room
from toolcrib.flows.joining import join
from toolcrib.flows.screening import show
from toolcrib.flows.serving import Here, carry_out, free_unused, look, order, reader_at, whoever
from toolcrib.flows.suspicions import two_places, unknown_badge
from toolcrib.send.apologies import refused, sorry
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import publish
from toolcrib.send.sessions import Session, unseal
from toolcrib.send.words.reader import Reader
from toolcrib.store.commit import commit
from toolcrib.store.people import find_borrowers, find_person
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Tap


def handle(tap: Arrival[Tap], *, now: datetime) -> None:
    """Serve a tap. Whatever happens, somebody is waiting: every tap gets exactly one answer, once committed."""
    try:
        outcome = until_committed(lambda: _serve(tap, now))
    except LostRace:
        outcome = _say(tap, "door_busy", whoever(tap.org, tap.bank, list(tap.body.badges), now))
    count("Taps", outcome=outcome)
    record("tap", org=tap.org, bank=tap.bank, op=tap.body.id, outcome=outcome)


def _serve(tap: Arrival[Tap], now: datetime) -> str:
    here = look(tap.org, tap.bank, list(tap.body.badges))
    if here.bank is None or here.bank.state is not BankState.ACTIVE:
        return _say(tap, "bank_revoked", reader_at(here, None, now))
    if here.badge is None:
        unknown_badge(tap.org, here.bank, tap.at)
        return _say(tap, "badge_unknown", reader_at(here, None, now))
    if here.badge.state is BadgeState.REVOKED:
        return _say(tap, "badge_revoked", reader_at(here, None, now))
    proof = Proof(at=tap.at, journal_depth=tap.body.journal_depth, boot=tap.body.boot)
    if free_unused(tap.org, here.bank, proof):
        raise LostRace(detail="doors were freed: look again")
    person = find_person(tap.org, here.badge.person)
    if person is None:
        return _say(tap, "badge_unknown", reader_at(here, None, now))
    return _decide(tap, here, here.badge, here.bank, person, now)


def _decide(tap: Arrival[Tap], here: Here, badge: Badge, bank: Bank, person: Person, now: datetime) -> str:
    ask = authorise.Ask(org=tap.org, bank=bank, person=person, upload=tap.body.id, boot=tap.body.boot, at=now)
    session = None if tap.body.session is None else unseal(tap.body.session, now=now)
    if tap.body.session is not None and not _runs(session, tap, bank):
        return _say(tap, "session_expired", reader_at(here, person, now))
    if session is not None and session.handing is not None and session.person != person.id:
        return handover_session.join(ask, session, badge, here.book, reader_at(here, person, now))
    if session is not None and session.person != person.id:
        return _joined(tap, ask, session, badge, here)
    if _again(ask):
        return "signed_again"
    if countersign(ask):
        publish(tap.org, tap.bank, notice(tap.body.id, "info", "countersigned", {}, reader_at(here, person, now)))
        return "countersigned"
    accounts = find_borrowers(tap.org, person)
    if authorise.granted_meanwhile(ask, accounts):
        raise LostRace(detail="a copy of this tap was granted meanwhile: look again")
    offered = offer(person, badge, bank, here.book, now, accounts=accounts)
    two_places(ask, offered)
    no_room.note(ask, offered, here.book)  # before the answer: whoever gets none taps again, and it is noted then
    return _answer(tap, ask, offered, badge, here)


def _runs(session: Session | None, tap: Arrival[Tap], bank: Bank) -> bool:
    here = (tap.org, tap.bank, bank.generation)
    return session is not None and (session.org, session.bank, session.generation) == here


def _joined(tap: Arrival[Tap], ask: authorise.Ask, session: Session, badge: Badge, here: Here) -> str:
    """A further badge in somebody else's session."""
    refusal = join(ask, session, badge, here.book)
    if refusal is None:
        return "joined"
    publish(tap.org, tap.bank, refused(tap.body.id, refusal, reader_at(here, ask.person, ask.at)))
    count("Refusals", code=refusal.code)
    return refusal.code


def _again(ask: authorise.Ask) -> bool:
    """A grant of this person that was not used yet is signed again: the cure for a lost command."""
    again = next((change for door in ask.bank.doors if (change := authorise.again(ask, door))), None)
    if again is None:
        return False
    commit(ask.org, again)
    order(ask, again)
    return True


def _answer(tap: Arrival[Tap], ask: authorise.Ask, offered: Offer, badge: Badge, here: Here) -> str:
    reply = answer(offered, ask.bank.mode)
    reader = reader_at(here, ask.person, ask.at)
    if isinstance(reply, Sorry):
        publish(tap.org, tap.bank, sorry(tap.body.id, reply, reader, elsewhere=nearest_room(ask, reply, here.book)))
        count("Refusals", code=reply.code)
        return reply.code
    if isinstance(reply, Choose):
        show(ask, _session(ask, badge), offered, reader)
        return "session"
    carry_out(ask, reply)
    return f"open_{reply.kind}"


def _session(ask: authorise.Ask, badge: Badge) -> Session:
    return Session(
        org=ask.org,
        bank=ask.bank.id,
        generation=ask.bank.generation,
        person=ask.person.id,
        badge=badge.id,
        upload=ask.upload,
        begun_at=ask.at,
    )


def _say(tap: Arrival[Tap], code: str, reader: Reader) -> str:
    level = "warn" if code == "door_busy" else "error"
    publish(tap.org, tap.bank, notice(tap.body.id, level, code, {}, reader))
    count("Refusals", code=code)
    return code
