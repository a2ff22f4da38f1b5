"""«Keep it longer», picked on a screen: the loan is read and judged, and the answer is a sentence; no door opens."""

from toolcrib.domain.authorise import Ask
from toolcrib.domain.lent import Lent
from toolcrib.domain.loans import Loan
from toolcrib.domain.offers.option import OptionKind
from toolcrib.domain.refusals import LostRace, NotFound, Refusal
from toolcrib.domain.rulebook import RuleBook
from toolcrib.flows.renew_loan import renew
from toolcrib.send.apologies import refused
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import publish
from toolcrib.store.lent import load_lent
from toolcrib.telemetry import count

PREFIX = f"{OptionKind.RENEW}:"


def choose(ask: Ask, option: str, book: RuleBook) -> str:
    """Renew the loan that an option names and say until when, or why not; returns the outcome. Raises `LostRace`."""
    try:
        lent = _theirs(ask, option.removeprefix(PREFIX))
        loan = renew(ask.org, lent, op=ask.upload, at=ask.at)
    except LostRace:
        raise
    except NotFound:
        return _no(ask, Refusal(code="nothing_available"))
    except Refusal as refusal:
        return _no(ask, refusal)
    _yes(ask, loan, lent.asset.name, book)
    return "renewed"


def _theirs(ask: Ask, loan_id: str) -> Lent:
    lent = load_lent(ask.org, loan_id, ask.upload)
    if lent.loan.person != ask.person.id:
        raise NotFound(detail="no such loan")
    return lent


def _yes(ask: Ask, loan: Loan, thing: str, book: RuleBook) -> None:
    site = book.sites.get(loan.site)
    facts = {"thing": thing, "due_at": loan.due_at.isoformat()}
    said = notice(ask.upload, "info", "renewed", facts, time_zone=site.time_zone if site else "UTC")
    publish(ask.org, ask.bank.id, said)


def _no(ask: Ask, refusal: Refusal) -> str:
    told = notice(ask.upload, "warn", refusal.code, {}) if not refusal.advice else refused(ask.upload, refusal)
    publish(ask.org, ask.bank.id, told)
    count("Refusals", code=refusal.code)
    return refusal.code
