"""The outcomes of a take (rules.md, *Doors*).

A thing may come back before the report of its taking does. That it was taken is concluded then (`conclude`); its loan's
memory still says that the grant was not used, so that its own report, when it comes, sets the loan's times right.
"""

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents, lending
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement, Told
from toolcrib.domain.states import Move, State


def closed(scene: Scene, grant: Grant) -> Settlement:
    """The door is closed again: the thing is gone (or nothing can tell), or it is still there."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    draft = scene.draft(loan.person)
    contents.settled(scene, draft)
    still_there = scene.gone(asset.id, asset.tag) is False
    told = not lending.concluded(loan)
    name = _ended(scene, draft, loan, asset, still_there=still_there)
    if contents.others_gone(scene, draft, but=asset.id, person=loan.person):
        name = "wrong_item"
    contents.strangers(scene, draft, but=asset.id)
    contents.unknown(scene, draft)
    said = (_told(name, draft.loan(loan), asset),) if told else ()
    return Settlement(name=name, change=draft.change(), told=said)


def late(scene: Scene, loan: Loan, asset: Asset) -> Settlement:
    """Its door has moved on, but the asset is unconfirmed because of this take: that is answered now."""
    draft = scene.draft(loan.person)
    if scene.report.outcome is not Outcome.CLOSED:
        return Settlement(name=_undo(scene, draft, loan, asset), change=draft.change())
    as_it_was = replace(scene, door=replace(scene.door, contents=()))  # what lies there now was not there then
    still_there = as_it_was.gone(asset.id, asset.tag) is False
    name = _ended(scene, draft, loan, asset, still_there=still_there)
    return Settlement(name=name, change=draft.change())


def _ended(scene: Scene, draft: Draft, loan: Loan, asset: Asset, *, still_there: bool) -> str:
    if lending.concluded(loan):
        return _confirmed(scene, draft, loan, asset, still_there=still_there)
    return _not_taken(scene, draft, loan, asset) if still_there else _taken(scene, draft, loan, asset)


def _told(name: str, loan: Loan, asset: Asset) -> Told:
    level = "warn" if name == "wrong_item" else "info"
    return Told(level=level, code=name, facts={"thing": asset.name, "due": loan.due_at})


def _taken(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    """The asset is with the person who was let in: the loan is open, and a case about it is answered."""
    at = max(scene.report.at, loan.authorised_at)
    cause = replace(draft.cause, at=at, detail=loan.proofs)
    draft.move(asset, Move.TAKEN, Custodian.person(loan.person), loan=loan.id, cause=cause)
    draft.resolve(scene.case_of(asset), "taken", asset=asset.id)
    contents.remove(draft, scene.door, asset.id)
    draft.loan(loan, grants={**loan.grants, loan.id: GrantState.USED})
    lending.open_loan(scene, draft, loan, asset, at=at, evidence=scene.report.evidence)
    return "taken"


def conclude(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> Asset:
    """The thing comes back before the report of its taking did: that it was taken is known now (safety.md, I9).

    The event carries what that report would: its grant, its door, and the evidence that its bank gives.
    """
    at = min(loan.authorised_at, scene.report.at)
    cause = Cause(
        op=loan.id,
        at=at,
        evidence=loan.evidence or Evidence.DOOR_ONLY,
        person=loan.person,
        bank=loan.bank,
        door=loan.door,
        grant=loan.id,
        detail=loan.proofs,
    )
    draft.waits_less(scene.cases.get(asset.case or ""), asset.id)
    held = draft.move(asset, Move.TAKEN, Custodian.person(loan.person), loan=loan.id, cause=cause)
    lending.open_loan(scene, draft, loan, asset, at=at, evidence=cause.evidence)
    door = scene.elsewhere.get(asset.id)
    if door is not None:
        contents.remove(draft, door, asset.id)
    return held


def _confirmed(scene: Scene, draft: Draft, loan: Loan, asset: Asset, *, still_there: bool) -> str:
    """The report of a taking that was concluded: it was taken when this says, or it contradicts the return."""
    now = draft.loan(loan, grants={**loan.grants, loan.id: GrantState.USED})
    if still_there:
        contents.unexpected(scene, draft, asset, CaseKind.CONTRADICTION, op=scene.report.op)
        return "contradiction"
    at = max(scene.report.at, loan.authorised_at)
    back = None if now.returned_at is None else max(now.returned_at, at)
    timed = lending.timed(scene, now, at=at, evidence=scene.report.evidence)
    noted = at if now.noted_until == now.taken_at else now.noted_until
    draft.loan(
        loan,
        taken_at=at,
        due_at=timed.due_at,
        due_why=timed.due_why,
        evidence=timed.evidence,
        returned_at=back,
        noted_until=noted,
    )
    if now.state is LoanState.OPEN:
        lending.open_loan(scene, draft, loan, asset, at=at, evidence=scene.report.evidence)
    return "taken"


def _not_taken(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    """The thing is still there: the grant is used up, there is no loan."""
    moved = draft.move(asset, Move.NOT_TAKEN, contents.here(scene), case=asset.case)
    if moved.state is State.UNCONFIRMED:  # nothing falls back to stowed by itself (safety.md, I8): a person looks
        contents.lock(draft, scene.door, contents.UNEXPECTED)
    lending.void(draft, loan, GrantState.USED)
    return "not_taken"


def failed(scene: Scene, grant: Grant) -> Settlement:
    """The door never opened, or jammed: the loan is void, the thing may be offered again."""
    loan = scene.loans[grant.loan or ""]
    draft = scene.draft(loan.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED, over_at=scene.report.at))
    if loan.state is LoanState.PENDING:
        lending.void(draft, loan, GrantState.FAILED)
    name = str(scene.report.outcome)
    told = Told(level="warn", code=name, facts={"door": str(scene.door.number)})
    return Settlement(name=name, change=draft.change(), told=(told,))


def never_opened(scene: Scene, grant: Grant) -> Settlement:
    """It was given up as unresolved, and now it turns out that the door never opened: nobody is blamed."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    draft = scene.draft(loan.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.USED, over_at=scene.report.at), physical="closed")
    return Settlement(name=_undo(scene, draft, loan, asset), change=draft.change())


