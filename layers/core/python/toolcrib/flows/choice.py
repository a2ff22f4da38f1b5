"""What was picked on a screen: the session is opened, and badge, person and rules are judged afresh (design.md)."""

from collections.abc import Callable
from datetime import datetime

from toolcrib.domain import authorise
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.lapse import Proof
from toolcrib.domain.offers.handovers import taking_over
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import Offer, OptionKind
from toolcrib.domain.people import Badge, BadgeState, Person
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.rulebook import Given, RuleBook
from toolcrib.flows import answering, handover_session, renewal_choice
from toolcrib.flows.accepting import accept, decline
from toolcrib.flows.asking import ask_others
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.joining import who_is_here
from toolcrib.flows.screening import show_one
from toolcrib.flows.second_factor import Entered, prove
from toolcrib.flows.serving import Here, carry_out, free_unused, look, order, reader_at, somebody, whoever
from toolcrib.flows.suspicions import two_places
from toolcrib.send.apologies import refused
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import publish
from toolcrib.send.sessions import Session, unseal
from toolcrib.send.words.reader import Reader
from toolcrib.store.assets import load_asset
from toolcrib.store.commit import commit
from toolcrib.store.ledger import done
from toolcrib.store.loans import find_loan
from toolcrib.store.people import find_borrowers
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Choice

SAID = {
    OptionKind.NOT_TAKEN: "disowned",
    OptionKind.NOT_RETURNED: "not_put_in",
    OptionKind.HANDOVER: "handed_over",
}


def handle(choice: Arrival[Choice], *, now: datetime) -> None:
    """Serve a choice: exactly one answer, once committed."""
    session = unseal(choice.body.session, now=now)
    if session is None or (session.org, session.bank) != (choice.org, choice.bank):
        outcome = _say(choice, "session_expired", somebody(choice.org, choice.bank, now))
    else:
        outcome = _answered(choice, session, now)
    count("Choices", outcome=outcome)
    record("choice", org=choice.org, bank=choice.bank, op=choice.body.id, outcome=outcome)


def _answered(choice: Arrival[Choice], session: Session, now: datetime) -> str:
    try:
        return until_committed(lambda: _serve(choice, session, now))
    except LostRace:
        return _say(choice, "door_busy", whoever(choice.org, choice.bank, [session.badge], now))


def _serve(choice: Arrival[Choice], session: Session, now: datetime) -> str:
    here = look(choice.org, choice.bank, [session.badge])
    nobody = reader_at(here, None, now)
    if here.bank is None or here.bank.state is not BankState.ACTIVE:
        return _say(choice, "bank_revoked", nobody)
    if here.bank.generation != session.generation:
        return _say(choice, "session_expired", nobody)
    if here.badge is None or here.badge.state is BadgeState.REVOKED or here.badge.person != session.person:
        return _say(choice, "badge_revoked", nobody)
    body = choice.body
    if free_unused(choice.org, here.bank, Proof(at=choice.at, journal_depth=body.journal_depth, boot=body.boot)):
        raise LostRace(detail="doors were freed: look again")
    person, others = who_is_here(session, now)
    if person is None:
        return _say(choice, "badge_revoked", nobody)
    given = Given(session=session.upload, authorisers=others, terms_sha256=body.terms_sha256, answers=body.answers)
    return _decide(choice, session, here, here.badge, here.bank, person, given, now)


def _decide(
    choice: Arrival[Choice],
    session: Session,
    here: Here,
    badge: Badge,
    bank: Bank,
    person: Person,
    given: Given,
    now: datetime,
) -> str:
    body = choice.body
    ask = authorise.Ask(org=choice.org, bank=bank, person=person, upload=body.id, boot=body.boot, at=now)
    again = next((change for door in bank.doors if (change := authorise.again(ask, door))), None)
    if again is not None:
        commit(ask.org, again)
        order(ask, again)
        return "signed_again"
    reader = reader_at(here, person, now)
    if body.option.startswith(renewal_choice.PREFIX):
        return renewal_choice.choose(ask, body.option, here.book, reader)
    if session.handing is not None and session.handing.giver != person.id:

        def judged(shown: Given) -> Offer:
            return _taking_over(choice, session, ask, badge, shown, here.book)

        return _carried_out(choice, session, ask, given, judged, reader)
    if body.option.startswith(handover_session.PREFIX):
        loan = body.option.removeprefix(handover_session.PREFIX)
        return handover_session.begin(ask, session, loan, body.answers, reader)

    accounts = find_borrowers(choice.org, person)
    if authorise.granted_meanwhile(ask, accounts):
        raise LostRace(detail="a copy of this choice was granted meanwhile: look again")

    def offered_with(given: Given) -> Offer:
        return offer(person, badge, bank, here.book, now, given=given, accounts=accounts)

    return _carried_out(choice, session, ask, given, offered_with, reader)


