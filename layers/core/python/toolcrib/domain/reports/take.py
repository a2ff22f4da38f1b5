"""The outcomes of a take (rules.md, *Doors*).

A grant may be about the parts of a kit: each has its own loan, and what becomes of one is what would become of it
alone. A thing may come back before the report of its taking does. That it was taken is concluded then (`conclude`);
its loan's memory still says that the grant was not used, so that its own report, when it comes, sets the loan's times
right.
"""

from collections.abc import Callable, Sequence

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Content, Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents, lending, ungranted
from toolcrib.domain.reports.scene import Lending, Outcome, Scene, Settlement, Told
from toolcrib.domain.reports.telling import of_take
from toolcrib.domain.states import Move, State


def closed(scene: Scene, grant: Grant) -> Settlement:
    """The door is closed again: each thing is gone (or nothing can tell), or it is still there."""
    parts = scene.lent_by(grant)
    draft = scene.draft(parts[0][0].person)
    contents.settled(scene, draft, grant)
    told = [loan.id for loan, _ in parts if not lending.concluded(loan)]
    ends = _each(scene, draft, parts, still_about)
    names = [asset.id for _, asset in parts]
    wrong = contents.others_gone(scene, draft, but=names, person=parts[0][0].person)
    contents.strangers(scene, draft, but=names)
    contents.unknown(scene, draft)
    news = [(draft.loan(loan), asset, end) for loan, asset, end in ends if loan.id in told]
    name = "wrong_item" if wrong else together([end for _, _, end in ends])
    return Settlement(name=name, change=draft.change(), told=of_take(scene, news, wrong=wrong))


def late(scene: Scene, parts: Sequence[Lending]) -> Settlement:
    """Its door has moved on, but something is unconfirmed because of this take: that is answered now."""
    draft = scene.draft(parts[0][0].person)
    if scene.report.outcome is not Outcome.CLOSED:
        return Settlement(name=_undo(scene, draft, parts), change=draft.change())
    # what lies there now was not there then
    then = tuple(Content.of(asset, scene.report.at) for _, asset in parts)
    ends = _each(replace(scene, door=replace(scene.door, contents=then)), draft, parts, waits)
    return Settlement(name=together([end for _, _, end in ends]), change=draft.change())


def together(ends: Sequence[str]) -> str:
    """Return in one word what all parts of a take came to."""
    if len(set(ends)) == 1:
        return ends[0]
    return "contradiction" if "contradiction" in ends else "kit_partly_taken"


def still_about(scene: Scene, loan: Loan, asset: Asset) -> bool:
    """Whether a thing is still as the take's grant found it, unconfirmed because of it, or back already."""
    if waits(scene, loan, asset):
        return True
    since = next((each.since for each in scene.door.contents if each.asset == asset.id), scene.report.at)
    return asset.custodian == contents.here(scene) and since <= scene.report.at


def waits(_: Scene, loan: Loan, asset: Asset) -> bool:
    """Whether the report of its taking answers something: it is unconfirmed without it, or back already."""
    return lending.concluded(loan) or unsettled(asset, loan)


def unsettled(asset: Asset, loan: Loan) -> bool:
    """Whether a thing is unconfirmed because nobody knew how the take ended."""
    return asset.state is State.UNCONFIRMED and asset.unsettled_by == loan.begun_by


def _each(
    scene: Scene, draft: Draft, parts: Sequence[Lending], applies: Callable[[Scene, Loan, Asset], bool]
) -> list[tuple[Loan, Asset, str]]:
    """Settle each part; of one that has gone another way meanwhile the report is kept as a case, as for any such."""
    about = [(loan, asset) for loan, asset in parts if applies(scene, loan, asset)]
    ungranted.doubted(scene, draft, [part for part in parts if part not in about])
    return [(loan, asset, _ended(scene, draft, loan, asset)) for loan, asset in about]


