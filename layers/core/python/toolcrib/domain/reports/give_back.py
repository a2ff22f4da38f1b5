"""The outcomes of a return. A return is never refused; what cannot be proven is unconfirmed and a case (laws 1 and 2)."""

from dataclasses import replace
from datetime import timedelta

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import LastReturn
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.scene import Scene, Settlement, Told
from toolcrib.domain.reports.take import holding
from toolcrib.domain.states import Move, State, step

PAUSE = timedelta(days=7)  # rules.md, *Late*: cases pause notices to the holder for at most 7 days


def closed(scene: Scene, grant: Grant) -> Settlement:
    """The door is closed again: whatever is inside now has come back, whether or not it was expected."""
    asset = scene.assets[grant.asset or ""]
    draft = scene.draft(grant.person)
    contents.settled(scene, draft)
    came = [each for each in _came_back(scene, asset) if _fits(scene, draft)]
    for each in came:
        _receive(scene, draft, each)
    _let_go(draft, grant, came)
    for stranger in scene.strangers():
        if stranger not in came:
            contents.unexpected(scene, draft, stranger)
    missing = asset not in came
    if missing:
        _not_inside(scene, draft, asset)
    contents.others_gone(scene, draft, but=asset.id, person=grant.person)
    unknown = contents.unknown(scene, draft)
    name = _name(came, asset, draft, unknown=unknown)
    told = Told(level="info" if name == "returned" else "warn", code=name, facts={"thing": asset.name})
    return Settlement(name=name, change=draft.change(), told=(told,))


def _let_go(draft: Draft, grant: Grant, came: list[Asset]) -> None:
    """What was only last seen with the person, without an open loan, leaves their summary as well."""
    back = any(each.id == grant.asset for each in came)
    if back and grant.person and grant.loan and grant.loan not in draft.loans:
        draft.hold(grant.person, grant.loan, None)


def _came_back(scene: Scene, expected: Asset) -> tuple[Asset, ...]:
    """Return what is inside now and was not before: by tags whatever they name, else what the grant names."""
    if scene.report.evidence is Evidence.TAGS and expected.tag is not None:
        return tuple(sorted(scene.strangers(), key=lambda each: each.id != expected.id))
    return () if scene.gone(None) is True else (expected,)


def _fits(scene: Scene, draft: Draft) -> bool:
    """Whether the door may hold one more (safety.md, I1)."""
    return len(draft.door(scene.door).contents) < scene.door.capacity


def _receive(scene: Scene, draft: Draft, asset: Asset) -> None:
    """Stow one thing here, close its loan; or keep what was seen as a case where the record contradicts it."""
    loan = loan_of(scene, asset)
    if _too_weak(scene, asset):
        _doubted(scene, draft, asset, loan, CaseKind.WEAK_EVIDENCE)
        return
    if loan is not None and loan.state is LoanState.PENDING:
        asset = _taken_after_all(scene, draft, loan, asset)
    if step(asset.state, Move.RETURNED) is not State.STOWED:
        _doubted(scene, draft, asset, loan, CaseKind.CONTRADICTION)
        return
    draft.move(asset, Move.RETURNED, contents.here(scene))
    draft.resolve(scene.case_of(asset), "returned")
    contents.put(scene, draft, asset)
    if loan is not None:
        close(scene, draft, loan)


def loan_of(scene: Scene, asset: Asset) -> Loan | None:
    """Return the loan an asset is out on: its own, or the one this grant names while that is still pending."""
    grant = scene.door.grant
    named = grant.loan if grant is not None and grant.asset == asset.id else None
    loan = scene.loans.get(asset.loan or named or "")
    return loan if loan is not None and loan.state in {LoanState.OPEN, LoanState.PENDING} else None