def _undo(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    if asset.state is State.UNCONFIRMED and asset.unsettled_by == loan.id:
        _not_taken(scene, draft, loan, asset)
    elif loan.state is LoanState.PENDING:
        lending.void(draft, loan, GrantState.FAILED)
    return str(scene.report.outcome)


def reopened(scene: Scene, draft: Draft, grant: Grant) -> None:
    """It was given up as failed or lapsed, and now it opened: its loan is in flight again."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    if loan.state is LoanState.VOID:
        draft.loan(loan, state=LoanState.PENDING, grants={**loan.grants, grant.id: GrantState.OPENED})
        until = replace(lending.holding(loan, asset, str(LoanState.PENDING)), until=grant.expires_at)
        draft.hold(loan.person, loan.id, until)


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows how it ended: unconfirmed, last seen with this person; the loan stays pending."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    draft = scene.draft(loan.person)
    contents.doubted(scene, draft)
    case = draft.open_case(CaseKind.UNRESOLVED, asset=asset.id, loan=loan.id)
    if asset.custodian == contents.here(scene) and not lending.concluded(loan):
        cause = replace(draft.cause, op=f"{grant.id}.unresolved")
        person = Custodian.person(loan.person)
        draft.move(asset, Move.UNRESOLVED, person, loan=loan.id, unsettled_by=grant.id, case=case, cause=cause)
        contents.remove(draft, scene.door, asset.id)
        pending = draft.loan(loan, state=LoanState.PENDING, grants={**loan.grants, grant.id: GrantState.UNRESOLVED})
        draft.hold(loan.person, loan.id, lending.holding(pending, asset, str(State.UNCONFIRMED)))
    elif loan.state is LoanState.PENDING:  # it was seen elsewhere meanwhile, which is a case of its own
        lending.void(draft, loan, GrantState.UNRESOLVED)
    return Settlement(name="unresolved", change=draft.change())
