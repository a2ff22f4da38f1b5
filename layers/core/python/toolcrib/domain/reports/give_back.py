"""The outcomes of a return. It is never refused; what cannot be proven is unconfirmed and a case (laws 1 and 2)."""

from collections.abc import Sequence
from itertools import groupby

from toolcrib.domain import blocking, countersigning
from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import UNRESOLVED, Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.evidence import Evidence, strongest
from toolcrib.domain.kits import Part
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import LastReturn
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.lending import holding
from toolcrib.domain.reports.scene import Scene, Settlement, Told
from toolcrib.domain.reports.take import conclude
from toolcrib.domain.reports.telling import of_return
from toolcrib.domain.states import Move, State, step


def closed(scene: Scene, grant: Grant) -> Settlement:
    """The door is closed again: whatever is inside now has come back, whether or not it was expected."""
    expected = [scene.assets[part.asset] for part in grant.parts]
    draft = scene.draft(grant.person)
    contents.settled(scene, draft, grant)
    contents.others_gone(scene, draft, but=[each.id for each in expected], person=grant.person)
    came = _came_back(scene, expected)
    most = max(contents.MOST_AT_ONCE, len(expected))
    over = [loan for each in came[:most] if (loan := receive(scene, draft, each)) is not None]
    await_signatures(scene, draft, over)
    contents.too_many(scene, draft, came, most)
    for part in grant.parts:
        if scene.assets[part.asset] not in came:
            _not_inside(scene, draft, grant, part)
    unknown = contents.unknown(scene, draft)
    name = _name(came, expected, draft, unknown=unknown)
    told = of_return(scene, grant, name, [each for each in expected if each not in came])
    unremembered = grant.loan is None and bool(draft.events)  # no loan keeps this grant: the ledger has to
    return Settlement(name=name, change=draft.change(guard=unremembered), told=(told,))


def _came_back(scene: Scene, expected: Sequence[Asset]) -> list[Asset]:
    """Return what is inside now and was not before: by tags whatever they name, else what the grant names.

    What wears no tag is not believed to have come where a reader sees that something else did, unless that is the rest
    of its kit.
    """
    known = [each.id for each in expected]
    by_tag = sorted(scene.came_in(), key=lambda each: (each.id not in known, each.id))
    tagged, blank = [each for each in expected if each.tag is not None], [each for each in expected if each.tag is None]
    if scene.report.tags is not None and tagged:
        whole_or_part = bool(by_tag) and all(each.id in known for each in by_tag)
        return [*by_tag, *(blank if whole_or_part else ())]
    if scene.report.tags is not None and by_tag:
        return by_tag
    return [] if scene.report.present is False else list(expected)


def receive(scene: Scene, draft: Draft, asset: Asset) -> Loan | None:
    """Stow one thing here, close its loan and return that; where the record contradicts it what was seen is a case."""
    loan = scene.loan_of(asset)
    if loan is not None and loan.state is LoanState.PENDING:
        asset = conclude(scene, draft, loan, asset)
    doubt = _doubt(scene, draft, asset, loan)
    if doubt is not None:
        contents.unexpected(scene, draft, asset, doubt)
        return None
    grant = scene.door.grant
    detail = {**loan.return_proofs, **countersigning.proofs(loan, grant)} if loan is not None else {}
    cause = replace(draft.cause, evidence=scene.level(asset), detail={**draft.cause.detail, **detail})
    draft.move(asset, Move.RETURNED, contents.here(scene), cause=cause)
    draft.resolve(scene.case_of(asset), "returned", asset=asset.id)
    contents.put(scene, draft, asset)
    if loan is not None:
        _close(scene, draft, loan, cause.evidence)
    return loan


def await_signatures(scene: Scene, draft: Draft, over: Sequence[Loan]) -> None:
    """Others have to countersign what came back: what was taken together in one case, and with one badge."""
    for _, loans in groupby(over, key=lambda loan: loan.begun_by):
        together = tuple(loans)
        things = [scene.assets[loan.asset] for loan in together]
        title = scene.title(things, together[0].kit.id if together[0].kit is not None and things[1:] else None)
        countersigning.wait(draft, together, scene.door.grant, scene.door, title)


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
    if loan.kit is None or not any(each.late_returns for each in draft.holdings):  # a kit is late once
        draft.holdings += blocking.noted(over)
    if evidence is Evidence.DOOR_ONLY:
        _may_think_again(scene, draft, loan)


def _may_think_again(scene: Scene, draft: Draft, loan: Loan) -> None:
    """Only a door told of this return: keep what the person needs to say within 60 s that nothing was put in."""
    door, at = scene.door, scene.report.at
    thing = replace(holding(loan, draft.assets[loan.asset], str(LoanState.OPEN)), since=at, until=at)
    said = next((each for each in draft.holdings if each.last_return is not None), None)
    if said is not None and said.last_return is not None and loan.kit is not None:
        draft.holdings.remove(said)
        last = replace(said.last_return, more={**said.last_return.more, loan.id: thing})
    else:
        last = LastReturn(loan=loan.id, bank=door.bank, door=door.number, at=at, holding=thing)
    draft.holdings.append(Holdings(person=loan.person, last_return=last))


def _not_inside(scene: Scene, draft: Draft, grant: Grant, part: Part) -> None:
    """What was expected is not there: its loan stays as it is, even void, and remembers that this grant is over."""
    asset = scene.assets[part.asset]
    if asset.state is State.ON_LOAN and not grant.kit:  # that a part is missing says nothing of custody
        draft.move(asset, Move.NOT_RETURNED, asset.custodian, loan=asset.loan)
    running = scene.loan_of(asset)
    loan = running or scene.loans.get(part.loan or "")
    if loan is None:
        return
    draft.loan(loan, grants={**draft.loan(loan).grants, grant.id: GrantState.USED})
    if running is not None and grant.state is GrantState.UNRESOLVED:
        _go_on(draft, running)


def _go_on(draft: Draft, loan: Loan) -> None:
    """It is known after all that nothing came back: reminders go on."""
    draft.loan(loan, next_step=aimed(draft.loan(loan, paused_until=None)).next_step)


def _name(came: Sequence[Asset], expected: Sequence[Asset], draft: Draft, *, unknown: bool) -> str:
    back = [draft.assets.get(each.id, each) for each in expected if each in came]  # one in doubt may stay as it was
    if back and any(each.state is not State.STOWED for each in back):
        return "return_unconfirmed"
    if back:
        return "returned" if len(back) == len(expected) else "kit_partly_returned"
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
    for part in grant.parts:
        loan = scene.loans.get(part.loan or "")
        if loan is not None and loan.state is LoanState.OPEN:
            _go_on(draft, loan)
    return Settlement(name=str(scene.report.outcome), change=draft.change())


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows whether it was put in: asset and loan are as they were, a case, and the holder is left in peace."""
    draft = scene.draft(grant.person)
    draft.open_case(CaseKind.UNRESOLVED, asset=grant.asset, loan=grant.loan)
    contents.doubted(scene, draft, grant)
    for part in grant.parts:
        loan = scene.loans.get(part.loan or "")
        if loan is not None and loan.state is LoanState.OPEN:
            contents.pause(draft, loan)
    return Settlement(name="unresolved", change=draft.change())
