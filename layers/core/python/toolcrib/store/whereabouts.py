"""Where the things are that a bank may not lend something together with: read only where there are such pairs."""

from collections.abc import Collection, Mapping

from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.doors import Bank
from toolcrib.domain.pairing import Whereabouts, asked_about, elsewhere, inside
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.states import State
from toolcrib.store import keys
from toolcrib.store.assets import find_assets
from toolcrib.store.mapping import to_door
from toolcrib.store.reads import find_many


def located(org: str, bank: Bank, book: RuleBook, asset: str | None = None) -> RuleBook:
    """Return the rule book with where everything is that decides what `bank` may lend (and `asset`, wherever it lies).

    What lies in the bank itself is known; each thing elsewhere is read, and then the door that it lies in.
    """
    pairs = tuple(book.pairs.values())
    if not pairs:
        return book
    wanted = asked_about(pairs, bank, *(() if asset is None else (asset,)))
    here = {where.asset: where for door in bank.doors for where in inside(door) if where.asset in wanted}
    return replace(book, whereabouts={**_read(org, wanted - here.keys()), **here})


def _read(org: str, wanted: Collection[str]) -> Mapping[str, Whereabouts]:
    if not wanted:
        return {}
    assets = find_assets(org, wanted).values()
    stowed = [asset for asset in assets if asset.state is State.STOWED and asset.custodian.kind is CustodianKind.DOOR]
    found = {asset.id: elsewhere(asset) for asset in assets}
    return {**found, **_in_doors(org, stowed)}


def _in_doors(org: str, stowed: Collection[Asset]) -> Mapping[str, Whereabouts]:
    """Return where those are that their doors still list: one that does not has just moved, so it counts as out."""
    places = {keys.door(org, asset.custodian.id or "", asset.custodian.door or 0) for asset in stowed}
    doors = map(to_door, find_many(places).values()) if places else ()
    wanted = {asset.id for asset in stowed}
    return {where.asset: where for door in doors for where in inside(door) if where.asset in wanted}
