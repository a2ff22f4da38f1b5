"""Doors left open: one case per grant, answered by the closing of the door (safety.md, I8 and I9)."""

from datetime import datetime
from typing import Any

from toolcrib.domain.cases import CaseKind, CaseState
from toolcrib.domain.doors import Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan
from toolcrib.domain.record import replace
from toolcrib.domain.reports.opening import in_flight
from toolcrib.domain.reports.scene import REPEATED, Scene, Settlement, Told


def current(scene: Scene, grant: Grant) -> Settlement:
    """One case per grant; already answered if the door is known to be closed (safety.md, I8 and I9)."""
    if case_of(grant.id) in scene.cases:
        return REPEATED
    draft = scene.draft(grant.person or grant.by)
    over_at = grant.over_at if grant.state is GrantState.USED else None
    _keep(draft, grant.id, loan=grant.loan, asset=grant.asset, over_at=over_at)
    if grant.state is GrantState.USED:
        return Settlement(name="left_open", change=draft.change())
    if grant.state is GrantState.UNRESOLVED:
        draft.door(scene.door, physical="left_open")
    else:
        in_flight(scene, draft, grant, physical="left_open")
    told = Told(level="warn", code="left_open", facts={"door": str(scene.door.number)})
    return Settlement(name="left_open", change=draft.change(), told=(told,))


def before(scene: Scene, grant: str, loan: Loan | None, *, over: bool) -> Settlement:
    """Keep it for a grant that is no longer the door's; `over` where the door is known to have been closed."""
    if case_of(grant) in scene.cases:
        return REPEATED
    draft = scene.draft(loan.person if loan else None)
    facts = (loan.id, loan.asset) if loan is not None else (None, None)
    _keep(draft, grant, loan=facts[0], asset=facts[1], over_at=scene.report.at if over else None)
    return Settlement(name="left_open", change=draft.change())


def _keep(draft: Draft, grant: str, *, loan: str | None, asset: str | None, over_at: datetime | None) -> None:
    """Open the case; where the door was closed at `over_at`, it is answered already."""
    case_id = draft.open_case(CaseKind.LEFT_OPEN, case_id=case_of(grant), loan=loan, asset=asset)
    answer: dict[str, Any] = {"state": CaseState.RESOLVED, "resolution": "closed", "resolved_by": "toolcrib"}
    known = {**answer, "resolved_at": over_at} if over_at is not None else {}
    draft.cases[case_id] = replace(draft.cases[case_id], **known)


def case_of(grant: str) -> str:
    """Return the id of the case about a door left open under a grant."""
    return derived("case", "left_open", grant)
