"""A status held against the whole record: what tags alone can mend is mended, and what is seen twice is told."""

from itertools import islice
from typing import Final

from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.doors import Bank
from toolcrib.domain.healing.relocating import Relocation, relocated, relocations, strange
from toolcrib.domain.healing.views import View, elsewhere, looked, told, view_of
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.reports.at_rest import absent_case, double_case
from toolcrib.domain.reports.contents import MOST_AT_ONCE
from toolcrib.domain.reports.scene import Rest, Scene
from toolcrib.domain.reports.status import Status
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.store import keys
from toolcrib.store.assets import find_by_tags
from toolcrib.store.banks import load_bank
from toolcrib.store.mapping import to_case
from toolcrib.store.reads import find_many
from toolcrib.store.views import find_parts, find_views, save_part
from toolcrib.telemetry import count, record

MOST_LOOKED_UP: Final = 48  # strange tags of one status; the next status goes on
MOST_BANKS: Final = 6  # whose views are read for one door


def look(org: str, bank: str, status: Status) -> View:
    """Keep what a status says of tags, and return all that the bank's readers saw last.

    A status that is older than what is kept, and one without any tags, are kept by nobody.
    """
    before = find_parts(org, bank) if any(each is not None for each in status.tags.values()) else {}
    part, known = looked(status, before), view_of(bank, before)
    if part is None or not any(door.read for door in part.doors) or not save_part(org, bank, part):
        return View(bank=bank)
    return told(known, part)


def mend(org: str, bank: Bank, status: Status, view: View) -> int:
    """Move what is in another door of its bank, and put back what was only missed; returns how many things.

    Whoever else changes one of them at the same moment wins; the next status looks again.
    """
    if not view.complete or status.journal_depth or not strange(bank, view):
        return 0
    now = load_bank(org, bank.id)  # doors may have been freed by this very status
    wanted = dict(islice(strange(now, view).items(), MOST_LOOKED_UP))
    known = find_by_tags(org, wanted)
    found = [(asset, wanted[tag]) for tag, asset in known.items() if asset is not None]
    about = {keys.case(org, asset.case) for asset, _ in found if asset.case}
    cases = {case.id: case for case in map(to_case, find_many(about).values())} if about else {}
    moves = relocations(now, view, found, cases)
    return sum(_commit(org, now, status, view, moves)) if moves else 0


def _commit(org: str, bank: Bank, status: Status, view: View, moves: list[Relocation]) -> list[int]:
    done = []
    for change in relocated(bank, status, view, moves):
        try:
            commit_and_alert(org, change)
        except LostRace:
            continue
        done.append(len(change.assets))
        for asset in change.assets:
            record("reconciled", org=org, bank=bank.id, op=change.op, outcome=asset.id)
    count("Reconciled", sum(done))
    return done


def at_rest(org: str, scene: Scene, view: View) -> Scene:
    """Return the scene of a door with what a status adds: which tags are seen elsewhere, too, and the cases of that."""
    others = find_views(org, sorted(_banks(scene))[:MOST_BANKS])
    number = scene.door.number
    also = {tag: elsewhere(view, number, tag, others) for tag in scene.tags}
    seen = {tag: place for tag, place in also.items() if place is not None}
    rest = replace(scene, rest=Rest(also=seen))
    wanted = {keys.case(org, case) for case in _cases(rest)}
    more = map(to_case, find_many(wanted).values()) if wanted else ()
    return replace(rest, cases={**scene.cases, **{case.id: case for case in more}})


def _banks(scene: Scene) -> set[str]:
    """The other banks that may see at this moment what is seen here: where the record, or a case, has it."""
    found = set()
    for asset in scene.came_in():
        case = scene.cases.get(asset.case or "")
        proposal = case.repair if case is not None else None
        found |= {_door_of(asset), proposal.bank if proposal is not None else None}
    return {bank for bank in found if bank is not None and bank != scene.door.bank}


def _door_of(asset: Asset) -> str | None:
    return asset.custodian.id if asset.custodian.kind is CustodianKind.DOOR else None


def _cases(scene: Scene) -> set[str]:
    """The cases that may have been opened of this before: see `at_rest.absent` and `at_rest.again`."""
    gone = [each.asset for each in scene.door.contents if scene.gone(each.asset, each.tag)][: 4 * MOST_AT_ONCE]
    double = [asset for asset in scene.came_in() if scene.also_at(asset) is not None][: 4 * MOST_AT_ONCE]
    return {*(absent_case(each, scene) for each in gone), *(double_case(each) for each in double)}
