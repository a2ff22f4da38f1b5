"""What may be taken here: for each type the best unit that passes the rules, or why none does."""

from collections.abc import Callable, Sequence
from datetime import datetime

from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.judges.authorisers import spending, still_lacking
from toolcrib.domain.judges.finding import Need, Remark
from toolcrib.domain.judges.terms import accepting, to_show
from toolcrib.domain.offers import kits
from toolcrib.domain.offers.option import Option, OptionKind, Refused, can_go_on
from toolcrib.domain.pairing import resting_on
from toolcrib.domain.questions import When, asked
from toolcrib.domain.rulebook import RuleBook, Subject
from toolcrib.domain.rules import Verdict, evaluate, with_unit
from toolcrib.domain.units import Chosen, Unit, best, units


def offered(
    bank: Bank, book: RuleBook, ask: Callable[[Unit], Subject], at: datetime
) -> tuple[tuple[Option, ...], tuple[Refused, ...]]:
    """Return the takes on offer, kits last, and what is refused; `ask` puts the question about a unit."""
    lent, refused = _by_type(bank, book, ask, at)
    whole, not_whole = kits.offered(bank, book, ask)
    return (*lent, *whole), (*refused, *not_whole)


def _by_type(
    bank: Bank, book: RuleBook, ask: Callable[[Unit], Subject], at: datetime
) -> tuple[tuple[Option, ...], tuple[Refused, ...]]:

    def best_of(of_kind: Sequence[Unit]) -> tuple[Chosen, Verdict] | None:
        return best(
            of_kind,
            lambda unit: evaluate(ask(unit), book),
            passes=lambda verdict: can_go_on(verdict, bank),
            costs=lambda verdict: verdict.overrides,
        )

    kinds = units(bank, book.types, at, book.kits.values()).values()
    judged = [found for of_kind in kinds if (found := best_of(of_kind))]
    screen = bank.mode is Mode.KIOSK
    lent = tuple(
        _take(chosen, verdict, ask(chosen.unit), book, screen=screen)
        for chosen, verdict in judged
        if can_go_on(verdict, bank)
    )
    refused = tuple(
        Refused(option=f"take:{kind}", title=book.types[kind].name, refusal=verdict.refusal)
        for kind, verdict in ((chosen.unit.content.type, verdict) for chosen, verdict in judged)
        if verdict.refusal is not None and not can_go_on(verdict, bank)
    )
    return lent, refused


def _take(chosen: Chosen, verdict: Verdict, subject: Subject, book: RuleBook, *, screen: bool) -> Option:
    unit, content = chosen.unit, chosen.unit.content
    questions = asked(subject.asset_type.questions, When.TAKE, subject.given.answers, screen=screen)
    which = Remark(says=f"unit.{chosen.why}", facts={"thing": content.name})
    return Option(
        id=f"take:{content.type}",
        kind=OptionKind.TAKE,
        title=book.types[content.type].name,
        door=unit.door,
        asset=content.asset,
        content=content,
        due_at=verdict.due.at,
        verdict=with_unit(verdict, chosen),
        needs=(*verdict.needs, Need.ANSWERS) if questions.missing else verdict.needs,
        asked=questions,
        remarks=(which, *verdict.remarks),
        unless=resting_on(book.pairs.values(), book.whereabouts, content.asset),
        terms=to_show(subject, book) if Need.TERMS in verdict.needs else None,
        accepts=accepting(subject, book),
        lacking=still_lacking(subject, book),
        spends=spending(subject, book),
    )
