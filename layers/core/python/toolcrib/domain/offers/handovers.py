"""Handing over at a screen: what its holder may offer, and what whoever comes next may take over.

Giving is offered for every open loan; it is no reason not to open at once for the one thing that makes sense. Taking
over is judged like a take, and carried out in one change.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from toolcrib.domain import authorise, handing_over
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.handing_over import Meeting
from toolcrib.domain.ids import derived
from toolcrib.domain.judges.authorisers import spending, still_lacking
from toolcrib.domain.judges.finding import Need
from toolcrib.domain.judges.terms import accepting, to_show
from toolcrib.domain.offers.option import Offer, Option, OptionKind, Refused
from toolcrib.domain.offers.returns import by_due
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.rules import evaluate

MOST = 8  # of one person at one tap, those due first: a screen is no list


def offered(person: Person, bank: Bank, _: datetime) -> Iterator[Option]:
    """Return what a person may hand over, the loan due first first."""
    held = by_due(person) if bank.mode is Mode.KIOSK else []
    return islice((giving(loan, each) for loan, each in held if each.state == "open"), MOST)


def giving(loan: str, held: Holding, *needs: Need) -> Option:
    """Return the option to hand over a loan."""
    return Option(
        id=f"{OptionKind.HANDOVER}:{loan}",
        kind=OptionKind.HANDOVER,
        title=held.name,
        asset=held.asset,
        due_at=held.until,
        loan=loan,
        needs=needs,
    )


def taking_over(meeting: Meeting, book: RuleBook) -> Offer:
    """Return what the receiver may do: take it over, with what is still needed, or why not."""
    question = handing_over.question(meeting, book)
    verdict, loan, asset = evaluate(question, book), meeting.lent.loan, meeting.lent.asset
    option = Option(
        id=f"{OptionKind.HANDOVER}:{loan.id}",
        kind=OptionKind.HANDOVER,
        title=asset.name,
        asset=asset.id,
        due_at=verdict.due.at,
        loan=loan.id,
        verdict=verdict,
        needs=verdict.needs,
        remarks=verdict.remarks,
        terms=to_show(question, book) if Need.TERMS in verdict.needs else None,
        accepts=accepting(question, book),
        lacking=still_lacking(question, book),
        spends=spending(question, book),
        meeting=meeting,
    )
    refusal = verdict.refusal
    if refusal is not None and not verdict.needs:
        return Offer(refusals=(Refused(option=option.id, title=option.title, refusal=refusal),))
    return Offer(options=(option,))


def begins(ask: authorise.Ask) -> str:
    """Return the id of the loan that a handover by this upload begins."""
    return derived("handover", ask.org, ask.bank.id, ask.upload)


def carried_out(ask: authorise.Ask, option: Option) -> Change:
    """Return what handing over at a bank writes; what the receiver showed for it is used up with it."""
    meeting, verdict = option.meeting, option.verdict
    if meeting is None or verdict is None:
        raise ValueError(option.id)
    loan_id = begins(ask)
    change = handing_over.handed_over(meeting, verdict, op=ask.upload, loan_id=loan_id)
    *others, mine = change.holdings
    shown = replace(mine, **authorise.remembered_of(ask, option, verdict))
    return replace(change, holdings=(*others, shown), **authorise.used_up(ask, option, verdict, loan_id))
