"""What a person can do at a bank right now: the one list that express banks, kiosks and choices are judged by."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from toolcrib.domain.assets import SIZES
from toolcrib.domain.doors import Bank, Content, Door, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import loan_of
from toolcrib.domain.people import Badge, Holding, Person
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.rules import Verdict, evaluate

SECOND_THOUGHTS = timedelta(seconds=60)  # rules.md, *Doors*: «I did not take it» counts for so long


class OptionKind(StrEnum):
    """What an option does."""

    TAKE = "take"
    RETURN = "return"
    NOT_TAKEN = "not_taken"
    NOT_RETURNED = "not_returned"


class Option(Record, frozen=True, kw_only=True):
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


class Refused(Record, frozen=True, kw_only=True):
    """One thing that is there but not for this person now."""

    title: str
    refusal: Refusal


class Offer(Record, frozen=True, kw_only=True):
    """Returns first, by due time; then takes by type; then second thoughts. And what is refused, with why."""

    options: tuple[Option, ...] = ()
    refusals: tuple[Refused, ...] = ()
    no_room: tuple[Holding, ...] = ()

    def of(self, kind: OptionKind) -> tuple[Option, ...]:
        """Return the options of one kind."""
        return tuple(option for option in self.options if option.kind is kind)

    def option(self, option_id: str) -> Option | None:
        """Return an option by its id."""
        return next((option for option in self.options if option.id == option_id), None)


def offer(person: Person, badge: Badge, bank: Bank, book: RuleBook, at: datetime) -> Offer:
    """Return what `person` can do at `bank` at the instant `at`."""
    judged = [
        (content, door, evaluate(book.subject(person, badge, content.type, bank, at), book))
        for content, door in _units(bank)
        if content.type in book.types
    ]
    takes = tuple(_take(content, door, verdict, book) for content, door, verdict in judged if verdict.allowed)
    refused = tuple(
        Refused(title=book.types[content.type].name, refusal=verdict.refusal)
        for content, _, verdict in judged
        if verdict.refusal is not None
    )
    due_back = [(loan, held) for loan, held in _by_due(person) if _may_come_back(held, at)]
    returns = tuple(_return(loan, held, door) for loan, held in due_back if (door := _room(held, bank, book)))
    no_room = tuple(held for _, held in due_back if _room(held, bank, book) is None)
    return Offer(options=(*returns, *takes, *_second_thoughts(person, bank, at)), refusals=refused, no_room=no_room)


def _units(bank: Bank) -> Iterator[tuple[Content, Door]]:
    """Yield the best unit of each type: longest here first, which spreads wear, then the lowest door (rules.md)."""
    best: dict[str, tuple[Content, Door]] = {}
    lendable = (door for door in bank.doors if not door.busy and door.unlendable is None)
    for content, door in sorted(((c, d) for d in lendable for c in d.contents), key=lambda unit: unit[0].since):
        best.setdefault(content.type, (content, door))
    yield from (best[kind] for kind in sorted(best))


def _take(content: Content, door: Door, verdict: Verdict, book: RuleBook) -> Option:
    return Option(
        id=f"take:{content.type}",
        kind=OptionKind.TAKE,
        title=book.types[content.type].name,
        door=door,
        asset=content.asset,
        content=content,
        due_at=verdict.due.at,
        verdict=verdict,
        note=f"{content.name}, longest here",
    )


def _by_due(person: Person) -> list[tuple[str, Holding]]:
    return sorted(person.holdings.items(), key=lambda held: (held[1].until, held[0]))


def _may_come_back(held: Holding, at: datetime) -> bool:
    """Open loans, pending ones past their grant, and whatever is unconfirmed and last seen with this person."""
    return held.state != "pending" or at > held.until


def _room(held: Holding, bank: Bank, book: RuleBook) -> Door | None:
    kind = book.types.get(held.type)
    return fitting_door(bank, kind.size if kind is not None else "S")


def _return(key: str, held: Holding, door: Door) -> Option:
    loan = loan_of(key)
    return Option(
        id=f"return:{key}",
        kind=OptionKind.RETURN,
        title=held.name,
        door=door,
        asset=held.asset,
        due_at=held.until if loan is not None else None,
        loan=loan,
    )


def _second_thoughts(person: Person, bank: Bank, at: datetime) -> Iterator[Option]:
    """Yield «I did not take it» and «I did not return it» for what only a door told, at a screen, for 60 s."""
    if bank.mode is not Mode.KIOSK:
        return
    for loan, held in _by_due(person):
        fresh = held.state == "open" and held.evidence is Evidence.DOOR_ONLY and at - held.since <= SECOND_THOUGHTS
        if fresh and held.bank == bank.id:
            yield from _thought(OptionKind.NOT_TAKEN, loan, held, bank, held.door)
    last = person.last_return
    if last is not None and last.bank == bank.id and at - last.at <= SECOND_THOUGHTS:
        yield from _thought(OptionKind.NOT_RETURNED, last.loan, last.holding, bank, last.door)


def _thought(kind: OptionKind, loan: str, held: Holding, bank: Bank, number: int) -> Iterator[Option]:
    """What was returned has to be on record in its door still, and nobody may be about to take it from there."""
    door = next((door for door in bank.doors if door.number == number), None)
    if door is None:
        return
    listed = any(content.asset == held.asset for content in door.contents)
    if kind is OptionKind.NOT_TAKEN or (listed and not door.busy):
        yield Option(id=f"{kind}:{loan}", kind=kind, title=held.name, door=door, asset=held.asset, loan=loan)


def fitting_door(bank: Bank, size: str) -> Door | None:
    """Return the smallest free door that takes a thing of this size, lowest number first; None if there is none."""
    fits = [door for door in bank.doors if door.free and SIZES.get(door.size, 0) >= SIZES.get(size, 0)]
    return min(fits, key=lambda door: (SIZES.get(door.size, 0), door.number), default=None)
