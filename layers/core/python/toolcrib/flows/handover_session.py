"""From hand to hand at a kiosk: the giver picks what, the receiver's badge follows within a minute (rules.md).

The session says what it is for: once the giver has picked, it waits for one more badge and nothing else. Where the
receiver has to show something (a PIN, terms), the session becomes theirs and they choose once more.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace as changed

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.authorise import Ask
from toolcrib.domain.handing_over import TOGETHER, Meeting, Stated
from toolcrib.domain.judges.finding import Need
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offers.handovers import begins, carried_out, giving, taking_over
from toolcrib.domain.offers.option import Offer, OptionKind
from toolcrib.domain.people import Badge, BadgeState
from toolcrib.domain.refusals import LostRace, NotFound, Refusal
from toolcrib.domain.rulebook import Given, RuleBook
from toolcrib.domain.states import State
from toolcrib.domain.upkeep import Condition
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.flows.screening import show
from toolcrib.send.apologies import refused
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import publish
from toolcrib.send.sessions import Handing, Session
from toolcrib.send.words.reader import Reader
from toolcrib.store.lent import load_lent
from toolcrib.store.people import find_people
from toolcrib.telemetry import count

PREFIX = f"{OptionKind.HANDOVER}:"
Answers = Mapping[str, Any]


def begin(ask: Ask, session: Session, loan: str, answers: Answers | None, reader: Reader) -> str:
    """Note that the giver wants to hand a loan over, and wait for the other's badge; returns the outcome."""
    held = ask.person.holdings.get(loan)
    if held is None or held.state != "open":
        return _say(ask, "nothing_available", reader)
    handing = Handing(loan=loan, giver=ask.person.id, badge=session.badge, condition=str(stated(answers)))
    waiting = giving(loan, held, Need.AUTHORISER)
    show(ask, changed(session, handing=handing), Offer(options=(waiting,)), reader)
    return "session"


def join(ask: Ask, session: Session, badge: Badge, book: RuleBook, reader: Reader) -> str:
    """Let the receiver, whose badge was tapped now, take it over; show what they still need, or say why not."""
    handing = session.handing
    if handing is None or session.person != handing.giver:
        return _say(ask, "nothing_available", reader)
    if ask.at - session.begun_at > TOGETHER:
        return _say(ask, "session_expired", reader)
    meeting = meet(ask, session, badge, Given(session=session.upload))
    if meeting is None:
        return _say(ask, "nothing_available", reader)
    if received(ask, meeting.lent.loan, meeting.lent.asset):
        return done(ask, meeting.lent.asset.name, reader)
    offered = taking_over(meeting, book)
    if offered.refusals:
        return _no(ask, offered.refusals[0].refusal, reader)
    (option,) = offered.options
    if option.needs:
        show(ask, changed(session, person=ask.person.id, badge=badge.id), offered, reader)
        return "session"
    commit_and_alert(ask.org, carried_out(ask, option))
    return done(ask, option.title, reader)


def meet(ask: Ask, session: Session, badge: Badge, given: Given, answers: Answers | None = None) -> Meeting | None:
    """Return both with what is handed over, as it is on record now; None where it is no longer there to give.

    What has been handed over to the receiver is still returned: whoever hears no answer taps again, or a copy comes.
    """
    handing = session.handing
    if handing is None or handing.giver == ask.person.id:
        return None
    try:
        lent = load_lent(ask.org, handing.loan, ask.upload)
    except NotFound:
        return None
    _, badges = find_people(ask.org, (), (handing.badge,))
    theirs = badges.get(handing.badge)
    valid = theirs is not None and theirs.state is BadgeState.ACTIVE and theirs.person == handing.giver
    runs = lent.loan.state is LoanState.OPEN
    if runs and lent.asset.loan != lent.loan.id:
        raise LostRace(detail="it moved on while it was read")
    out = runs and lent.asset.state is State.ON_LOAN
    if not valid or lent.loan.person != handing.giver or not (out or received(ask, lent.loan, lent.asset)):
        return None
    return Meeting(
        lent=lent,
        receiver=ask.person,
        badge=badge,
        bank=ask.bank.id,
        site=ask.bank.site,
        at=ask.at,
        stated=Stated(giver=Condition(handing.condition), receiver=stated(answers)),
        given=given,
    )


def received(ask: Ask, loan: Loan, asset: Asset) -> bool:
    """Whether a loan was handed over to who asks: by this very upload, or by one before, and they have it still."""
    after = loan.handed_to
    still = after is not None and asset.loan == after and asset.custodian == Custodian.person(ask.person.id)
    return still or after == begins(ask)


def stated(answers: Answers | None) -> Condition:
    """Return what condition somebody says it is in: in order, unless they say otherwise."""
    said = (answers or {}).get("condition")
    return Condition.OK if said is None else Condition(str(said))


def done(ask: Ask, thing: str, reader: Reader) -> str:
    """Say that it is theirs now."""
    publish(ask.org, ask.bank.id, notice(ask.upload, "info", "handed_over", {"thing": thing}, reader))
    return "handed_over"


def _say(ask: Ask, code: str, reader: Reader) -> str:
    publish(ask.org, ask.bank.id, notice(ask.upload, "warn", code, {}, reader))
    count("Refusals", code=code)
    return code


def _no(ask: Ask, refusal: Refusal, reader: Reader) -> str:
    publish(ask.org, ask.bank.id, refused(ask.upload, refusal, reader))
    count("Refusals", code=refusal.code)
    return refusal.code
