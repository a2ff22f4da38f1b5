"""What a report means beyond its grant: jams add up, and its end answers cases that waited for it."""

from datetime import timedelta

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import JAMS_TO_QUARANTINE, QUARANTINED, Door, GrantState
from toolcrib.domain.ids import derived
from toolcrib.domain.record import replace
from toolcrib.domain.reports import left_open
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement
from toolcrib.domain.states import State

JAM_MEMORY = timedelta(days=1)  # rules.md, *Doors*: three jams in a day quarantine a door
ENDS = frozenset({Outcome.CLOSED, Outcome.NOT_OPENED, Outcome.JAMMED, Outcome.UNRESOLVED})


def unresolved_case(bank: str, grant: str) -> str:
    """Return the id of the case about a grant of which nobody knew how it ended (as `Draft.open_case` makes it)."""
    return derived("case", str(CaseKind.UNRESOLVED), bank, grant, "")


def answered(scene: Scene, settlement: Settlement) -> Settlement:
    """Answer what was open about a grant only because its end was not known: left open, or unresolved."""
    change, grant = settlement.change, scene.door.grant
    if change is None or grant is None or grant.id != scene.report.grant or scene.report.outcome not in ENDS:
        return settlement
    ended = any(each.grant is not None and each.grant.state is GrantState.USED for each in _of_door(change, scene))
    ids = (left_open.case_of(grant.id), unresolved_case(scene.door.bank, grant.id))
    open_still = [scene.cases[each] for each in ids if each in scene.cases and not _needed(change, each)]
    if not ended or not open_still:
        return settlement
    draft = scene.draft(None)
    for case in open_still:
        draft.resolve(case, "closed" if case.kind is CaseKind.LEFT_OPEN else settlement.name)
    return replace(settlement, change=replace(change, cases=(*change.cases, *draft.cases.values())))


def _needed(change: Change, case: str) -> bool:
    """Whether a case is dealt with already, or still what an unconfirmed asset waits for."""
    waits = any(asset.case == case and asset.state is State.UNCONFIRMED for asset in change.assets)
    return waits or any(each.id == case for each in change.cases)


def _of_door(change: Change, scene: Scene) -> list[Door]:
    return [each for each in change.doors if (each.bank, each.number) == (scene.door.bank, scene.door.number)]


def counted(scene: Scene, settlement: Settlement) -> Settlement:
    """Count a jam, whatever its grant has come to since, and tell facilities; three in a day quarantine the door."""
    if scene.report.outcome is not Outcome.JAMMED:
        return settlement
    draft = scene.draft(None)
    jam = draft.cases[draft.open_case(CaseKind.JAMMED)]
    change = settlement.change or draft.change()
    doors = tuple(_jammed(each, scene) if each in _of_door(change, scene) else each for each in change.doors)
    others = tuple(each for each in change.cases if each.id != jam.id)
    return replace(settlement, change=replace(change, doors=doors, cases=(*others, jam)))


def _jammed(door: Door, scene: Scene) -> Door:
    now = scene.report.at
    jams = sorted(jam for jam in (*door.jams, now) if now - JAM_MEMORY < jam)[-JAMS_TO_QUARANTINE:]
    return replace(
        door, jams=tuple(jams), unlendable=QUARANTINED if len(jams) >= JAMS_TO_QUARANTINE else door.unlendable
    )
