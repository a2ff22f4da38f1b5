"""The outcomes of a take (rules.md, *Doors*)."""

from dataclasses import fields, replace

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Grant, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.due import due
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.scene import Scene, Settlement, Told
from toolcrib.domain.states import Move, State


def closed(scene: Scene, grant: Grant) -> Settlement:
    """The door is closed again: the thing is gone (or nothing can tell), or it is still there."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    draft = scene.draft(loan.person)
    contents.settled(scene, draft)
    still_there = scene.gone(asset.tag) is False
    name = _not_taken(scene, draft, loan, asset) if still_there else taken(scene, draft, loan, asset)
    if contents.others_gone(scene, draft, but=asset.id, person=loan.person):
        name = "wrong_item"
    for stranger in scene.strangers():
        if stranger.id != asset.id:
            contents.unexpected(scene, draft, stranger)
    contents.unknown(scene, draft)
    facts = {"thing": asset.name, "due_at": draft.loan(loan).due_at.isoformat(), "site": loan.site}
    told = Told(level="warn" if name == "wrong_item" else "info", code=name, facts=facts)
    return Settlement(name=name, change=draft.change(), told=(told,))


def taken(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    """The asset is with the person who was let in: the loan is open, and a case about it is answered."""
    at = max(scene.report.at, loan.authorised_at)
    draft.move(asset, Move.TAKEN, Custodian.person(loan.person), loan=loan.id, grant=loan.id, at=at)
    draft.resolve(scene.case_of(asset), "taken")
    contents.remove(draft, scene.door, asset.id)
    open_loan(scene, draft, loan, asset)
    return "taken"


def open_loan(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> Loan:
    """Open a loan from the moment its thing was taken, under the terms it was authorised with."""
    at = max(scene.report.at, loan.authorised_at)
    when = due(loan.terms, scene.book.sites[loan.site], at, valid_until=loan.valid_until)
    begun = begin(
        replace(
            loan, state=LoanState.OPEN, taken_at=at, due_at=when.at, due_why=str(when.why),
            evidence=scene.report.evidence, grants={**loan.grants, loan.id: GrantState.USED},
        ),
        at,
    )  # fmt: skip
    draft.hold(loan.person, loan.id, holding(begun, asset, str(LoanState.OPEN)))
    return draft.loan(loan, **{field.name: getattr(begun, field.name) for field in fields(Loan)})


def holding(loan: Loan, asset: Asset, state: str) -> Holding:
    """Return what the person's profile says about a loan."""
    return Holding(
        asset=asset.id, type=loan.type, name=asset.name, tag=asset.tag, state=state, bank=loan.bank, door=loan.door,
        site=loan.site, since=loan.taken_at or loan.authorised_at, until=loan.due_at, evidence=loan.evidence,
    )  # fmt: skip


def _not_taken(scene: Scene, draft: Draft, loan: Loan, asset: Asset) -> str:
    """The thing is still there: the grant is used up, there is no loan."""
    moved = draft.move(
        asset, Move.NOT_TAKEN, contents.here(scene), case=asset.case, unsettled_by=asset.unsettled_by, grant=loan.id
    )
    if moved.state is State.UNCONFIRMED:  # nothing falls back to stowed by itself (safety.md, I8): a person looks
        draft.door(scene.door, unlendable=contents.UNEXPECTED)
    void(draft, loan, GrantState.USED)
    return "not_taken"


def failed(scene: Scene, grant: Grant) -> Settlement:
    """The door never opened, or jammed: the loan is void, the thing may be offered again."""
    loan = scene.loans[grant.loan or ""]
    draft = scene.draft(loan.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.FAILED))
    void(draft, loan, GrantState.FAILED)
    name = str(scene.report.outcome)
    told = Told(level="warn", code=name, facts={"door": str(scene.door.number)})
    return Settlement(name=name, change=draft.change(), told=(told,))


def reopened(scene: Scene, grant: Grant) -> Settlement:
    """It was given up as failed or lapsed, and now it opened: it is in flight again, and so is its loan."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    draft = scene.draft(loan.person)
    draft.door(scene.door, grant=replace(grant, state=GrantState.OPENED), physical="open")
    draft.loan(loan, state=LoanState.PENDING, grants={**loan.grants, grant.id: GrantState.OPENED})
    draft.hold(loan.person, loan.id, holding(loan, asset, str(LoanState.PENDING)))
    return Settlement(name="opened", change=draft.change())


def unresolved(scene: Scene, grant: Grant) -> Settlement:
    """Nobody knows how it ended: unconfirmed, last seen with this person; the loan stays pending."""
    loan, asset = scene.loans[grant.loan or ""], scene.assets[grant.asset or ""]
    draft = scene.draft(loan.person)
    case = draft.open_case(CaseKind.UNRESOLVED, asset=asset.id, loan=loan.id)
    person = Custodian.person(loan.person)
    draft.move(asset, Move.UNRESOLVED, person, loan=loan.id, unsettled_by=grant.id, case=case, grant=grant.id)
    draft.door(scene.door, grant=replace(grant, state=GrantState.UNRESOLVED), unlendable="unresolved")
    contents.remove(draft, scene.door, asset.id)
    pending = draft.loan(loan, state=LoanState.PENDING, grants={**loan.grants, grant.id: GrantState.UNRESOLVED})
    draft.hold(loan.person, loan.id, holding(pending, asset, str(State.UNCONFIRMED)))
    return Settlement(name="unresolved", change=draft.change())


def void(draft: Draft, loan: Loan, how: GrantState) -> None:
    """Nothing was taken under this loan; only a late report may still open it."""
    draft.loan(loan, state=LoanState.VOID, grants={**loan.grants, loan.id: how})
    draft.hold(loan.person, loan.id, None)
