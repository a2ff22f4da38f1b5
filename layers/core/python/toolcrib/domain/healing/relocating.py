"""Repairs that tags at rest make by themselves: a stowed thing is in another door of its bank, or was only missed.

Made where nothing speaks against it (docs/rules.md, *What a reader sees*): the status is complete; no other door shows
the tag; both doors are closed, nobody is served there, and how their last grant ended is known; the thing is on no
loan; and afterwards what each of these doors is said to hold is exactly what its reader sees, within its capacity.
Things that changed places are moved together. Anything else that is odd about one of the doors leaves it to a person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.change import Change
from toolcrib.domain.doors import UNRESOLVED, Bank, Content, Door, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.healing.proposals import Applied, Place, Sight, place_of, proposed
from toolcrib.domain.healing.views import View
from toolcrib.domain.record import Record
from toolcrib.domain.reports.contents import UNEXPECTED
from toolcrib.domain.reports.status import Status, at_rest
from toolcrib.domain.states import Move

MOST_TOGETHER: Final = 4  # things in one transaction: 3 items each, their cases and at most 8 doors (≤ 25)
SEEN_AGAIN: Final = "seen_again"  # how a case is answered whose thing was only missed


class Relocation(Record, frozen=True, kw_only=True):
    """A thing, the case about it if there is one, and the door whose reader sees it."""

    asset: Asset
    case: Case | None
    door: int


def strange(bank: Bank, view: View) -> dict[str, int]:
    """Return the tags that one door of a bank shows and does not hold on record, with that door."""
    held = {(door.number, content.tag) for door in bank.doors for content in door.contents}
    seen = ((tag, doors[0]) for tag, doors in view.places.items() if len(doors) == 1)
    return {tag: door for tag, door in seen if (door, tag) not in held}


def relocations(
    bank: Bank, view: View, found: Iterable[tuple[Asset, int]], cases: Mapping[str, Case]
) -> list[Relocation]:
    """Return which of the things found (each with the door that shows it) may be moved there without anybody."""
    wanted = (
        Relocation(asset=asset, case=_case_of(asset, cases), door=door)
        for asset, door in found
        if view.places.get(asset.tag or "") == (door,)
    )
    return [each for each in wanted if _mends(bank, view, each)]


def relocated(bank: Bank, status: Status, view: View, moves: Sequence[Relocation]) -> Iterator[Change]:
    """Yield a change for each group of moves that share doors and fit; the others are left to a person."""
    for group in _groups(moves):
        draft = _draft(bank, status, group)
        if len(group) <= MOST_TOGETHER and all(_fits(door, bank, status, view) for _, door in draft.doors.values()):
            yield draft.change(guard=True)


def _mends(bank: Bank, view: View, move: Relocation) -> bool:
    asset = move.asset
    row = proposed(asset, bank.id, move.door, Sight.HERE)
    alone = move.case is not None and move.case.repair is not None and move.case.repair.alone
    applied = row.applied is Applied.YES or (row.applied is Applied.IF_ALONE and alone)
    free = asset.loan is None and asset.unsettled_by is None
    left = view.doors.get(asset.custodian.door or 0)
    gone = place_of(asset, bank.id, move.door) is Place.HERE or (left is not None and left.read)
    return applied and free and gone


def _case_of(asset: Asset, cases: Mapping[str, Case]) -> Case | None:
    case = cases.get(asset.case or "")
    return case if case is not None and case.state is CaseState.OPEN and case.asset == asset.id else None


def _groups(moves: Sequence[Relocation]) -> list[list[Relocation]]:
    """Put together what shares a door: each such group stands or falls as a whole."""
    groups: list[tuple[set[int], list[Relocation]]] = []
    for move in moves:
        doors = {move.door, move.asset.custodian.door or move.door}
        shared = [group for group in groups if group[0] & doors]
        groups = [group for group in groups if group not in shared]
        together = [each for group in shared for each in group[1]]
        groups.append((doors.union(*(group[0] for group in shared)), [*together, move]))
    return [group for _, group in groups]


def _draft(bank: Bank, status: Status, group: Sequence[Relocation]) -> Draft:
    doors = {door.number: door for door in bank.doors}
    draft = Draft(cause=_cause(bank, status, min(each.door for each in group)), site=bank.site)
    for each in group:
        left = doors.get(each.asset.custodian.door or 0)
        if left is not None:
            _take_out(draft, left, each.asset)
    for each in group:
        cause = _cause(bank, status, each.door)
        now = draft.move(each.asset, Move.RECONCILED, Custodian.at_door(bank.id, each.door), cause=cause)
        _put_in(draft, doors[each.door], Content.of(now, status.at))
        draft.resolve(each.case, SEEN_AGAIN, asset=now.id)
    return draft


def _cause(bank: Bank, status: Status, door: int) -> Cause:
    return Cause(op=f"{status.op}.{door}", at=status.at, evidence=Evidence.TAGS, bank=bank.id, door=door)


def _take_out(draft: Draft, door: Door, asset: Asset) -> None:
    now = draft.door(door)
    draft.door(door, contents=tuple(each for each in now.contents if each.asset != asset.id), **_known(now))


def _put_in(draft: Draft, door: Door, content: Content) -> None:
    now = draft.door(door)
    draft.door(door, contents=(*now.contents, content), **_known(now))


def _known(door: Door) -> dict[str, str | None]:
    """What lies in it is as recorded now, and it is closed."""
    return {"physical": "closed", "unlendable": None if door.unlendable == UNEXPECTED else door.unlendable}


def _fits(door: Door, bank: Bank, status: Status, view: View) -> bool:
    """Whether a door, as it would be, is what its reader sees, and was at rest as it is."""
    seen = view.doors.get(door.number)
    before = next(each for each in bank.doors if each.number == door.number)
    if seen is None or not seen.read or seen.state != "closed" or not _quiet(before, status, view):
        return False
    tagged = [content.tag for content in door.contents if content.tag is not None]
    return len(door.contents) <= door.capacity and sorted(tagged) == sorted(seen.sees)


def _quiet(door: Door, status: Status, view: View) -> bool:
    """Whether nothing is in flight there, and the record and the whole status speak of one moment."""
    if door.unlendable == UNRESOLVED or (door.grant is not None and door.grant.state is GrantState.UNRESOLVED):
        return False
    doors = {seen.number: seen.state for seen in view.doors.values()}
    tags = {seen.number: tuple(seen.sees) if seen.read else None for seen in view.doors.values()}
    whole = Status(
        op=status.op,
        at=view.at or status.at,
        boot=status.boot,
        seq=status.seq,
        journal_depth=status.journal_depth,
        doors=doors,
        tags=tags,
    )
    return at_rest(door, whole)
