"""Changing an asset's description: its door's summary and its holder's must say the same afterwards."""

from datetime import datetime
from typing import Final

from toolcrib.domain.assets import Asset
from toolcrib.domain.change import Change, Holdings, TagChange
from toolcrib.domain.doors import SUMMARISED, Door
from toolcrib.domain.mending import saying
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import DoorBusy
from toolcrib.domain.standing import Standing

HELD: Final = ("type", "name", "tag")
"""What people's summaries repeat of an asset, so that a tap needs no read for it; what is in flight relies on it."""


def described(standing: Standing, after: Asset, *, op: str, at: datetime) -> Change:
    """Return what editing a description changes; raises `DoorBusy` when the door's summary must not move now."""
    before = standing.asset
    if not _differ(before, after, SUMMARISED):
        return Change(op=op, at=at, described=(after,))
    renamed = _differ(before, after, HELD)
    return Change(
        op=op,
        at=at,
        described=(after,),
        tags=_tags(before, after),
        doors=tuple(relabelled(door, after, renamed=renamed) for door in standing.doors),
        holdings=_holdings(standing, after) if renamed else (),
    )


def _tags(before: Asset, after: Asset) -> tuple[TagChange, ...]:
    if before.tag == after.tag:
        return ()
    old, new = before.tag, after.tag
    off = (TagChange(tag=old, asset=before.id, worn=False),) if old else ()
    return (*off, TagChange(tag=new, asset=before.id, worn=True)) if new else off


def _differ(before: Asset, after: Asset, names: tuple[str, ...]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)


def relabelled(door: Door, asset: Asset, *, renamed: bool = False) -> Door:
    """Return the door saying what its asset says now; one with a live grant cannot be told another name or tag."""
    if door.busy and renamed:
        raise DoorBusy(detail=f"door {door.number} of {door.bank} has a live grant")
    return replace(saying(door, asset), version=door.version + 1)


def _holdings(standing: Standing, after: Asset) -> tuple[Holdings, ...]:
    """Return the summary relabelled, unless anything in it changes meanwhile: what was returned must not reappear."""
    person, shown = standing.person, {name: getattr(after, name) for name in HELD}
    if person is None:
        return ()
    put = {loan: replace(held, **shown) for loan, held in person.holdings.items() if held.asset == standing.asset.id}
    return (Holdings(person=person.id, put=put, expected_version=person.version),) if put else ()