def _taken_after_all(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> Asset:
    """The thing comes back before the report of its taking did: that it was taken is now proven (safety.md, I9).

    The event carries what that report would have: its grant, and the evidence its bank gives. When it comes, it says
    nothing new.
    """
    held = draft.move(
        asset, Move.TAKEN, Custodian.person(loan.person), loan=loan.id, grant=loan.id, person=loan.person,
        evidence=loan.evidence, at=loan.authorised_at,
    )  # fmt: skip
    draft.loan(loan, taken_at=loan.authorised_at, grants={**loan.grants, loan.id: GrantState.USED})
    door = scene.elsewhere.get(asset.id)
    if door is not None and door.grant is not None and door.grant.id == loan.id:
        contents.remove(draft, door, asset.id)
        draft.door(door, grant=replace(door.grant, state=GrantState.USED))
    return held


def close(scene: Scene, draft: Draft, loan: Loan) -> None:
    """Close a loan by this return; the grant that did it is remembered on it."""
    now = draft.loan(loan)
    grants = {**now.grants, scene.report.grant: GrantState.USED} if scene.report.grant else now.grants
    draft.loan(
        loan, state=LoanState.CLOSED, returned_at=max(scene.report.at, now.taken_at or now.authorised_at),
        return_bank=scene.door.bank, return_door=scene.door.number, return_evidence=scene.report.evidence,
        grants=grants, next_step=None, paused_until=None,
    )  # fmt: skip
    draft.hold(loan.person, loan.id, None)
    if scene.report.evidence is Evidence.DOOR_ONLY:
        _may_think_again(scene, draft, loan)


def _may_think_again(scene: Scene, draft: Draft, loan: Loan) -> None:
    """Only a door told of this return: keep what the person needs to say within 60 s that nothing was put in."""
    asset = draft.assets[loan.asset]
    door = scene.door
    last = LastReturn(
        loan=loan.id, bank=door.bank, door=door.number, at=scene.report.at, holding=holding(loan, asset, "open")
    )
    draft.holdings.append(Holdings(person=loan.person, last_return=last))


def _too_weak(scene: Scene, asset: Asset) -> bool:
    kind = scene.book.types.get(asset.type)
    needed = kind.min_evidence if kind is not None else None
    return needed is not None and scene.report.evidence.strength < needed.strength


def _doubted(scene: Scene, draft: Draft, asset: Asset, loan: Loan | None, kind: CaseKind) -> None:
    """Unconfirmed, last seen here, with a case; the holder is not blamed: their notices pause."""
    contents.unexpected(scene, draft, asset, kind)
    if loan is not None:
        pause(draft, loan)


def pause(draft: Draft, loan: Loan) -> None:
    """Hold back notices to the holder for as long as a case may."""
    paused = aimed(replace(draft.loan(loan), paused_until=draft.cause.at + PAUSE))
    draft.loan(loan, paused_until=paused.paused_until, next_step=paused.next_step)


def _not_inside(scene: Scene, draft: Draft, asset: Asset) -> None:
    """What was expected is not there: its loan stays as it is."""
    if asset.state is State.ON_LOAN:
        draft.move(asset, Move.NOT_RETURNED, asset.custodian, loan=asset.loan)
    loan = loan_of(scene, asset)
    if loan is not None and scene.report.grant:
        draft.loan(loan, grants={**draft.loan(loan).grants, scene.report.grant: GrantState.USED})


def _name(came: list[Asset], asset: Asset, draft: Draft, *, unknown: bool) -> str:
    if asset in came:
        return "returned" if draft.assets[asset.id].state is State.STOWED else "return_unconfirmed"
    if came:
        return "other_returned"
    return "unknown_tag" if unknown else "not_returned"


def failed(scene: Scene, grant: Grant) -> Settlement:
    """The door never opened, or jammed: the loan is as it was; another door will do."""
    draft = scene.draft(grant.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED))
    name = str(scene.report.outcome)
    told = Told(level="warn", code=name, facts={"door": str(scene.door.number)})
    return Settlement(name=name, change=draft.change(), told=(told,))


def reopened(scene: Scene, grant: Grant) -> Settlement:
    """It was given up as failed or lapsed, and now it opened: it is in flight again."""
    draft = scene.draft(grant.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.OPENED), physical="open")
    return Settlement(name="opened", change=draft.change())


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows whether it was put in: asset and loan are as they were, a case, and the holder is left in peace."""
    draft = scene.draft(grant.person)
    draft.open_case(CaseKind.UNRESOLVED, asset=grant.asset, loan=grant.loan)
    draft.door(scene.door, grant=replace(grant, state=GrantState.UNRESOLVED), unlendable="unresolved")
    loan = scene.loans.get(grant.loan or "")
    if loan is not None and loan.state is LoanState.OPEN:
        pause(draft, loan)
    return Settlement(name="unresolved", change=draft.change())

