"""Things that must not be out together: with one person (exclusive), or at all (lockout); rules.md, row 8."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from toolcrib.domain.assets import Asset, AssetType
from toolcrib.domain.change import Unchanged
from toolcrib.domain.doors import Bank, Door, Purpose
from toolcrib.domain.record import Record
from toolcrib.domain.states import State

AT_HOME = frozenset({State.STORED, State.IN_REPAIR, State.RETIRED})
"""States in which a thing is with nobody, and cannot be taken before somebody has stowed it."""


class PairKind(StrEnum):
    """Who is kept from what."""

    EXCLUSIVE = "exclusive"
    LOCKOUT = "lockout"


class Pair(Record, frozen=True, kw_only=True):
    """What must not be out together; one that is not `active` asks for nothing.

    `exclusive`: nobody holds things of two of these `asset_types` and `categories`. `lockout`: of these `assets` one is
    out at a time, whoever has it.
    """

    id: str
    name: str = ""
    kind: PairKind
    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    active: bool = True
    revision: int = 1

    def sides(self, kind: AssetType) -> frozenset[str]:
        """Return which of its members a type falls under."""
        types = {f"type {kind.id}"} if kind.id in self.asset_types else set()
        return frozenset(types | ({f"category {kind.category}"} if kind.category in self.categories else set()))


class Whereabouts(Record, frozen=True, kw_only=True):
    """Whether a thing is where it belongs, as far as is known; it is for as long as `unless` says nothing else."""

    asset: str
    name: str
    is_in: bool
    unless: tuple[Unchanged, ...] = ()


def partners(pairs: Iterable[Pair], asset: str) -> frozenset[str]:
    """Return what must not be out together with an asset."""
    lockouts = (pair for pair in pairs if pair.active and pair.kind is PairKind.LOCKOUT and asset in pair.assets)
    return frozenset(other for pair in lockouts for other in pair.assets if other != asset)


def asked_about(pairs: Collection[Pair], bank: Bank, *more: str) -> frozenset[str]:
    """Return every thing whose whereabouts decide what a bank may lend, and whether `more` may be lent."""
    if not pairs:
        return frozenset()
    listed = (content.asset for door in bank.doors for content in door.contents)
    return frozenset(other for asset in (*more, *listed) for other in partners(pairs, asset))


def inside(door: Door) -> Iterable[Whereabouts]:
    """Yield the whereabouts of what lies in a door: in doubt it is out, while somebody may be taking it."""
    grant = door.grant
    at_rest = grant is None or not grant.live or grant.purpose is Purpose.RETURN
    same = (Unchanged(door=(door.bank, door.number), version=door.version),)
    for content in door.contents:
        yield Whereabouts(asset=content.asset, name=content.name, is_in=at_rest, unless=same)


def elsewhere(asset: Asset) -> Whereabouts:
    """Return the whereabouts of a thing that lies in no door: at home, or out in some way."""
    same = (Unchanged(asset=asset.id, version=asset.version),)
    return Whereabouts(asset=asset.id, name=asset.name, is_in=asset.state in AT_HOME, unless=same)


def resting_on(pairs: Iterable[Pair], others: Mapping[str, Whereabouts], asset: str) -> tuple[Unchanged, ...]:
    """Return what has to be as it was for an asset to be lent: each thing once."""
    known = (others[other] for other in sorted(partners(pairs, asset)) if other in others)
    return tuple(dict.fromkeys(each for where in known for each in where.unless))
