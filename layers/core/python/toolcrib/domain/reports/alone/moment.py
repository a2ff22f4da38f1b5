"""The moment that a late report speaks of: what lay there then, who it was, and what the record says against it."""

from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.draft import Draft
from toolcrib.domain.offline.use import Use
from toolcrib.domain.record import replace
from toolcrib.domain.reports import contents
from toolcrib.domain.reports.scene import Scene
from toolcrib.domain.states import Move, State

CONTRADICTED = {State.STOWED: Move.NOT_SEEN, State.ON_LOAN: Move.SEEN}
"""How what is on record is doubted; from any other state «taken» leads to unconfirmed by itself (states.py)."""
LAST_SEEN = frozenset({CustodianKind.PERSON, CustodianKind.DOOR})


def begun(scene: Scene, use: Use) -> Draft:
    """Return a draft whose events say that the bank was alone, and by which roster it went."""
    draft = scene.draft(None if use.person is None else use.person.id)
    draft.cause = replace(draft.cause, detail={"offline": use.roster})
    return draft


def then(scene: Scene) -> Scene:
    """Return the scene with what lay in the door when it happened, and no grant: what came since is not spoken of."""
    there = tuple(content for content in scene.door.contents if content.since <= scene.report.at)
    return replace(scene, door=replace(scene.door, contents=there, grant=None))


def conflict(scene: Scene, use: Use, draft: Draft, asset: Asset, kind: CaseKind) -> None:
    """Keep both claims in one case; the thing is unconfirmed, with whoever the bank says has it, or as it was.

    A loan that is open stays open, and its holder is left in peace.
    """
    case = kept(use, draft, asset, kind)
    if asset.state is not State.UNCONFIRMED:
        who = _last_seen(scene, use, asset)
        move = CONTRADICTED.get(asset.state, Move.TAKEN)
        cause = replace(draft.cause, evidence=scene.level(asset))
        draft.move(asset, move, who, loan=asset.loan, case=case, cause=cause)
    contents.remove(draft, scene.door, asset.id)
    contents.unseat(scene, draft, asset)
    contents.lock(draft, scene.door, contents.UNEXPECTED)
    loan = scene.loans.get(asset.loan or "")
    if loan is not None:
        contents.pause(draft, loan)


def kept(use: Use, draft: Draft, asset: Asset, kind: CaseKind) -> str:
    """Open the case that keeps both claims about a thing, and return its id."""
    return draft.open_case(kind, about=asset.id, asset=asset.id, loan=asset.loan, detail=claims(use, asset))


def claims(use: Use, asset: Asset) -> str:
    """Return what the bank says and what the record does, by ids: a case shows both."""
    who, where = asset.custodian, "" if asset.custodian.door is None else f" door {asset.custodian.door}"
    return f"bank: {use.kind}, roster {use.roster}; record: {asset.state}, {who.kind} {who.id or '-'}{where}"


def _last_seen(scene: Scene, use: Use, asset: Asset) -> Custodian:
    """Whoever is owed a loan keeps it; else it was last seen with whom the bank let in, or at its door."""
    if asset.loan is not None and asset.custodian.kind in LAST_SEEN:
        return asset.custodian
    return contents.here(scene) if use.person is None else Custodian.person(use.person.id)
