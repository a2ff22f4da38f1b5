"""The outcomes of a remote opening: what tags cannot settle is unconfirmed, with the opener last seen (design.md)."""

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import LASTING, UNRESOLVED, Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.scene import Scene, Settlement
from toolcrib.domain.states import Move


def closed(scene: Scene, grant: Grant) -> Settlement:
    """What was here and is seen to be here stays; what is gone, or cannot be told, is unconfirmed.

    The opener has looked inside: doubt that was there before is over, unless nothing tells what is inside now.
    """
    draft = scene.draft(grant.by)
    contents.settled(scene, draft, grant)
    draft.door(scene.door, unlendable=scene.door.unlendable if scene.door.unlendable in LASTING else None)
    gone = {content.asset: scene.gone(content.asset, content.tag) for content in scene.door.contents}
    for asset in (asset for asset, is_gone in gone.items() if is_gone is not False):
        _with_opener(scene, draft, scene.assets[asset], grant)
    if None in gone.values():
        contents.lock(draft, scene.door, UNRESOLVED)
    contents.strangers(scene, draft)
    contents.unknown(scene, draft)
    return Settlement(name="serviced", change=draft.change(guard=bool(draft.events)))


def _with_opener(scene: Scene, draft: Draft, asset: Asset, grant: Grant, *, op: str | None = None) -> None:
    case = draft.open_case(CaseKind.UNRESOLVED, about=asset.id, asset=asset.id)
    last_seen = Custodian.person(grant.by) if grant.by else contents.here(scene)
    cause = replace(draft.cause, op=op or draft.cause.op)
    draft.move(asset, Move.NOT_SEEN, last_seen, unsettled_by=grant.id, case=case, cause=cause)
    contents.remove(draft, scene.door, asset.id)


def failed(scene: Scene, grant: Grant) -> Settlement:
    """It did not open: nothing changed."""
    draft = scene.draft(grant.by)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED, over_at=scene.report.at))
    return Settlement(name=str(scene.report.outcome), change=draft.change())


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows how it ended: everything inside is unconfirmed."""
    draft = scene.draft(grant.by)
    contents.doubted(scene, draft, grant)
    draft.open_case(CaseKind.UNRESOLVED)
    for content in scene.door.contents:
        _with_opener(scene, draft, scene.assets[content.asset], grant, op=f"{grant.id}.unresolved")
    return Settlement(name="unresolved", change=draft.change(guard=bool(draft.events)))
