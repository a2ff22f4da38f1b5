"""What may come back here: everything on loan for which a door is free (rules.md, law 1)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from toolcrib.domain.assets import SIZES
from toolcrib.domain.doors import Bank, Door, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import loan_of
from toolcrib.domain.kits import Part
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.questions import Questioning, When, asked
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook


def offered(
    person: Person, bank: Bank, book: RuleBook, at: datetime, answers: Mapping[str, Any] | None = None
) -> tuple[tuple[Option, ...], tuple[Holding, ...]]:
    """Return the returns on offer, by due time, and what may come back but finds no free door here.

    `answers` to what is asked are welcome, and never waited for.
    """

    def questions(held: Holding) -> Questioning:
        kind = book.types.get(held.type)
        of_kind = () if kind is None else kind.questions
        return asked(of_kind, When.RETURN, answers, screen=bank.mode is Mode.KIOSK)

    due_back = [(loan, held) for loan, held in by_due(person) if _may_come_back(held, at)]
    whole = [option for parts in _kits(due_back) if (option := _return_kit(parts, bank, book, questions))]
    by_itself = bank.mode is Mode.KIOSK and bank.evidence is not Evidence.TAGS  # no reader sees what is missing
    with_kit = set() if by_itself else {each for option in whole for each in _loans(option)}
    alone = [(loan, held) for loan, held in due_back if loan not in with_kit]
    back = [_return(loan, held, door, questions(held)) for loan, held in alone if (door := _room(held, bank, book))]
    no_room = tuple(held for loan, held in alone if _room(held, bank, book) is None)
    return (*whole, *back), no_room


def fitting_door(bank: Bank, size: str, room: int = 1) -> Door | None:
    """Return the smallest free door that takes things of this size, `room` of them, lowest number first; else None."""
    return next(iter(fitting_doors(bank, size, room)), None)


def fitting_doors(bank: Bank, size: str, room: int = 1) -> list[Door]:
    """Return every free door that takes things of this size, `room` of them, the one that fits best first."""
    fits = (door for door in bank.doors if door.takes(size) and door.capacity - len(door.contents) >= room)
    return sorted(fits, key=lambda door: (SIZES.get(door.size, 0), door.number))


def by_due(person: Person) -> list[tuple[str, Holding]]:
    """Return what a person has, the one due first first; what is due at the same moment by name."""
    return sorted(person.holdings.items(), key=lambda held: (held[1].until, held[1].name, held[0]))


def _may_come_back(held: Holding, at: datetime) -> bool:
    """Open loans, pending ones past their grant, and whatever is unconfirmed and last seen with this person."""
    return held.state != "pending" or at > held.until


def _room(held: Holding, bank: Bank, book: RuleBook) -> Door | None:
    kind = book.types.get(held.type)
    return fitting_door(bank, kind.size if kind is not None else "S")


def _kits(due_back: Iterable[tuple[str, Holding]]) -> Iterator[list[tuple[str, Holding]]]:
    """Yield what is still out of each kit, where that is more than one part, the part due first first."""
    by_kit: dict[str, list[tuple[str, Holding]]] = defaultdict(list)
    for loan, held in due_back:
        if held.kit is not None and loan_of(loan) is not None:
            by_kit[held.kit].append((loan, held))
    return (parts for parts in by_kit.values() if len(parts) > 1)


def _return_kit(
    parts: list[tuple[str, Holding]], bank: Bank, book: RuleBook, questions: Callable[[Holding], Questioning]
) -> Option | None:
    """Return the option to bring back all of a kit that is still out; None where no door has room for it.

    What is asked is about the first.
    """
    sizes = [kind.size for _, held in parts if (kind := book.types.get(held.type)) is not None] or ["S"]
    door = fitting_door(bank, max(sizes, key=lambda size: SIZES.get(size, 0)), len(parts))
    if door is None:
        return None
    (first, held), *others = parts
    kit = book.kits.get(held.kit or "")
    return replace(
        _return(first, held, door, questions(held)),
        id=f"{OptionKind.RETURN}:kit:{held.kit}",
        title=kit.name if kit is not None else ", ".join(each.name for _, each in parts),
        lacking=tuple(dict.fromkeys(demand for _, each in parts for demand in each.countersign)),
        kit=held.kit,
        back=tuple(Part(asset=each.asset, loan=loan) for loan, each in others),
    )


def _loans(option: Option) -> Iterator[str | None]:
    yield option.loan
    yield from (part.loan for part in option.back)


def _return(key: str, held: Holding, door: Door, questions: Questioning) -> Option:
    loan = loan_of(key)
    return Option(
        id=f"return:{key}",
        kind=OptionKind.RETURN,
        title=held.name,
        door=door,
        asset=held.asset,
        due_at=held.until if loan is not None else None,
        loan=loan,
        lacking=held.countersign,
        asked=questions,
    )
