"""The outcomes of a return. It is never refused; what cannot be proven is unconfirmed and a case (laws 1 and 2)."""

from toolcrib.domain import blocking, countersigning
from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import UNRESOLVED, Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.evidence import Evidence, strongest
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import LastReturn
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.lending import holding
from toolcrib.domain.reports.scene import Scene, Settlement, Told
from toolcrib.domain.reports.take import conclude
from toolcrib.domain.states import Move, State, step


def closed(scene: Scene, grant: Grant) -> Settlement:
    """The door is closed again: whatever is inside now has come back, whether or not it was expected."""
    asset = scene.assets[grant.asset or ""]
    draft = scene.draft(grant.person)
    contents.settled(scene, draft)
    contents.others_gone(scene, draft, but=asset.id, person=grant.person)
    came = _came_back(scene, asset)
    for each in came[: contents.MOST_AT_ONCE]:
        _receive(scene, draft, each)
    contents.too_many(scene, draft, came)
    if asset not in came:
        _not_inside(scene, draft, grant, asset)
    unknown = contents.unknown(scene, draft)
    name = _name(came, asset, draft, unknown=unknown)
    told = Told(level="info" if name == "returned" else "warn", code=name, facts={"thing": asset.name})
    unremembered = grant.loan is None and bool(draft.events)  # no loan keeps this grant: the ledger has to
    return Settlement(name=name, change=draft.change(guard=unremembered), told=(told,))


def _came_back(scene: Scene, expected: Asset) -> list[Asset]:
    """Return what is inside now and was not before: by tags whatever they name, else what the grant names.

    What wears no tag is not believed to have come where a reader sees that something else did.
    """
    by_tag = sorted(scene.came_in(), key=lambda each: (each.id != expected.id, each.id))
    if scene.report.tags is not None and (expected.tag is not None or by_tag):
        return by_tag
    return [] if scene.gone(expected.id, None) is True else [expected]


def _receive(scene: Scene, draft: Draft, asset: Asset) -> None:
    """Stow one thing here, close its loan; or keep what was seen as a case where the record contradicts it."""
    loan = scene.loan_of(asset)
    if loan is not None and loan.state is LoanState.PENDING:
        asset = conclude(scene, draft, loan, asset)
    doubt = _doubt(scene, draft, asset, loan)
    if doubt is not None:
        contents.unexpected(scene, draft, asset, doubt)
        return
    grant = scene.door.grant
    detail = {**loan.return_proofs, **countersigning.proofs(loan, grant)} if loan is not None else {}
    cause = replace(draft.cause, evidence=scene.level(asset), detail={**draft.cause.detail, **detail})
    draft.move(asset, Move.RETURNED, contents.here(scene), cause=cause)
    draft.resolve(scene.case_of(asset), "returned", asset=asset.id)
    contents.put(scene, draft, asset)
    if loan is not None:
        _close(scene, draft, loan, cause.evidence)
        countersigning.wait(draft, loan, grant, scene.door, asset.name)


def _doubt(scene: Scene, draft: Draft, asset: Asset, loan: Loan | None) -> CaseKind | None:
    """Why a thing cannot be stowed here although it came, if so: weak evidence, the record, or the door is full."""
    kind = scene.book.types.get(asset.type)
    needed = strongest((kind.min_evidence if kind else None, loan.terms.min_evidence if loan else None))
    if needed is not None and scene.level(asset).strength < needed.strength:
        return CaseKind.WEAK_EVIDENCE
    if step(asset.state, Move.RETURNED) is not State.STOWED:
        return CaseKind.CONTRADICTION
    full = len(draft.door(scene.door).contents) >= scene.door.capacity  # safety.md, I1
    return CaseKind.UNEXPECTED_ITEM if full else None


