"""What a status adds to what a door shows: seen again, seen twice, and one case a thing however often that changes."""

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.draft import Draft
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.healing.proposals import Sight, repair
from toolcrib.domain.ids import derived
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.scene import Scene
from toolcrib.domain.states import State


def absent_case(asset: str, scene: Scene) -> str:
    """Return the id of the case about a thing that was not seen where it should be: the first of a day (UTC)."""
    return derived("case", str(CaseKind.MISPLACED), asset, scene.report.at.date().isoformat())


def double_case(asset: Asset) -> str:
    """Return the id of the case about a tag in two places, as long as its asset's record does not move."""
    return derived("case", str(CaseKind.DOUBLE_SEEN), asset.id, str(asset.version))


def absent(scene: Scene, draft: Draft, asset: Asset) -> str:
    """Open the case about a thing that is gone from the door; returns its id.

    The first time in a day that readers at rest miss it, seeing it again is answer enough (`Repair.alone`): a reader
    does miss a tag now and then. The second time the same day is a person's.
    """
    by_tag = scene.report.tags is not None and asset.tag is not None
    first = absent_case(asset.id, scene)
    alone = scene.rest is not None and by_tag and first not in scene.cases
    at = scene.door
    proposal = repair(asset, at.bank, at.number, Sight.NOWHERE, alone=alone) if by_tag else None
    return draft.open_case(
        CaseKind.MISPLACED, about=asset.id, case_id=first if alone else "", asset=asset.id, repair=proposal
    )


def again(scene: Scene, draft: Draft) -> None:
    """Keep the proposals of open cases about what is seen here up to date, and tell of what is seen twice."""
    if scene.rest is None:
        return
    for asset in scene.came_in():
        if len(draft.cases) >= contents.MOST_AT_ONCE:
            return  # the next status goes on
        other = scene.also_at(asset)
        if other is not None:
            _double(scene, draft, asset, other)
        elif asset.state is State.UNCONFIRMED:
            _propose(scene, draft, asset, repair(asset, scene.door.bank, scene.door.number, Sight.HERE))


def _double(scene: Scene, draft: Draft, asset: Asset, other: tuple[str, int]) -> None:
    """One of two readers is wrong, or the tag was copied: nothing moves where one of them confirms the record."""
    found = Repair(finding=Finding.DOUBLE_SEEN, bank=other[0], door=other[1])
    if asset.state is State.UNCONFIRMED and _own_case(scene, asset) is not None:
        _propose(scene, draft, asset, found)
    elif asset.is_listed and asset.custodian == Custodian.at_door(*other):
        case_id = double_case(asset)
        if case_id not in scene.cases:
            draft.open_case(CaseKind.DOUBLE_SEEN, case_id=case_id, asset=asset.id, repair=found)
            contents.lock(draft, scene.door, contents.UNEXPECTED)
    elif asset.state is not State.UNCONFIRMED or scene.case_of(asset) is None:
        contents.unexpected(scene, draft, asset, CaseKind.DOUBLE_SEEN)


def _propose(scene: Scene, draft: Draft, asset: Asset, found: Repair) -> None:
    """Put another proposal onto the open case about an asset; the same one again is no change."""
    case = _own_case(scene, asset)
    before = case.repair if case is not None else None
    if case is None or (before is not None and _same(before, found)):
        return
    alone = before is not None and before.alone
    draft.cases[case.id] = replace(case, version=case.version + 1, repair=replace(found, alone=alone))


def _own_case(scene: Scene, asset: Asset) -> Case | None:
    case = scene.case_of(asset)
    return case if case is not None and case.asset == asset.id and case.state is CaseState.OPEN else None


def _same(one: Repair, other: Repair) -> bool:
    if Finding.DOUBLE_SEEN in {one.finding, other.finding}:
        return one.finding is other.finding
    if one.move is None:
        return True  # what was retired is for a person to say, wherever it is seen
    return (one.move, one.bank, one.door) == (other.move, other.bank, other.door)
