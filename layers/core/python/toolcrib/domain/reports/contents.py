"""What was seen inside a door beyond what its grant is about: things gone, things too many, tags nobody knows."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import IN_REPAIR, LASTING, UNRESOLVED, Content, Door, Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.healing.proposals import Sight, repair
from toolcrib.domain.ids import derived
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan
from toolcrib.domain.record import replace
from toolcrib.domain.reports.scene import Scene
from toolcrib.domain.states import Move, State

UNEXPECTED = "unexpected_item"  # why a door is not lendable: what lies in it is not what the record says
PAUSE = timedelta(days=7)  # rules.md, *Late*: cases pause notices to the holder for at most 7 days
MOST_AT_ONCE = 3  # things judged one by one; more than that in one door is a person's work (≤ 25 items a transaction)


def here(scene: Scene) -> Custodian:
    """Return the scene's door as a custodian."""
    return Custodian.at_door(scene.door.bank, scene.door.number)


def others_gone(scene: Scene, draft: Draft, *, but: Collection[str], person: str | None) -> bool:
    """Whatever else is gone from the door is unconfirmed, last seen with this person; one case each."""
    gone = [each for each in scene.door.contents if each.asset not in but and scene.gone(each.asset, each.tag)]
    for content in gone:
        asset = scene.assets[content.asset]
        case = draft.open_case(CaseKind.WRONG_ITEM, about=asset.id, asset=asset.id)
        last_seen = Custodian.person(person) if person else here(scene)
        cause = replace(draft.cause, evidence=scene.level(asset))
        draft.move(asset, Move.NOT_SEEN, last_seen, unsettled_by=scene.report.grant, case=case, cause=cause)
        remove(draft, scene.door, asset.id)
    return bool(gone)


def strangers(scene: Scene, draft: Draft, *, but: Collection[str] = ()) -> None:
    """Whatever else is inside that is recorded elsewhere is unconfirmed."""
    came = (each for each in scene.came_in() if each.id not in but and scene.also_at(each) is None)
    others = [each for each in came if not known_here(scene, each)]
    for stranger in others[:MOST_AT_ONCE]:
        unexpected(scene, draft, stranger)
    too_many(scene, draft, others)


def too_many(scene: Scene, draft: Draft, found: Sequence[Asset], most: int = MOST_AT_ONCE) -> None:
    """More things at once than are judged one by one: one case names the rest, for a person to look.

    Where no grant is being settled the next status judges some more of them.
    """
    rest = found[most:]
    if rest and scene.report.grant is not None:
        names = ", ".join(each.id for each in rest[:MOST_AT_ONCE])
        draft.open_case(CaseKind.UNEXPECTED_ITEM, about="more", detail=f"{len(rest)} more: {names}")
        lock(draft, scene.door, UNEXPECTED)


def unexpected(
    scene: Scene,
    draft: Draft,
    asset: Asset,
    kind: CaseKind = CaseKind.UNEXPECTED_ITEM,
    *,
    op: str | None = None,
    detail: str = "",
) -> str | None:
    """Something is inside that is recorded elsewhere: unconfirmed, last seen here, with a case; nobody is blamed.

    `op` is the operation where the draft's own has moved this asset already. Returns the case that was opened, with
    that `detail`; None where one is open already.
    """
    now = draft.assets.get(asset.id, asset)
    if known_here(scene, now):
        return None
    open_already = scene.case_of(asset) if now.state is State.UNCONFIRMED else None
    opened = None if open_already else _doubt(scene, draft, now, kind, detail)
    case = open_already.id if open_already else opened
    unsettled_by = scene.report.grant or now.unsettled_by
    cause = replace(draft.cause, evidence=scene.level(asset), op=op or draft.cause.op)
    draft.move(asset, Move.SEEN, here(scene), loan=now.loan, case=case, unsettled_by=unsettled_by, cause=cause)
    unseat(scene, draft, asset)
    lock(draft, scene.door, UNEXPECTED)
    loan = scene.loans.get(now.loan or "")
    if loan is not None:
        pause(draft, loan)
    return opened


