"""Which settlement a report gets: by whether its grant is the door's, then by (purpose, outcome)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind, CaseState
from toolcrib.domain.doors import JAMS_TO_QUARANTINE, Door, Grant, GrantState, Purpose
from toolcrib.domain.draft import Draft
from toolcrib.domain.ids import derived
from toolcrib.domain.reports import give_back, service, take, ungranted
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement, Told
from toolcrib.domain.states import State

Settle = Callable[[Scene, Grant], Settlement]

TABLE: Mapping[tuple[Purpose, Outcome], Settle] = {
    (Purpose.TAKE, Outcome.CLOSED): take.closed,
    (Purpose.TAKE, Outcome.NOT_OPENED): take.failed,
    (Purpose.TAKE, Outcome.JAMMED): take.failed,
    (Purpose.TAKE, Outcome.UNRESOLVED): take.unresolved,
    (Purpose.RETURN, Outcome.CLOSED): give_back.closed,
    (Purpose.RETURN, Outcome.NOT_OPENED): give_back.failed,
    (Purpose.RETURN, Outcome.JAMMED): give_back.failed,
    (Purpose.RETURN, Outcome.UNRESOLVED): give_back.unresolved,
    (Purpose.SERVICE, Outcome.CLOSED): service.closed,
    (Purpose.SERVICE, Outcome.NOT_OPENED): service.failed,
    (Purpose.SERVICE, Outcome.JAMMED): service.failed,
    (Purpose.SERVICE, Outcome.UNRESOLVED): service.unresolved,
}
REOPENED: Mapping[Purpose, Settle] = {
    Purpose.TAKE: take.reopened,
    Purpose.RETURN: give_back.reopened,
    Purpose.SERVICE: service.reopened,
}
GIVEN_UP = frozenset({GrantState.FAILED, GrantState.LAPSED})
JAM_MEMORY = timedelta(days=1)  # rules.md, *Doors*: three jams in a day quarantine a door


def settle(scene: Scene) -> Settlement:
    """Return what a report comes to. Total: every report of every grant in every state has an answer."""
    report, grant = scene.report, scene.door.grant
    if (report.boot, report.seq) in scene.door.seqs:
        return Settlement(name="repeated")
    if report.grant is None:
        return ungranted.forced(scene) if report.outcome is Outcome.FORCED else ungranted.closed(scene)
    if grant is None or grant.id != report.grant:
        return _repeated(scene) or ungranted.late(scene)
    return _counted(scene, _current(scene, grant))


def _current(scene: Scene, grant: Grant) -> Settlement:
    outcome = scene.report.outcome
    if outcome is Outcome.LEFT_OPEN:
        return _left_open(scene, grant)
    if grant.state is GrantState.USED:
        return Settlement(name="repeated")
    if outcome is Outcome.OPENED:
        return _opened(scene, grant)
    if not _still_about(scene, grant):
        return ungranted.late(scene)
    if grant.state is GrantState.OPENED and outcome is Outcome.JAMMED:  # it jams while open: still in flight
        return Settlement(name="jammed", change=scene.draft(grant.person).change())
    if grant.state not in {GrantState.ISSUED, GrantState.OPENED} and outcome is not Outcome.CLOSED:
        return Settlement(name="repeated")
    return TABLE[grant.purpose, outcome](scene, grant)


def _opened(scene: Scene, grant: Grant) -> Settlement:
    if grant.state in GIVEN_UP:
        return REOPENED[grant.purpose](scene, grant)
    if grant.state is not GrantState.ISSUED:
        return Settlement(name="repeated")
    draft = scene.draft(grant.person)
    now_open = replace(grant, state=GrantState.OPENED, opened_at=scene.report.opened_at or scene.report.at)
    draft.door(scene.door, grant=now_open, physical="open")
    return Settlement(name="opened", change=draft.change())


def _still_about(scene: Scene, grant: Grant) -> bool:
    """Whether the asset of a take is still where its grant found it, or unconfirmed because of it.

    A return's asset may have gone anywhere since; what came back is judged by the state table.
    """
    if grant.purpose is not Purpose.TAKE:
        return True
    asset = scene.assets[grant.asset or ""]
    return asset.custodian == Custodian.at_door(scene.door.bank, scene.door.number) or _unsettled(asset, grant)


def _unsettled(asset: Asset, grant: Grant) -> bool:
    return asset.state is State.UNCONFIRMED and asset.unsettled_by == grant.id


def _repeated(scene: Scene) -> Settlement | None:
    """A report of an older grant that a loan remembers as over says nothing new."""
    over = {GrantState.USED, GrantState.FAILED, GrantState.LAPSED}
    remembered = (loan.grants.get(scene.report.grant or "") for loan in scene.loans.values())
    return Settlement(name="repeated") if any(state in over for state in remembered) else None


def _left_open(scene: Scene, grant: Grant) -> Settlement:
    """One case per grant; already answered if the door is known to be closed (safety.md, I8 and I9)."""
    case_id = left_open_case(grant)
    if case_id in scene.cases:
        return Settlement(name="repeated")
    draft = scene.draft(grant.person)
    made = draft.open_case(CaseKind.LEFT_OPEN, loan=grant.loan, asset=grant.asset)
    case = replace(draft.cases.pop(made), id=case_id)
    draft.cases[case_id] = case
    if grant.state is GrantState.USED:
        answered = replace(case, state=CaseState.RESOLVED, resolution="closed", resolved_at=scene.report.at)
        draft.cases[case_id] = replace(answered, resolved_by="toolcrib")
        return Settlement(name="left_open", change=draft.change())
    state = GrantState.OPENED if grant.state is GrantState.ISSUED else grant.state
    draft.door(scene.door, grant=replace(grant, state=state), physical="left_open")
    told = Told(level="warn", code="left_open", facts={"door": str(scene.door.number)})
    return Settlement(name="left_open", change=draft.change(), told=(told,))


def left_open_case(grant: Grant) -> str:
    """Return the id of the case about a door left open under a grant."""
    return derived("case", "left_open", grant.id)


def _counted(scene: Scene, settlement: Settlement) -> Settlement:
    """Count jams (three in a day quarantine the door), and answer the case of a door that is closed after all."""
    report, change, grant = scene.report, settlement.change, scene.door.grant
    if change is None or grant is None:
        return settlement
    if report.outcome is Outcome.JAMMED:
        doors = tuple(_jammed(door, scene) if door.number == scene.door.number else door for door in change.doors)
        return replace(settlement, change=replace(change, doors=doors))
    case = scene.cases.get(left_open_case(grant))
    if report.outcome is Outcome.CLOSED and case is not None:
        draft = Draft(cause=scene.draft(None).cause, site=scene.site)
        draft.resolve(case, "closed")
        return replace(settlement, change=replace(change, cases=(*change.cases, *draft.cases.values())))
    return settlement


def _jammed(door: Door, scene: Scene) -> Door:
    since = scene.report.at - JAM_MEMORY
    jams = (*(jam for jam in door.jams if jam > since), scene.report.at)[-JAMS_TO_QUARANTINE:]
    return replace(door, jams=jams, unlendable="quarantined" if len(jams) >= JAMS_TO_QUARANTINE else door.unlendable)