def _ended(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    still_there = scene.gone(asset.id, asset.tag) is False
    if lending.concluded(loan):
        return _confirmed(scene, draft, loan, asset, still_there=still_there)
    return _not_taken(scene, draft, loan, asset) if still_there else _taken(scene, draft, loan, asset)


def _taken(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    """The asset is with the person who was let in: the loan is open, and a case about it is answered."""
    at = max(scene.report.at, loan.authorised_at)
    evidence = scene.level(asset)
    cause = replace(draft.cause, at=at, evidence=evidence, detail=loan.proofs)
    draft.move(asset, Move.TAKEN, Custodian.person(loan.person), loan=loan.id, cause=cause)
    draft.resolve(scene.case_of(asset), "taken", asset=asset.id)
    contents.remove(draft, scene.door, asset.id)
    draft.loan(loan, grants={**loan.grants, loan.begun_by: GrantState.USED})
    lending.open_loan(scene, draft, loan, asset, at=at, evidence=evidence)
    return "taken"


def conclude(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> Asset:
    """The thing comes back before the report of its taking did: that it was taken is known now (safety.md, I9).

    The event carries what that report would: its grant, its door, and the evidence that its bank gives.
    """
    at = min(loan.authorised_at, scene.report.at)
    cause = Cause(
        op=loan.begun_by,
        at=at,
        evidence=loan.evidence or Evidence.DOOR_ONLY,
        person=loan.person,
        bank=loan.bank,
        door=loan.door,
        grant=loan.begun_by,
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
    now, evidence = draft.loan(loan, grants={**loan.grants, loan.begun_by: GrantState.USED}), scene.level(asset)
    if still_there:
        contents.unexpected(scene, draft, asset, CaseKind.CONTRADICTION, op=scene.report.op)
        return "contradiction"
    at = max(scene.report.at, loan.authorised_at)
    back = None if now.returned_at is None else max(now.returned_at, at)
    timed = lending.timed(scene, now, at=at, evidence=evidence)
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
        lending.open_loan(scene, draft, loan, asset, at=at, evidence=evidence)
    return "taken"


def _not_taken(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    """The thing is still there: the grant is used up, there is no loan."""
    cause = replace(draft.cause, evidence=scene.level(asset))
    moved = draft.move(asset, Move.NOT_TAKEN, contents.here(scene), case=asset.case, cause=cause)
    if moved.state is State.UNCONFIRMED:  # nothing falls back to stowed by itself (safety.md, I8): a person looks
        contents.lock(draft, scene.door, contents.UNEXPECTED)
    lending.void(draft, loan, GrantState.USED)
    return "not_taken"


def failed(scene: Scene, grant: Grant) -> Settlement:
    """The door never opened, or jammed: the loans are void, the things may be offered again."""
    parts = scene.lent_by(grant)
    draft = scene.draft(parts[0][0].person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED, over_at=scene.report.at))
    for loan, _ in parts:
        if loan.state is LoanState.PENDING:
            lending.void(draft, loan, GrantState.FAILED)
    name = str(scene.report.outcome)
    told = Told(level="warn", code=name, facts={"door": str(scene.door.number)})
    return Settlement(name=name, change=draft.change(), told=(told,))


def never_opened(scene: Scene, grant: Grant) -> Settlement:
    """It was given up as unresolved, and now it turns out that the door never opened: nobody is blamed."""
    parts = scene.lent_by(grant)
    draft = scene.draft(parts[0][0].person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.USED, over_at=scene.report.at), physical="closed")
    return Settlement(name=_undo(scene, draft, parts), change=draft.change())


def _undo(scene: Scene, draft: Draft, parts: Sequence[Lending]) -> str:
    for loan, asset in parts:
        if unsettled(asset, loan):
            _not_taken(scene, draft, loan, asset)
        elif loan.state is LoanState.PENDING:
            lending.void(draft, loan, GrantState.FAILED)
    return str(scene.report.outcome)


def reopened(scene: Scene, draft: Draft, grant: Grant) -> None:
    """It was given up as failed or lapsed, and now it opened: its loans are in flight again."""
    for loan, asset in scene.lent_by(grant):
        if loan.state is LoanState.VOID:
            draft.loan(loan, state=LoanState.PENDING, grants={**loan.grants, grant.id: GrantState.OPENED})
            until = replace(lending.holding(loan, asset, str(LoanState.PENDING)), until=grant.expires_at)
            draft.hold(loan.person, loan.id, until)


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows how it ended: unconfirmed, last seen with this person; the loans stay pending. One case for all."""
    parts = scene.lent_by(grant)
    first, thing = parts[0]
    draft = scene.draft(first.person)
    contents.doubted(scene, draft, grant)
    case = draft.open_case(CaseKind.UNRESOLVED, asset=thing.id, loan=first.id)
    for loan, asset in parts:
        _in_doubt(scene, draft, loan, asset, case)
    return Settlement(name="unresolved", change=draft.change())


def _in_doubt(scene: Scene, draft: Draft, loan: Loan, asset: Asset, case: str) -> None:
    grant = loan.begun_by
    if asset.custodian == contents.here(scene) and not lending.concluded(loan):
        cause = replace(draft.cause, op=f"{grant}.unresolved")
        person = Custodian.person(loan.person)
        draft.move(asset, Move.UNRESOLVED, person, loan=loan.id, unsettled_by=grant, case=case, cause=cause)
        contents.remove(draft, scene.door, asset.id)
        pending = draft.loan(loan, state=LoanState.PENDING, grants={**loan.grants, grant: GrantState.UNRESOLVED})
        draft.hold(loan.person, loan.id, lending.holding(pending, asset, str(State.UNCONFIRMED)))
    elif loan.state is LoanState.PENDING:  # it was seen elsewhere meanwhile, which is a case of its own
        lending.void(draft, loan, GrantState.UNRESOLVED)
