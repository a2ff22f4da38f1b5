"""Which settlement a report gets: is its grant the door's, then (purpose, outcome), and how far the grant is.

    grant is          opened      closed    not_opened     jammed         unresolved    left_open
    issued            opened      TABLE     TABLE          TABLE          TABLE         case, opened
    opened            -           TABLE     - (1)          counted        TABLE         case
    failed, lapsed    reopened    TABLE     -              counted        TABLE         case, reopened
    unresolved        noted       TABLE     never opened   never opened   -             case
    used              -           -         -              counted        -             case, answered at once

(1) An honest bank reports one of the two; that it was open is the safer belief.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind, CaseState
from toolcrib.domain.change import Change
from toolcrib.domain.doors import JAMS_TO_QUARANTINE, QUARANTINED, Door, Grant, GrantState, Purpose
from toolcrib.domain.draft import Draft
from toolcrib.domain.ids import derived, loan_of
from toolcrib.domain.loans import Loan
from toolcrib.domain.record import replace
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
NEVER_OPENED: Mapping[Purpose, Settle] = {Purpose.TAKE: take.never_opened, Purpose.RETURN: give_back.never_opened}
GIVEN_UP = frozenset({GrantState.FAILED, GrantState.LAPSED})
_ANY = frozenset({Outcome.CLOSED, Outcome.NOT_OPENED, Outcome.JAMMED, Outcome.UNRESOLVED})
DECIDES: Mapping[GrantState, frozenset[Outcome]] = {
    GrantState.ISSUED: _ANY,
    GrantState.OPENED: frozenset({Outcome.CLOSED, Outcome.UNRESOLVED}),
    GrantState.FAILED: frozenset({Outcome.CLOSED, Outcome.UNRESOLVED}),
    GrantState.LAPSED: frozenset({Outcome.CLOSED, Outcome.UNRESOLVED}),
    GrantState.UNRESOLVED: frozenset({Outcome.CLOSED}),
    GrantState.USED: frozenset(),
}
"""Outcomes that end a grant's story in `TABLE`, by how far it is."""
JAM_MEMORY = timedelta(days=1)  # rules.md, *Doors*: three jams in a day quarantine a door
REPEATED = Settlement(name="repeated")


def settle(scene: Scene) -> Settlement:
    """Return what a report comes to. Total: every report of every grant in every state has an answer."""
    report, grant = scene.report, scene.door.grant
    current = grant if grant is not None and grant.id == report.grant else None
    heard = (report.boot, report.seq) in scene.door.seqs
    if heard and not (current is not None and current.live and report.outcome in DECIDES[current.state]):
        return REPEATED
    if report.grant is None:
        return _counted(scene, ungranted.settle(scene))
    settlement = _current(scene, current) if current is not None else _moved_on(scene, report.grant)
    return _answered(scene, _counted(scene, settlement))


def _current(scene: Scene, grant: Grant) -> Settlement:
    outcome = scene.report.outcome
    if outcome is Outcome.LEFT_OPEN:
        return _left_open(scene, grant)
    if outcome is Outcome.OPENED:
        return _opened(scene, grant)
    if outcome in DECIDES[grant.state]:
        applies = outcome not in {Outcome.CLOSED, Outcome.UNRESOLVED} or _still_about(scene, grant)
        return TABLE[grant.purpose, outcome](scene, grant) if applies else ungranted.late(scene)
    if grant.state is GrantState.UNRESOLVED and outcome in {Outcome.NOT_OPENED, Outcome.JAMMED}:
        never_opened = NEVER_OPENED.get(grant.purpose)
        return never_opened(scene, grant) if never_opened else REPEATED
    return REPEATED


def _opened(scene: Scene, grant: Grant) -> Settlement:
    draft = scene.draft(grant.person or grant.by)
    if grant.state in {GrantState.ISSUED, *GIVEN_UP}:
        _in_flight(scene, draft, grant)
    elif grant.state is GrantState.UNRESOLVED and grant.opened_at is None:
        draft.door(scene.door, grant=replace(grant, opened_at=_opened_at(scene)))
    else:
        return REPEATED
    return Settlement(name="opened", change=draft.change())


def _in_flight(scene: Scene, draft: Draft, grant: Grant, physical: str = "open") -> None:
    """Note that a grant's door is open; if it was given up as failed or lapsed, it is in flight again."""
    opened = replace(grant, state=GrantState.OPENED, opened_at=_opened_at(scene), over_at=None)
    draft.door(scene.door, grant=opened, physical=physical)
    if grant.state in GIVEN_UP and grant.purpose is Purpose.TAKE:
        take.reopened(scene, draft, grant)


def _opened_at(scene: Scene) -> datetime:
    return scene.report.opened_at or scene.report.at


def _still_about(scene: Scene, grant: Grant) -> bool:
    """Whether the asset of a take is still as its grant found it, unconfirmed because of it, or back already.

    A return's asset may have gone anywhere since; what came back is judged by the state table.
    """
    if grant.purpose is not Purpose.TAKE:
        return True
    asset, loan = scene.assets[grant.asset or ""], scene.loans[grant.loan or ""]
    if take.concluded(loan) or _unsettled(asset, grant.id):
        return True
    since = next((each.since for each in scene.door.contents if each.asset == asset.id), scene.report.at)
    here = Custodian.at_door(scene.door.bank, scene.door.number)
    return asset.custodian == here and since <= scene.report.at


