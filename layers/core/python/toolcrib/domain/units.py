"""Which unit of a type a person gets (rules.md, *Which unit*)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.record import Record

Judged = TypeVar("Judged")


class Unit(Record, frozen=True, kw_only=True):
    """One thing that can be lent now, and the door that it lies in."""

    content: Content
    door: Door


def units(bank: Bank) -> Mapping[str, tuple[Unit, ...]]:
    """Return by type, in the order of their ids, what a bank could lend right now, each type's best unit first."""
    found = sorted(_lendable(bank), key=lambda unit: unit.content.type)
    by_type = groupby(found, key=lambda unit: unit.content.type)
    return {kind: tuple(sorted(of_kind, key=_order)) for kind, of_kind in by_type}


def best(
    of_kind: Sequence[Unit], judge: Callable[[Unit], Judged], *, passes: Callable[[Judged], bool]
) -> tuple[Unit, Judged] | None:
    """Return the first unit that passes with what was found, else the first of all; None of none."""
    first = None
    for unit in of_kind:
        found = judge(unit)
        if passes(found):
            return unit, found
        first = first or (unit, found)
    return first


def _lendable(bank: Bank) -> Iterator[Unit]:
    for door in bank.doors:
        if not door.busy and door.unlendable is None:
            yield from (Unit(content=content, door=door) for content in door.contents)


def _order(unit: Unit) -> tuple[object, ...]:
    """Longest here first, which spreads wear; then the lowest door."""
    return unit.content.since, unit.door.number
