"""Which unit of a type a person gets, and why that one (rules.md, *Which unit*)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final, TypeVar

from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.kits import Kit
from toolcrib.domain.record import Record
from toolcrib.domain.upkeep import CHARGES, ChargeClass, charge_class, charged

Judged = TypeVar("Judged")

NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""When a thing was last lent that never was: longer ago than any other."""


class Unit(Record, frozen=True, kw_only=True):
    """One thing that can be lent now, the door that it lies in, and how far it is charged."""

    content: Content
    door: Door
    charge: ChargeClass = ChargeClass.ENOUGH

    @property
    def order(self) -> tuple[int, datetime, int, str]:
        """Highest charge class first, then the one last lent longest ago, which spreads wear, then the lowest door."""
        return -self.charge, self.content.lent_at or NEVER, self.door.number, self.content.asset


class Chosen(Record, frozen=True, kw_only=True):
    """The unit that a person gets: `why` is only, charge, rested or door; `detail` tells what was compared."""

    unit: Unit
    why: str
    detail: str


def units(
    bank: Bank, types: Mapping[str, AssetType], at: datetime, kits: Iterable[Kit] = ()
) -> Mapping[str, tuple[Unit, ...]]:
    """Return by type, in the order of their ids, what a bank could lend right now, each type's best unit first.

    What belongs to one of the `kits` is not lent by itself.
    """
    in_kits = {part for kit in kits if kit.active for part in kit.parts}
    alone = (unit for unit in _lendable(bank, types, at) if unit.content.asset not in in_kits)
    found = sorted(alone, key=lambda unit: unit.content.type)
    by_type = groupby(found, key=lambda unit: unit.content.type)
    return {kind: tuple(sorted(of_kind, key=lambda unit: unit.order)) for kind, of_kind in by_type}


def best(
    of_kind: Sequence[Unit],
    judge: Callable[[Unit], Judged],
    *,
    passes: Callable[[Judged], bool],
    costs: Callable[[Judged], object] = lambda _: None,
) -> tuple[Chosen, Judged] | None:
    """Return the first unit that passes and `costs` nothing with what was found, else the first that passes, else any.

    None of none. What a take would use up (an override) is spared while another unit does without.
    """
    first = passing = None
    for place, unit in enumerate(of_kind):
        found = judge(unit)
        if passes(found) and not costs(found):
            return _chosen(of_kind, place), found
        if passing is None and passes(found):
            passing = _chosen(of_kind, place), found
        first = first or (_chosen(of_kind, 0), found)
    return passing or first


def _chosen(of_kind: Sequence[Unit], place: int) -> Chosen:
    """Say why the unit at `place` comes before the next, and how many before it did not pass."""
    unit, runner_up = of_kind[place], of_kind[place + 1] if place + 1 < len(of_kind) else None
    passed_over = f"; {place} before it may not be taken" if place else ""
    why, compared = ("only", "no other is left") if runner_up is None else _compared(unit, runner_up)
    detail = f"{unit.content.asset} in door {unit.door.number}: {compared}{passed_over}"
    return Chosen(unit=unit, why=why, detail=detail)


def _compared(unit: Unit, other: Unit) -> tuple[str, str]:
    """Return what puts a unit before another, in a word and in words for the trace."""
    than = f"{other.content.asset} in door {other.door.number}"
    if unit.charge is not other.charge:
        return "charge", f"charged {unit.charge.name.lower()}, {than} {other.charge.name.lower()}"
    if unit.content.lent_at != other.content.lent_at:
        return "rested", f"last lent {_when(unit.content.lent_at)}, {than} {_when(other.content.lent_at)}"
    return "door", f"the lowest door, before {than}"


def _when(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def lendable(door: Door) -> bool:
    """Whether anything may be taken out of a door right now."""
    return not door.busy and door.unlendable is None


def _lendable(bank: Bank, types: Mapping[str, AssetType], at: datetime) -> Iterator[Unit]:
    for door in bank.doors:
        if lendable(door):
            for content in door.contents:
                kind = types.get(content.type)
                if kind is not None:
                    yield Unit(content=content, door=door, charge=_charge(kind, content, door, at))


def _charge(kind: AssetType, content: Content, door: Door, at: datetime) -> ChargeClass:
    if kind.charging is None:
        return ChargeClass.ENOUGH
    percent = charged(kind.charging, content, at, since=content.since, charger=CHARGES in door.features)
    return charge_class(kind.charging, percent)
