"""What may be taken here: for each type the best unit that passes the rules, or why none does."""

from collections.abc import Callable

from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.judges.finding import Need
from toolcrib.domain.judges.terms import accepting, to_show
from toolcrib.domain.offers.option import Option, OptionKind, Refused
from toolcrib.domain.rulebook import RuleBook, Subject
from toolcrib.domain.rules import Verdict, evaluate
from toolcrib.domain.units import Unit, best, units


def offered(
    bank: Bank, book: RuleBook, ask: Callable[[Unit], Subject]
) -> tuple[tuple[Option, ...], tuple[Refused, ...]]:
    """Return the takes on offer and the types that are refused; `ask` puts the question about a unit."""
    judged = [
        found
        for kind, of_kind in units(bank).items()
        if kind in book.types
        and (found := best(of_kind, lambda unit: evaluate(ask(unit), book), passes=lambda v: can_go_on(v, bank)))
    ]
    lent = tuple(_take(unit, verdict, ask(unit), book) for unit, verdict in judged if can_go_on(verdict, bank))
    refused = tuple(
        Refused(option=f"take:{unit.content.type}", title=book.types[unit.content.type].name, refusal=verdict.refusal)
        for unit, verdict in judged
        if verdict.refusal is not None and not can_go_on(verdict, bank)
    )
    return lent, refused


def can_go_on(verdict: Verdict, bank: Bank) -> bool:
    """Whether a take can be offered: a screen can ask for what is still needed, an express bank cannot."""
    return verdict.allowed or (bool(verdict.needs) and bank.mode is Mode.KIOSK)


def _take(unit: Unit, verdict: Verdict, subject: Subject, book: RuleBook) -> Option:
    content = unit.content
    return Option(
        id=f"take:{content.type}",
        kind=OptionKind.TAKE,
        title=book.types[content.type].name,
        door=unit.door,
        asset=content.asset,
        content=content,
        due_at=verdict.due.at,
        verdict=verdict,
        needs=verdict.needs,
        note=f"{content.name}, longest here",
        terms=to_show(subject, book) if Need.TERMS in verdict.needs else None,
        accepts=accepting(subject, book),
    )
