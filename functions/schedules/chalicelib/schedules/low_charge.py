"""What lies in a door with too little charge to be lent, and gets no more there: one case a stay (rules.md, row 7).

`charged` tells how far a thing is charged as far as anybody knows. A measurement beats it: what is stated below its
type's minimum after as long as its charging takes has a charger that does not charge it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.assets import AssetType
from toolcrib.domain.cases import Case, CaseKind, answered
from toolcrib.domain.doors import IN_REPAIR, Bank, BankState, Content, Door
from toolcrib.domain.ids import derived
from toolcrib.domain.record import Record, replace
from toolcrib.domain.upkeep import CHARGES, Charging, charged

PATIENCE: Final = timedelta(minutes=10)  # whoever puts a thing in states its charge, or moves it on to a charger


class Stay(Record, frozen=True, kw_only=True):
    """A thing in a door of a bank, since it was put there; `case` is the id of the one case there may be of it."""

    bank: Bank
    door: Door
    thing: Content

    @property
    def case(self) -> str:  # noqa: D102
        return derived("case", str(CaseKind.LOW_CHARGE), self.thing.asset, self.thing.since.isoformat())


def stays(banks: Iterable[Bank]) -> dict[str, Stay]:
    """Return all that lies in the doors of these banks, by the id of its case."""
    found = (Stay(bank=bank, door=door, thing=each) for bank in banks for door in bank.doors for each in door.contents)
    return {stay.case: stay for stay in found}


def called_for(stay: Stay, types: Mapping[str, AssetType], now: datetime) -> Case | None:
    """Return the case that a stay calls for; None where there is none, or where a door out of use is told of anyway."""
    bank, door, thing = stay.bank, stay.door, stay.thing
    settled = now - thing.since >= PATIENCE and not door.busy
    kind = types.get(thing.type)
    if bank.state is not BankState.ACTIVE or door.unlendable is not None or not settled or kind is None:
        return None
    if kind.charging is None or over(stay, types, now) is not None:
        return None
    percent, least = charged(kind.charging, thing, now, since=thing.since), kind.charging.minimum
    return Case(
        id=stay.case,
        kind=CaseKind.LOW_CHARGE,
        opened_at=now,
        site=bank.site,
        asset=thing.asset,
        bank=bank.id,
        door=door.number,
        detail=f"{percent} % < {least} %",  # it is quoted to readers of any language
    )


def over(stay: Stay | None, types: Mapping[str, AssetType], now: datetime) -> str | None:
    """Return why nobody has to see to the charge of a stay (None: it is no more); None where somebody has to."""
    if stay is None:
        return "gone from there"
    kind, thing = types.get(stay.thing.type), stay.thing
    if kind is None or kind.charging is None:
        return "needs no charge"
    if stay.door.unlendable == IN_REPAIR:
        return "in repair"
    charger = CHARGES in stay.door.features and not _proved_idle(kind.charging, thing)
    if charged(kind.charging, thing, now, since=thing.since, charger=charger) >= kind.charging.minimum:
        return "charged"
    return "charging" if charger and kind.charging.time else None


def resolved(case: Case, why: str, now: datetime) -> Case:
    """Return an open case as it answers itself."""
    done = answered(case, resolution=why, by="toolcrib", at=now, note=None, effect=None)
    return replace(done, version=case.version + 1)


def _proved_idle(charging: Charging, thing: Content) -> bool:
    """Whether the charge was stated after a full time where it lies, so that more cannot come of waiting longer."""
    if charging.time is None or thing.charge_at is None:
        return False
    return thing.charge_at - thing.since >= charging.time
