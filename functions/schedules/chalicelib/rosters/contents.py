"""Which things a bank may lend by itself: those at rest that will still be fit to be lent when its roster ends."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from toolcrib.domain.authorise import expected
from toolcrib.domain.doors import Bank
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.judges.condition import condition
from toolcrib.domain.offline.life import life
from toolcrib.domain.pairing import partners
from toolcrib.domain.people import Person
from toolcrib.domain.record import Record
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.units import Unit, units

AT_REST = "closed"
NOBODY = Person(id="", name="")
"""A thing's shape is judged without asking who wants it."""


class Kind(Record, frozen=True, kw_only=True):
    """A type of which a bank has something: for how long it lends it, and the least its sensors prove of any of it."""

    type: str
    life: timedelta
    evidence: Evidence


def lent_alone(bank: Bank, book: RuleBook, at: datetime) -> tuple[Unit, ...]:
    """Return what a bank may lend while it is alone, in the order of its doors.

    Rows 7 and 8 as ever, at the beginning and at the end: a service that falls due meanwhile is due then. What must not
    leave while something else is out stays: nobody could ask where that is. Parts of a kit are not lent alone.
    """
    found = (unit for of_kind in units(bank, book.types, at, book.kits.values()).values() for unit in of_kind)
    fit = (unit for unit in found if unit.door.physical == AT_REST and _fit(unit, bank, book, at))
    return tuple(sorted(fit, key=lambda unit: (unit.door.number, unit.order)))


def kinds(bank: Bank, lent: tuple[Unit, ...], book: RuleBook) -> Mapping[str, Kind]:
    """Return of each type that is lent alone for how long it is, and the weakest evidence that its take will have."""
    levels: dict[str, list[Evidence]] = defaultdict(list)
    for unit in lent:
        levels[unit.content.type].append(expected(bank, unit.content))
    weakest = {kind: min(found, key=lambda each: each.strength) for kind, found in sorted(levels.items())}
    return {kind: Kind(type=kind, life=life(book.types[kind]), evidence=each) for kind, each in weakest.items()}


def _fit(unit: Unit, bank: Bank, book: RuleBook, at: datetime) -> bool:
    content, lasts = unit.content, life(book.types[unit.content.type])
    if lasts <= timedelta() or partners(book.pairs.values(), content.asset):
        return False
    asked = (
        book.subject(NOBODY, None, content.type, bank, when, content=content, door=unit.door)
        for when in (at, at + lasts)
    )
    return all(condition(subject, book).code is None for subject in asked)
