"""Changing an asset's description: its door's summary and its holder's must say the same afterwards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from toolcrib.domain.assets import Asset
from toolcrib.domain.change import Change, Holdings, TagChange
from toolcrib.domain.doors import Door
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import DoorBusy
from toolcrib.domain.standing import Standing

SUMMARISED: Final = ("type", "name", "tag")
"""What doors and people's summaries repeat of an asset, so that a tap needs no read for it."""


def described(standing: Standing, after: Asset, *, op: str, at: datetime) -> Change:
    """Return what editing a description changes; raises `DoorBusy` when the door's summary must not move now."""
    before = standing.asset
    shown = {name: getattr(after, name) for name in SUMMARISED}
    if all(getattr(before, name) == value for name, value in shown.items()):
        return Change(op=op, at=at, described=(after,))
    return Change(
        op=op,
        at=at,
        described=(after,),
        tags=_tags(before, after),
        doors=tuple(_relabelled(door, before.id, shown) for door in standing.doors),
        holdings=_holdings(standing, shown),
    )


def _tags(before: Asset, after: Asset) -> tuple[TagChange, ...]:
    if before.tag == after.tag:
        return ()
    old, new = before.tag, after.tag
    off = (TagChange(tag=old, asset=before.id, worn=False),) if old else ()
    return (*off, TagChange(tag=new, asset=before.id, worn=True)) if new else off


def _relabelled(door: Door, asset: str, shown: Mapping[str, Any]) -> Door:
    if door.busy:
        raise DoorBusy(detail=f"door {door.number} of {door.bank} has a live grant")
    contents = tuple(replace(one, **shown) if one.asset == asset else one for one in door.contents)
    return replace(door, contents=contents, version=door.version + 1)


def _holdings(standing: Standing, shown: Mapping[str, Any]) -> tuple[Holdings, ...]:
    """Return the summary relabelled, unless anything in it changes meanwhile: what was returned must not reappear."""
    person = standing.person
    if person is None:
        return ()
    put = {loan: replace(held, **shown) for loan, held in person.holdings.items() if held.asset == standing.asset.id}
    return (Holdings(person=person.id, put=put, expected_version=person.version),) if put else ()
