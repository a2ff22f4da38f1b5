"""What a door did without a grant: forced open; or a report whose grant nobody waits for any more."""

from collections.abc import Sequence

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Content, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports import at_rest, contents
from toolcrib.domain.reports.scene import Lending, Outcome, Scene, Settlement
from toolcrib.domain.states import Move, State

SILENT = frozenset({Outcome.OPENED, Outcome.NOT_OPENED, Outcome.JAMMED})
"""Outcomes that say nothing about custody once their grant is over."""
DOUBTED_BY = {State.ON_LOAN: Move.SEEN, State.STOWED: Move.NOT_SEEN}
"""How a late report makes what is on record unconfirmed; any other state is somebody's word, or says so already."""
FORCED = "forced"  # why a door is not lendable: somebody was in it without a grant


def settle(scene: Scene) -> Settlement:
    """Return what a report that names no grant comes to."""
    outcome = scene.report.outcome
    if outcome in {Outcome.FORCED, Outcome.OPENED}:  # opening without a grant is forcing, whatever it is called
        return _opened(scene, CaseKind.FORCED, Move.FORCED)
    if outcome is Outcome.UNRESOLVED:
        return _opened(scene, CaseKind.UNRESOLVED, Move.UNRESOLVED)
    if outcome is Outcome.LEFT_OPEN:
        return _left_open(scene)
    if outcome is Outcome.CLOSED:
        return closed(scene)
    return Settlement(name=str(outcome), change=scene.draft(None).change())


def _opened(scene: Scene, kind: CaseKind, move: Move) -> Settlement:
    """Opened without a grant: one case, whatever lay inside is unconfirmed, nothing is lent from it."""
    draft = scene.draft(None)
    case = draft.open_case(kind)
    for content in _there_then(scene):
        draft.move(scene.assets[content.asset], move, contents.here(scene), case=case)
        contents.remove(draft, scene.door, content.asset)
    draft.door(scene.door, physical="open")
    contents.lock(draft, scene.door, FORCED)
    return Settlement(name=str(scene.report.outcome), change=draft.change(guard=bool(draft.events)))


def _left_open(scene: Scene) -> Settlement:
    draft = scene.draft(None)
    draft.open_case(CaseKind.LEFT_OPEN)
    draft.door(scene.door, physical="left_open")
    return Settlement(name="left_open", change=draft.change())


def closed(scene: Scene) -> Settlement:
    """Closed again, without a grant: tags may show things; they never close a loan by themselves (rules.md)."""
    draft = scene.draft(None)
    draft.door(scene.door, physical="closed")
    for content in _there_then(scene):
        if scene.gone(content.asset, content.tag) is True:
            asset = scene.assets[content.asset]
            case = at_rest.absent(scene, draft, asset)
            draft.move(asset, Move.NOT_SEEN, contents.here(scene), case=case)
            contents.remove(draft, scene.door, asset.id)
    contents.strangers(scene, draft)
    at_rest.again(scene, draft)
    contents.unknown(scene, draft)
    return Settlement(name="closed_without_grant", change=draft.change(guard=bool(draft.events)))


def _there_then(scene: Scene) -> tuple[Content, ...]:
    """Return what lay in the door when this happened: what was put in since is not what the report speaks of."""
    return tuple(content for content in scene.door.contents if content.since <= scene.report.at)


def late(scene: Scene) -> Settlement:
    """Its door or its asset has moved on: recorded, a case, unconfirmed; nothing moves by itself (design.md).

    The loan remembers that it was heard, so that it is heard once.
    """
    report = scene.report
    if report.outcome in SILENT:
        return Settlement(name="late", change=scene.draft(None).change())
    parts = scene.named_by(report.grant or "")
    draft = scene.draft(parts[0][0].person if parts else None, op=report.op)
    doubted(scene, draft, parts or [None])
    grant = scene.door.grant
    if grant is not None and grant.id == report.grant:
        draft.door(scene.door, grant=replace(grant, state=_how(scene), over_at=report.at))
    return Settlement(name="late", change=draft.change(guard=bool(draft.events)))


def doubted(scene: Scene, draft: Draft, parts: Sequence[Lending | None]) -> None:
    """Open one case about things that a report can say nothing of any more: whatever is on record is doubted.

    None stands for a report that leads to no loan at all.
    """
    if not parts:
        return
    report, first = scene.report, parts[0]
    case = draft.open_case(
        CaseKind.LATE_REPORT,
        asset=first[1].id if first else None,
        loan=first[0].id if first else None,
        detail=f"{report.outcome}, evidence {report.evidence}",
    )
    for loan, asset in (each for each in parts if each is not None):
        if asset.state in DOUBTED_BY:
            cause = replace(draft.cause, op=report.op)
            draft.move(asset, DOUBTED_BY[asset.state], asset.custodian, loan=asset.loan, case=case, cause=cause)
            _unseat(scene, draft, asset)
        draft.loan(loan, grants={**draft.loan(loan).grants, report.grant or "": _how(scene)})
        _let_go(scene, draft, loan, asset)


def _how(scene: Scene) -> GrantState:
    return GrantState.UNRESOLVED if scene.report.outcome is Outcome.UNRESOLVED else GrantState.USED


def _unseat(scene: Scene, draft: Draft, asset: Asset) -> None:
    """What may not be in its door is not lent from it; a holder who may be innocent is left in peace."""
    if asset.custodian == contents.here(scene):
        contents.remove(draft, scene.door, asset.id)
        contents.lock(draft, scene.door, contents.UNEXPECTED)
    contents.unseat(scene, draft, asset)
    out_on = scene.loans.get(asset.loan or "")
    if out_on is not None:
        contents.pause(draft, out_on)


def _let_go(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> None:
    """A take that cannot be applied any more leaves no pending loan behind; the case names who it was.

    What somebody declared missing or lost meanwhile is still owed by that loan (intentions.py).
    """
    if loan.state is LoanState.PENDING and loan.begun_by == scene.report.grant and asset.loan != loan.id:
        draft.loan(loan, state=LoanState.VOID)
        draft.hold(loan.person, loan.id, None)
