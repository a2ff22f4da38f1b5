"""From a fault to a thing that is well again: what is stated about its condition, and the case that asks for it."""

from datetime import datetime

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case, CaseKind, CaseState, answered
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Content, Door
from toolcrib.domain.ids import derived
from toolcrib.domain.record import replace
from toolcrib.domain.standing import Intention, Standing, resolved
from toolcrib.domain.upkeep import Condition


def mended(standing: Standing, change: Change, intention: Intention) -> Change:
    """Return a change that states `repaired`, with a thing that is well: no fault, its case answered, just serviced."""
    moved = change.assets[0]
    well = replace(
        moved,
        condition=Condition.OK,
        fault=None,
        serviced_at=intention.at,
        serviced_lent=moved.lent,
        revision=moved.revision + 1,
    )
    return replace(
        change,
        assets=(well,),
        described=(well,),
        doors=tuple(saying(door, well) for door in change.doors),
        cases=(*change.cases, *resolved(standing.fault, well.id, intention)),
    )


def saying(door: Door, asset: Asset) -> Door:
    """Return a door, at the same version, that says of an asset in it what the asset says itself."""
    contents = tuple(Content.of(asset, each.since) if each.asset == asset.id else each for each in door.contents)
    return replace(door, contents=contents)


def stated(
    standing: Standing, after: Asset, *, op: str, at: datetime, by: str, reason: str
) -> tuple[Asset, tuple[Case, ...]]:
    """Return the asset and its case after somebody has stated its condition, and why.

    A fault opens a case unless one is open about it; that the thing is well answers the one that is.
    """
    condition, before = after.condition, standing.fault
    is_open = before is not None and before.state is CaseState.OPEN
    if condition is standing.asset.condition:
        return after, ()
    if condition is Condition.OK:
        well = replace(after, fault=None)
        if before is None or not is_open:
            return well, ()
        over = answered(before, resolution="stated_ok", by=by, at=at, note=reason or None, effect=None)
        return well, (replace(over, version=before.version + 1),)
    if is_open:
        return after, ()
    case = Case(
        id=derived("case", str(CaseKind.FAULT), after.id, op),
        kind=CaseKind.FAULT,
        opened_at=at,
        site=after.site,
        asset=after.id,
        severity=condition,
        detail=f"{condition}: {reason}" if reason else str(condition),
    )
    return replace(after, fault=case.id), (case,)
