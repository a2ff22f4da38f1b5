"""The outcomes of a remote opening: what tags cannot settle is unconfirmed, with the opener last seen (design.md)."""

from dataclasses import replace

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.scene import Scene, Settlement
from toolcrib.domain.states import Move


def closed(scene: Scene, grant: Grant) -> Settlement:
    """What was here and is seen to be here stays; what is gone, or cannot be told, is unconfirmed."""
    draft = scene.draft(grant.by)
    contents.settled(scene, draft)
    doubtful = [content for content in scene.door.contents if scene.gone(content.tag) is not False]
    for content in doubtful:
        _with_opener(scene, draft, scene.assets[content.asset], grant)
    for stranger in scene.strangers():
        contents.unexpected(scene, draft, stranger)
    contents.unknown(scene, draft)
    return Settlement(name="serviced", change=draft.change(guard=bool(draft.events)))


def _with_opener(scene: Scene, draft: Draft, asset: Asset, grant: Grant) -> None:
    case = draft.open_case(CaseKind.UNRESOLVED, about=asset.id, asset=asset.id)
    last_seen = Custodian.person(grant.by) if grant.by else contents.here(scene)
    draft.move(asset, Move.NOT_SEEN, last_seen, unsettled_by=grant.id, case=case)
    contents.remove(draft, scene.door, asset.id)


def failed(scene: Scene, grant: Grant) -> Settlement:
    """It did not open: nothing changed."""
    draft = scene.draft(grant.by)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED))
    return Settlement(name=str(scene.report.outcome), change=draft.change())


def reopened(scene: Scene, grant: Grant) -> Settlement:
    """It was given up, and now it opened: it is in flight again."""
    draft = scene.draft(grant.by)
    draft.door(scene.door, grant=replace(grant, state=GrantState.OPENED), physical="open")
    return Settlement(name="opened", change=draft.change())


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows how it ended: everything inside is unconfirmed."""
    draft = scene.draft(grant.by)
    draft.door(scene.door, grant=replace(grant, state=GrantState.UNRESOLVED), unlendable="unresolved")
    for content in scene.door.contents:
        _with_opener(scene, draft, scene.assets[content.asset], grant)
    return Settlement(name="unresolved", change=draft.change(guard=bool(draft.events)))
