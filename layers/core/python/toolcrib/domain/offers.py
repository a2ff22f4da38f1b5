"""What a person can do at a bank right now: the one list that express banks, kiosks and choices are judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from toolcrib.domain.assets import SIZES
from toolcrib.domain.doors import Bank, BankState, Content, Door
from toolcrib.domain.people import Badge, Holding, Person
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.rules import Verdict, evaluate


class OptionKind(StrEnum):
    """What an option does."""

    TAKE = "take"
    RETURN = "return"
    NOT_TAKEN = "not_taken"
    NOT_RETURNED = "not_returned"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that can be done. `id` stays the same while the offer means the same."""

    id: str
    kind: OptionKind
    title: str
    door: Door
    asset: str
    due_at: datetime | None = None
    loan: str | None = None
    content: Content | None = None
    verdict: Verdict | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One thing that is there but not for this person now."""

    title: str
    refusal: Refusal


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Returns first, by due time; then takes by type; and what is refused, with why."""

    options: tuple[Option, ...]
    refusals: tuple[Refused, ...]

    def of(self, kind: OptionKind) -> tuple[Option, ...]:
        """Return the options of one kind."""
        return tuple(option for option in self.options if option.kind is kind)


def offer(person: Person, badge: Badge, bank: Bank, book: RuleBook, at: datetime) -> Offer:
    """Return what `person` can do at `bank` at the instant `at`."""
    judged = [(content, doors, evaluate(book.subject(person, badge, content.type, bank, at), book))
              for content, doors in _units(bank)]  # fmt: skip
    takes = tuple(_take(content, door, verdict, book) for content, door, verdict in judged if verdict.allowed)
    refused = tuple(
        Refused(title=book.types[content.type].name, refusal=verdict.refusal)
        for content, _, verdict in judged
        if verdict.refusal is not None
    )
    return Offer(options=(*_returns(person, bank, book, at), *takes), refusals=refused)


def _units(bank: Bank) -> Iterator[tuple[Content, Door]]:
    """Yield the best unit of each type: longest here first, which spreads wear, then the lowest door (rules.md)."""
    if bank.state is not BankState.ACTIVE:
        return
    best: dict[str, tuple[Content, Door]] = {}
    lendable = (door for door in bank.doors if not door.busy and door.unlendable is None)
    for content, door in sorted(((c, d) for d in lendable for c in d.contents), key=lambda unit: unit[0].since):
        best.setdefault(content.type, (content, door))
    yield from (best[kind] for kind in sorted(best))


def _take(content: Content, door: Door, verdict: Verdict, book: RuleBook) -> Option:
    return Option(
        id=f"take:{content.type}", kind=OptionKind.TAKE, title=book.types[content.type].name, door=door,
        asset=content.asset, content=content, due_at=verdict.due.at, verdict=verdict,
    )  # fmt: skip


def _returns(person: Person, bank: Bank, book: RuleBook, at: datetime) -> Iterator[Option]:
    """Yield a return for each thing the person has or may have, where a free door here fits it."""
    for loan, holding in sorted(person.holdings.items(), key=lambda held: held[1].until):
        if holding.state == "pending" and at <= holding.until:
            continue
        door = fitting_door(bank, _size(holding, book))
        if door is not None:
            yield Option(
                id=f"return:{loan}", kind=OptionKind.RETURN, title=holding.name, door=door, asset=holding.asset,
                due_at=holding.until, loan=loan,
            )  # fmt: skip


def _size(holding: Holding, book: RuleBook) -> str:
    kind = book.types.get(holding.type)
    return kind.size if kind is not None else "S"


def fitting_door(bank: Bank, size: str) -> Door | None:
    """Return the smallest free door that takes a thing of this size, lowest number first; None if there is none."""
    fits = [door for door in bank.doors if door.free and SIZES.get(door.size, 0) >= SIZES.get(size, 0)]
    return min(fits, key=lambda door: (SIZES.get(door.size, 0), door.number), default=None)