def _unsettled(asset: Asset, grant: str) -> bool:
    return asset.state is State.UNCONFIRMED and asset.unsettled_by == grant


def _moved_on(scene: Scene, grant: str) -> Settlement:
    """A report of a grant that is no longer the door's: repeated, still an answer to something, or late."""
    outcome, loan = scene.report.outcome, scene.loans.get(loan_of(grant) or "")
    memory = loan.grants.get(grant) if loan is not None else None
    if outcome is Outcome.LEFT_OPEN:
        return _left_open_before(scene, grant, loan, over=memory is GrantState.USED)
    if memory is GrantState.USED or (memory is GrantState.UNRESOLVED and outcome is Outcome.UNRESOLVED):
        return REPEATED
    asset = scene.assets.get(loan.asset) if loan is not None and loan.id == grant else None
    if loan is None or asset is None or not _unsettled(asset, grant):
        return ungranted.late(scene)
    return REPEATED if outcome is Outcome.OPENED else take.late(scene, loan, asset)


def _left_open(scene: Scene, grant: Grant) -> Settlement:
    """One case per grant; already answered if the door is known to be closed (safety.md, I8 and I9)."""
    if left_open_case(grant.id) in scene.cases:
        return REPEATED
    draft = scene.draft(grant.person or grant.by)
    over_at = grant.over_at if grant.state is GrantState.USED else None
    _keep_left_open(draft, grant.id, loan=grant.loan, asset=grant.asset, over_at=over_at)
    if grant.state is GrantState.USED:
        return Settlement(name="left_open", change=draft.change())
    if grant.state is GrantState.UNRESOLVED:
        draft.door(scene.door, physical="left_open")
    else:
        _in_flight(scene, draft, grant, physical="left_open")
    told = Told(level="warn", code="left_open", facts={"door": str(scene.door.number)})
    return Settlement(name="left_open", change=draft.change(), told=(told,))


def _left_open_before(scene: Scene, grant: str, loan: Loan | None, *, over: bool) -> Settlement:
    if left_open_case(grant) in scene.cases:
        return REPEATED
    draft = scene.draft(loan.person if loan else None)
    facts = (loan.id, loan.asset) if loan is not None else (None, None)
    _keep_left_open(draft, grant, loan=facts[0], asset=facts[1], over_at=scene.report.at if over else None)
    return Settlement(name="left_open", change=draft.change())


def _keep_left_open(draft: Draft, grant: str, *, loan: str | None, asset: str | None, over_at: datetime | None) -> None:
    """Open the case; where the door was closed at `over_at`, it is answered already."""
    case_id = draft.open_case(CaseKind.LEFT_OPEN, case_id=left_open_case(grant), loan=loan, asset=asset)
    answer: dict[str, Any] = {"state": CaseState.RESOLVED, "resolution": "closed", "resolved_by": "toolcrib"}
    known = {**answer, "resolved_at": over_at} if over_at is not None else {}
    draft.cases[case_id] = replace(draft.cases[case_id], **known)


def left_open_case(grant: str) -> str:
    """Return the id of the case about a door left open under a grant."""
    return derived("case", "left_open", grant)


def unresolved_case(bank: str, grant: str) -> str:
    """Return the id of the case about a grant of which nobody knew how it ended (as `Draft.open_case` makes it)."""
    return derived("case", str(CaseKind.UNRESOLVED), bank, grant, "")


def _answered(scene: Scene, settlement: Settlement) -> Settlement:
    """Answer what was open about a grant only because its end was not known: left open, or unresolved."""
    change, grant = settlement.change, scene.door.grant
    if change is None or grant is None or grant.id != scene.report.grant or scene.report.outcome not in _ANY:
        return settlement
    ended = any(each.grant is not None and each.grant.state is GrantState.USED for each in _of_door(change, scene))
    ids = (left_open_case(grant.id), unresolved_case(scene.door.bank, grant.id))
    open_still = [scene.cases[each] for each in ids if each in scene.cases and not _needed(change, each)]
    if not ended or not open_still:
        return settlement
    draft = Draft(cause=scene.draft(None).cause, site=scene.site)
    for case in open_still:
        draft.resolve(case, "closed" if case.kind is CaseKind.LEFT_OPEN else settlement.name)
    return replace(settlement, change=replace(change, cases=(*change.cases, *draft.cases.values())))


def _needed(change: Change, case: str) -> bool:
    """Whether a case is dealt with already, or still what an unconfirmed asset waits for."""
    waits = any(asset.case == case and asset.state is State.UNCONFIRMED for asset in change.assets)
    return waits or any(each.id == case for each in change.cases)


def _of_door(change: Change, scene: Scene) -> list[Door]:
    return [each for each in change.doors if (each.bank, each.number) == (scene.door.bank, scene.door.number)]


def _counted(scene: Scene, settlement: Settlement) -> Settlement:
    """Count a jam, whatever its grant has come to since, and tell facilities; three in a day quarantine the door."""
    if scene.report.outcome is not Outcome.JAMMED:
        return settlement
    draft = scene.draft(None)
    jam = draft.cases[draft.open_case(CaseKind.JAMMED, person=None)]
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
