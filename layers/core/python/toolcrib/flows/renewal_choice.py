"""«Keep it longer», picked on a screen: the loan is read and judged, and the answer is a sentence; no door opens."""

from toolcrib.domain.authorise import Ask
from toolcrib.domain.lent import Lent
from toolcrib.domain.offers.option import OptionKind
from toolcrib.domain.refusals import LostRace, NotFound, Refusal
from toolcrib.domain.rulebook import RuleBook
from toolcrib.flows.renew_loan import renew
from toolcrib.send.apologies import refused
from toolcrib.send.bank_words import notice
from toolcrib.send.banks import publish
from toolcrib.send.words.reader import Reader
from toolcrib.store.lent import load_lent
from toolcrib.telemetry import count

PREFIX = f"{OptionKind.RENEW}:"


def choose(ask: Ask, option: str, book: RuleBook, reader: Reader) -> str:
    """Renew the loan that an option names and say until when, or why not; returns the outcome. Raises `LostRace`."""
    try:
        lent = _theirs(ask, option.removeprefix(PREFIX))
        loan = renew(ask.org, lent, book, op=ask.upload, at=ask.at)
    except LostRace:
        raise
    except NotFound:
        return _no(ask, Refusal(code="nothing_available"), reader)
    except Refusal as refusal:
        return _no(ask, refusal, reader)
    told = notice(ask.upload, "info", "renewed", {"thing": lent.asset.name, "due": loan.due_at}, reader)
    publish(ask.org, ask.bank.id, told)
    return "renewed"


def _theirs(ask: Ask, loan_id: str) -> Lent:
    lent = load_lent(ask.org, loan_id, ask.upload)
    if lent.loan.person != ask.person.id:
        raise NotFound(detail="no such loan")
    return lent


def _no(ask: Ask, refusal: Refusal, reader: Reader) -> str:
    publish(ask.org, ask.bank.id, refused(ask.upload, refusal, reader))
    count("Refusals", code=refusal.code)
    return refusal.code