def _doubt(scene: Scene, draft: Draft, asset: Asset, kind: CaseKind, detail: str) -> str:
    """Open the case about something that is not where the record has it; what tags saw proposes where it is."""
    by_tag = scene.report.tags is not None and asset.tag is not None
    sight = Sight.TWICE if kind is CaseKind.DOUBLE_SEEN else Sight.HERE
    proposal = repair(asset, scene.door.bank, scene.door.number, sight) if by_tag else None
    return draft.open_case(kind, about=asset.id, asset=asset.id, loan=asset.loan, repair=proposal, detail=detail)


def known_here(scene: Scene, asset: Asset) -> bool:
    """Whether it is unconfirmed and last seen here already."""
    return asset.state is State.UNCONFIRMED and asset.custodian == here(scene)


def pause(draft: Draft, loan: Loan) -> None:
    """Hold back notices to the holder for as long as a case may: it says that they may be innocent."""
    paused = aimed(replace(draft.loan(loan), paused_until=draft.cause.at + PAUSE))
    draft.loan(loan, paused_until=paused.paused_until, next_step=paused.next_step)


def unseat(scene: Scene, draft: Draft, asset: Asset) -> None:
    """Take an asset out of the other door that the record had it in; that door is not lendable until looked at."""
    other = scene.elsewhere.get(asset.id)
    if other is not None:
        remove(draft, other, asset.id)
        lock(draft, other, UNEXPECTED)


def lock(draft: Draft, door: Door, why: str) -> None:
    """Close a door to lending; a reason that no look inside lifts stays."""
    now = draft.door(door)
    draft.door(door, unlendable=now.unlendable if now.unlendable in LASTING else why)


def unknown(scene: Scene, draft: Draft) -> bool:
    """A tag that nobody knows is a case, once for as long as it lies in this door."""
    tags = scene.unknown_tags()
    case_id = unknown_case(scene.door, tags)
    if tags and case_id not in scene.cases:
        detail = f"{len(tags)} unknown: {', '.join(tags[:4])}"
        draft.open_case(CaseKind.UNKNOWN_TAG, case_id=case_id, detail=detail)
    return bool(tags)


def unknown_case(door: Door, tags: Iterable[str]) -> str:
    """Return the id of the case about tags in a door that nobody knows."""
    return derived("case", str(CaseKind.UNKNOWN_TAG), door.bank, str(door.number), *sorted(tags))


def remove(draft: Draft, door: Door, asset: str) -> None:
    """Take an asset out of a door's contents; a door that nothing is left in waits for no workshop."""
    now = draft.door(door)
    left = tuple(content for content in now.contents if content.asset != asset)
    waits = now.unlendable if left or now.unlendable != IN_REPAIR else None
    draft.door(door, contents=left, unlendable=waits)


def put(scene: Scene, draft: Draft, asset: Asset) -> None:
    """Put an asset, as this draft moved it, into the door's contents."""
    content = Content.of(draft.assets[asset.id], scene.report.at)
    now = draft.door(scene.door)
    draft.door(scene.door, contents=(*(each for each in now.contents if each.asset != asset.id), content))


def settled(scene: Scene, draft: Draft, grant: Grant) -> None:
    """Note that the door is closed and its grant used: nobody wonders any more how that grant ended.

    Any other reason not to lend stays: what was found meanwhile is not answered by this.
    """
    report = scene.report
    opened_at = grant.opened_at or report.opened_at
    used = replace(grant, state=GrantState.USED, over_at=report.at, opened_at=opened_at)
    kept = None if scene.door.unlendable == UNRESOLVED else scene.door.unlendable
    draft.door(scene.door, grant=used, physical="closed", unlendable=kept)


def doubted(scene: Scene, draft: Draft, grant: Grant) -> None:
    """Note that nobody knows how the door's grant ended, nor whether it is closed: nothing is lent from it."""
    over = replace(grant, state=GrantState.UNRESOLVED, over_at=scene.report.at)
    draft.door(scene.door, grant=over, physical="unknown")
    lock(draft, scene.door, UNRESOLVED)
