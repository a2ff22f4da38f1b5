"""What was seen inside a door beyond what its grant is about: things gone, things too many, tags nobody knows."""

from dataclasses import replace

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import IN_REPAIR, Content, Door, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.reports.scene import Scene
from toolcrib.domain.states import Move, State

UNEXPECTED = "unexpected_item"  # why a door is not lendable: what lies in it is not what the record says


def here(scene: Scene) -> Custodian:
    """Return the scene's door as a custodian."""
    return Custodian.at_door(scene.door.bank, scene.door.number)


def others_gone(scene: Scene, draft: Draft, *, but: str | None, person: str | None) -> bool:
    """Whatever else is gone from the door is unconfirmed, last seen with this person; one case each."""
    gone = [content for content in scene.door.contents if content.asset != but and scene.gone(content.tag)]
    for content in gone:
        asset = scene.assets[content.asset]
        case = draft.open_case(CaseKind.WRONG_ITEM, about=asset.id, asset=asset.id)
        last_seen = Custodian.person(person) if person else here(scene)
        draft.move(asset, Move.NOT_SEEN, last_seen, unsettled_by=scene.report.grant, case=case)
        remove(draft, scene.door, asset.id)
    return bool(gone)


def unexpected(scene: Scene, draft: Draft, asset: Asset, kind: CaseKind = CaseKind.UNEXPECTED_ITEM) -> None:
    """Something is inside that is recorded elsewhere: unconfirmed, last seen here, with a case; nobody is blamed."""
    if asset.state is State.UNCONFIRMED and asset.custodian == here(scene):
        return
    case = draft.open_case(kind, about=asset.id, asset=asset.id, loan=asset.loan)
    draft.move(asset, Move.SEEN, here(scene), loan=asset.loan, case=case, unsettled_by=scene.report.grant)
    unseat(scene, draft, asset)
    draft.door(scene.door, unlendable=UNEXPECTED)


def unseat(scene: Scene, draft: Draft, asset: Asset) -> None:
    """Take an asset out of the other door that the record had it in; that door is not lendable until looked at."""
    other = scene.elsewhere.get(asset.id)
    if other is not None:
        remove(draft, other, asset.id)
        draft.door(other, unlendable=UNEXPECTED)


def unknown(scene: Scene, draft: Draft) -> bool:
    """A tag that nobody knows is a case."""
    tags = scene.unknown_tags()
    if tags:
        draft.open_case(CaseKind.UNKNOWN_TAG, detail=f"{len(tags)} unknown: {', '.join(tags[:4])}")
    return bool(tags)


def remove(draft: Draft, door: Door, asset: str) -> None:
    """Take an asset out of a door's contents; a door that nothing is left in waits for no workshop."""
    now = draft.door(door)
    left = tuple(content for content in now.contents if content.asset != asset)
    waits = now.unlendable if left or now.unlendable != IN_REPAIR else None
    draft.door(door, contents=left, unlendable=waits)


def put(scene: Scene, draft: Draft, asset: Asset) -> None:
    """Put an asset into the door's contents."""
    content = Content(asset=asset.id, type=asset.type, name=asset.name, tag=asset.tag, since=scene.report.at)
    now = draft.door(scene.door)
    draft.door(scene.door, contents=(*(each for each in now.contents if each.asset != asset.id), content))


def settled(scene: Scene, draft: Draft) -> None:
    """Note that the door is closed and its grant used; what made it unlendable because of this grant is over."""
    grant = scene.door.grant
    used = None if grant is None else replace(grant, state=GrantState.USED, over_at=scene.report.at)
    kept = scene.door.unlendable if scene.door.unlendable in {"quarantined", IN_REPAIR} else None
    draft.door(scene.door, grant=used, physical="closed", unlendable=kept)
