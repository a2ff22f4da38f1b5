"""Somebody brought something back to a bank that was alone: never refused, and believed as far as it is proven."""

from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import UNRESOLVED
from toolcrib.domain.draft import Draft
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offline.use import Use
from toolcrib.domain.reports import contents, give_back
from toolcrib.domain.reports.alone.moment import claims, kept, then
from toolcrib.domain.reports.scene import Scene
from toolcrib.domain.states import State


def closed(scene: Scene, use: Use, draft: Draft) -> str:
    """The door is closed again: what is inside now is back, where it was out on a loan of whoever brought it.

    Anybody else's thing, and what the record has elsewhere, is unconfirmed with a case.
    """
    before = then(scene)
    draft.door(scene.door, physical="closed")
    came = _came(before, use)
    but = [each.id for each in came]
    contents.others_gone(before, draft, but=but, person=None if use.person is None else use.person.id)
    names = [_receive(before, use, draft, each) for each in came[: contents.MOST_AT_ONCE]]
    if came[contents.MOST_AT_ONCE :]:
        rest = ", ".join(each.id for each in came[contents.MOST_AT_ONCE :])
        draft.open_case(CaseKind.UNEXPECTED_ITEM, about="more", detail=f"more: {rest}"[:200])
        contents.lock(draft, scene.door, contents.UNEXPECTED)
    unknown = contents.unknown(before, draft)
    if not came and not unknown and _nobody_knows(before, use):
        draft.open_case(CaseKind.OFFLINE_CONFLICT, detail=f"bank: {use.kind} of nobody knows what, roster {use.roster}")
        contents.lock(draft, scene.door, contents.UNEXPECTED)
        return "conflict"
    return max(names, key=_WORST.index, default="unknown_tag" if unknown else "not_returned")


_WORST = ("returned", "return_unconfirmed", "by_nobody", "conflict")


def _came(before: Scene, use: Use) -> list[Asset]:
    """Return what is inside and was not before: by tags whatever they name, else what the bank says it was about."""
    here = {content.asset for content in before.door.contents}
    by_tag = [each for each in before.came_in() if each.id not in here]
    named = before.assets.get(use.asset or "")
    if named is None or named.id in here or named in by_tag:
        return by_tag
    seen_by_tag = before.report.tags is not None and named.tag is not None
    empty = before.report.present is False
    return by_tag if seen_by_tag or empty or by_tag else [named]


def _nobody_knows(before: Scene, use: Use) -> bool:
    """Whether something may have been put in that neither a tag nor the bank has named."""
    return use.asset is None and before.report.tags is None and before.report.present is not False


def _receive(before: Scene, use: Use, draft: Draft, asset: Asset) -> str:
    """Stow one thing and close its loan as any return does, if it is theirs to bring back."""
    if use.person is None:
        _doubted(before, use, draft, asset, CaseKind.OFFLINE_STRANGER)
        return "by_nobody"
    loan = before.loan_of(asset)
    if use.guessed or not _theirs(use, asset, loan, before):
        _doubted(before, use, draft, asset, CaseKind.OFFLINE_CONFLICT)  # last seen here; its holder is in peace
        return "conflict"
    over = give_back.receive(before, draft, asset)
    if over is not None:
        give_back.await_signatures(before, draft, [over])
    now = draft.assets.get(asset.id, asset)  # as it was, where it is in doubt here already
    return "returned" if now.state is State.STOWED else "return_unconfirmed"


def _doubted(before: Scene, use: Use, draft: Draft, asset: Asset, kind: CaseKind) -> None:
    """What the bank says of a thing is kept beside what the record does, also where another case is open about it."""
    if contents.unexpected(before, draft, asset, kind, detail=claims(use, asset)) is None:
        kept(use, draft, asset, kind)


def _theirs(use: Use, asset: Asset, loan: Loan | None, before: Scene) -> bool:
    """Whether it is out on a loan of theirs that began before, or was last seen with them in doubt."""
    if loan is not None:
        begun = loan.taken_at or loan.authorised_at
        return loan.person in use.owners and begun <= before.report.at
    doubtful = asset.state is State.UNCONFIRMED and asset.loan is None
    return doubtful and asset.custodian.kind is CustodianKind.PERSON and asset.custodian.id in use.owners


def unresolved(scene: Scene, use: Use, draft: Draft) -> str:
    """Nobody knows whether it was put in: thing and loan stay as they are, a case, and the holder is left in peace."""
    loan = scene.loans.get(_loan_of(scene, use) or "")
    draft.open_case(CaseKind.UNRESOLVED, asset=use.asset if use.asset in scene.assets else None, loan=loan and loan.id)
    draft.door(scene.door, physical="unknown")
    contents.lock(draft, scene.door, UNRESOLVED)
    if loan is not None and loan.state is LoanState.OPEN and loan.person in use.owners:
        contents.pause(draft, loan)
    return "unresolved"


def _loan_of(scene: Scene, use: Use) -> str | None:
    named = scene.assets.get(use.asset or "")
    return None if named is None else named.loan