def _close(scene: Scene, draft: Draft, loan: Loan, evidence: Evidence) -> None:
    """Close a loan by this return; the grant that did it is remembered on it."""
    now = draft.loan(loan)
    grants = {**now.grants, scene.report.grant: GrantState.USED} if scene.report.grant else now.grants
    over = draft.loan(
        loan,
        state=LoanState.CLOSED,
        returned_at=max(scene.report.at, now.taken_at or now.authorised_at),
        return_bank=scene.door.bank,
        return_door=scene.door.number,
        return_evidence=evidence,
        grants=grants,
        excused=scene.excuses.get(loan.id, now.excused),
        next_step=None,
        paused_until=None,
    )
    draft.hold(loan.person, loan.id, None)
    draft.holdings += blocking.noted(over)
    if evidence is Evidence.DOOR_ONLY:
        _may_think_again(scene, draft, loan)


def _may_think_again(scene: Scene, draft: Draft, loan: Loan) -> None:
    """Only a door told of this return: keep what the person needs to say within 60 s that nothing was put in."""
    door, at = scene.door, scene.report.at
    thing = replace(holding(loan, draft.assets[loan.asset], str(LoanState.OPEN)), since=at, until=at)
    last = LastReturn(loan=loan.id, bank=door.bank, door=door.number, at=at, holding=thing)
    draft.holdings.append(Holdings(person=loan.person, last_return=last))


def _not_inside(scene: Scene, draft: Draft, grant: Grant, asset: Asset) -> None:
    """What was expected is not there: its loan stays as it is, even void, and remembers that this grant is over."""
    if asset.state is State.ON_LOAN:
        draft.move(asset, Move.NOT_RETURNED, asset.custodian, loan=asset.loan)
    running = scene.loan_of(asset)
    loan = running or scene.loans.get(grant.loan or "")
    if loan is None:
        return
    draft.loan(loan, grants={**draft.loan(loan).grants, grant.id: GrantState.USED})
    if running is not None and grant.state is GrantState.UNRESOLVED:
        _go_on(draft, running)


def _go_on(draft: Draft, loan: Loan) -> None:
    """It is known after all that nothing came back: reminders go on."""
    draft.loan(loan, next_step=aimed(draft.loan(loan, paused_until=None)).next_step)


def _name(came: list[Asset], asset: Asset, draft: Draft, *, unknown: bool) -> str:
    if asset in came:
        return "returned" if draft.assets[asset.id].state is State.STOWED else "return_unconfirmed"
    if came:
        return "other_returned"
    return "unknown_tag" if unknown else "not_returned"


def failed(scene: Scene, grant: Grant) -> Settlement:
    """The door never opened, or jammed: the loan is as it was; another door will do."""
    draft = scene.draft(grant.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED, over_at=scene.report.at))
    name = str(scene.report.outcome)
    told = Told(level="warn", code=name, facts={"door": str(scene.door.number)})
    return Settlement(name=name, change=draft.change(), told=(told,))


def never_opened(scene: Scene, grant: Grant) -> Settlement:
    """It was given up as unresolved, and now it turns out that the door never opened: the loan is as it was."""
    draft = scene.draft(grant.person)
    over = replace(grant, state=GrantState.USED, over_at=scene.report.at)
    kept = None if scene.door.unlendable == UNRESOLVED else scene.door.unlendable
    draft.door(scene.door, grant=over, physical="closed", unlendable=kept)
    loan = scene.loans.get(grant.loan or "")
    if loan is not None and loan.state is LoanState.OPEN:
        _go_on(draft, loan)
    return Settlement(name=str(scene.report.outcome), change=draft.change())


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows whether it was put in: asset and loan are as they were, a case, and the holder is left in peace."""
    draft = scene.draft(grant.person)
    draft.open_case(CaseKind.UNRESOLVED, asset=grant.asset, loan=grant.loan)
    contents.doubted(scene, draft)
    loan = scene.loans.get(grant.loan or "")
    if loan is not None and loan.state is LoanState.OPEN:
        contents.pause(draft, loan)
    return Settlement(name="unresolved", change=draft.change())
