"""What a case's resolution does to custody: the move that is stated with it, judged as if it were stated alone."""

from chalicelib.deciding.applying import banks_of, holding
from chalicelib.flows.stow_asset import target
from toolcrib.domain.cases import Case
from toolcrib.domain.change import Change
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.intentions import STATED, stated, stowed
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Conflict, Invalid
from toolcrib.domain.standing import Intention
from toolcrib.domain.states import Move
from toolcrib.store.assets import load_asset
from toolcrib.store.ledger import done
from toolcrib.store.standings import load_standing
from toolcrib.store.views import find_views

MOVES = frozenset({*STATED, Move.STOW})
"""What may be stated with a resolution."""


class Stating(Record, frozen=True, kw_only=True):
    """Where the asset of a case is, as its resolution states: `bank` and `door` to stow, `site` for a store room."""

    move: Move
    bank: str | None = None
    door: int | None = None
    site: str | None = None
    reason: str = ""
    evidence: Evidence = Evidence.DECLARED


def custody(asked: Asked, case: Case, stating: Stating) -> Change:
    """Return what the move changes; raises `Invalid` for a case about no asset, and what the move itself raises."""
    if case.asset is None:
        raise Invalid(detail="this case is about no asset", fields={"move": "there is nothing to move: leave it out"})
    standing = load_standing(asked.org, case.asset)
    asked.must_see("asset", site=standing.asset.site)
    intention = Intention(
        move=stating.move,
        op=asked.op,
        at=asked.at,
        by=asked.by.actor,
        reason=stating.reason,
        site=stating.site,
        evidence=stating.evidence,
    )
    if stating.move is not Move.STOW:
        return stated(standing, intention)
    if stating.bank is None or stating.door is None:
        raise Invalid(detail="stowing needs a door", fields={"bank": "which bank", "door": "which of its doors"})
    return stowed(standing, intention, target(asked, standing.asset, stating.bank, stating.door))


def proposed(asked: Asked, case: Case, reason: str) -> Stating:
    """Return what a case proposes, as if it were stated; raises `Conflict` where nothing is, or it is outdated."""
    if case.asset is None:
        raise Conflict(code="nothing_proposed", detail="this case is about no asset", advice="Resolve it without.")
    asset = load_asset(asked.org, case.asset)
    views = find_views(asked.org, sorted(banks_of(case, asset)))
    repair, evidence = holding(case, asset, views, asked.at)
    assert repair.move is not None
    return Stating(move=repair.move, bank=repair.bank, door=repair.door, reason=reason, evidence=evidence)


def moved(asked: Asked, case: Case) -> bool:
    """Whether this very request made the move: its answer was lost, and it is repeated."""
    return case.asset is not None and done(asked.org, case.asset, asked.op)


def with_case(change: Change, case: Case) -> Change:
    """Return the change with the case as it is resolved in the place of what the move alone makes of it."""
    return replace(change, cases=(*(each for each in change.cases if each.id != case.id), case))