def _taking_over(
    choice: Arrival[Choice], session: Session, ask: authorise.Ask, badge: Badge, given: Given, book: RuleBook
) -> Offer:
    """Return what a receiver may take over, with what they show for it; nothing where it is no longer there."""
    meeting = handover_session.meet(ask, session, badge, given, choice.body.answers)
    gone = meeting is None or meeting.lent.loan.handed_to is not None
    return Offer() if meeting is None or gone else taking_over(meeting, book)


def _carried_out(
    choice: Arrival[Choice],
    session: Session,
    ask: authorise.Ask,
    given: Given,
    offered_with: Callable[[Given], Offer],
    reader: Reader,
) -> str:
    """Carry out the option with what is given, the PIN looked at last: only where nothing else is against it."""
    body, offered = choice.body, offered_with(given)
    two_places(ask, offered)
    option = offered.option(body.option)
    proven = prove(_entered(choice, ask), ask.person, option.needs) if option is not None else None
    if proven is not None:
        offered = offered_with(replace(given, pin=proven.shown))
        option = offered.option(body.option)
    broken = option is not None and not option.needs and answering.stays(option)
    if option is None or option.needs or broken:
        if proven is not None and proven.cleared is not None:  # it was right: that it counted ends here
            commit(choice.org, Change(op=body.id, at=ask.at, pins=(proven.cleared,)))
        if option is not None and broken:
            return answering.keep(ask, option, reader)
        return _not_so(choice, session, ask, offered, reader)
    carry_out(replace(ask, proven=proven, others=given.authorisers), option)
    return _said(choice, option.kind, option.title, reader) if option.kind in SAID else f"open_{option.kind}"


def _entered(choice: Arrival[Choice], ask: authorise.Ask) -> Entered:
    body = choice.body
    return Entered(org=ask.org, session=body.session, upload=body.id, at=ask.at, pin=body.pin, new_pin=body.new_pin)


def _not_so(choice: Arrival[Choice], session: Session, ask: authorise.Ask, offered: Offer, reader: Reader) -> str:
    """Say what is still needed, or what is against it now, and keep what was accepted; nothing opens."""
    option, refusal = offered.option(choice.body.option), offered.refusal(choice.body.option)
    if refusal is None:
        return _gone(choice, ask, reader)
    if option is not None and option.terms is not None and refusal.code == "terms_required":
        if option.accepts:
            accept(ask, option.accepts)
        if option.terms.sha256 != session.terms:  # it is not what was on the screen
            show_one(ask, session, option, reader)
            return "session"
        if choice.body.terms_sha256 is None:
            decline(ask, option.terms)
    if option is not None and refusal.code == "answers_required" and not session.asked:
        show_one(ask, session, option, reader)
        return "session"
    if option is not None and refusal.code == "authorisation_required":
        ask_others(ask, option)
    publish(choice.org, choice.bank, refused(choice.body.id, refusal, reader))
    count("Refusals", code=refusal.code)
    return refusal.code


def _gone(choice: Arrival[Choice], ask: authorise.Ask, reader: Reader) -> str:
    """Say that an option is no longer there, unless it is gone because this very person's choice was carried out."""
    kind, _, loan_id = choice.body.option.partition(":")
    loan = find_loan(choice.org, loan_id) if kind in SAID else None
    if loan is not None:
        asset = load_asset(choice.org, loan.asset)
        if handover_session.received(ask, loan, asset) or done(choice.org, asset.id, choice.body.id):
            return _said(choice, OptionKind(kind), asset.name, reader)
    return _say(choice, "nothing_available", reader)


def _said(choice: Arrival[Choice], kind: OptionKind, thing: str, reader: Reader) -> str:
    return _say(choice, SAID[kind], reader, level="info", thing=thing)


def _say(choice: Arrival[Choice], code: str, reader: Reader, *, level: str = "warn", **facts: Fact) -> str:
    publish(choice.org, choice.bank, notice(choice.body.id, level, code, facts, reader))
    if level != "info":
        count("Refusals", code=code)
    return code
