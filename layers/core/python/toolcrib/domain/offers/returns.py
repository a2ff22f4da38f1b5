"""What may come back here: everything on loan for which a door is free (rules.md, law 1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from toolcrib.domain.assets import SIZES
from toolcrib.domain.doors import Bank, Door, Mode
from toolcrib.domain.ids import loan_of
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.questions import Questioning, When, asked
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
    back = tuple(
        _return(loan, held, door, questions(held)) for loan, held in due_back if (door := _room(held, bank, book))
    )
    return back, tuple(held for _, held in due_back if _room(held, bank, book) is None)


def fitting_door(bank: Bank, size: str) -> Door | None:
    """Return the smallest free door that takes a thing of this size, lowest number first; None if there is none."""
    fits = [door for door in bank.doors if door.takes(size)]
    return min(fits, key=lambda door: (SIZES.get(door.size, 0), door.number), default=None)


def by_due(person: Person) -> list[tuple[str, Holding]]:
    """Return what a person has, the one due first first."""
    return sorted(person.holdings.items(), key=lambda held: (held[1].until, held[0]))


def _may_come_back(held: Holding, at: datetime) -> bool:
    """Open loans, pending ones past their grant, and whatever is unconfirmed and last seen with this person."""
    return held.state != "pending" or at > held.until


def _room(held: Holding, bank: Bank, book: RuleBook) -> Door | None:
    kind = book.types.get(held.type)
    return fitting_door(bank, kind.size if kind is not None else "S")


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
