"""Whether what a case proposes still holds, before somebody's word carries it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Repair
from toolcrib.domain.healing.views import View, elsewhere
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.states import Move

LOOK_AGAIN: Final = "Look at the case again in five minutes, or state with `move` where the thing is."


def banks_of(case: Case, asset: Asset) -> set[str]:
    """Return the banks whose readers have a say in a case's repair."""
    proposal = case.repair
    return {bank for bank in (proposal.bank if proposal else None, asset.custodian.id, case.bank) if bank is not None}


def holding(case: Case, asset: Asset, views: Mapping[str, View], now: datetime) -> tuple[Repair, Evidence]:
    """Return the repair of a case that still holds, and on what evidence it is made.

    Raises `Conflict`: `nothing_proposed` where a person has to say, `repair_outdated` where readers see otherwise now.
    """
    proposal = case.repair
    if proposal is None or proposal.move is None:
        raise Conflict(
            code="nothing_proposed",
            detail="tags alone do not say where it is",
            advice="Look, and state with `move` where it is.",
        )
    if asset.tag is None:
        raise _outdated("it wears no tag any more")
    if proposal.move is Move.STOW:
        _is_seen(proposal, asset.tag, views, now)
        return proposal, Evidence.TAGS
    for bank, view in sorted(views.items()):
        if view.places.get(asset.tag):
            raise _outdated(f"{bank} sees it")
    return proposal, Evidence.DECLARED


def _is_seen(proposal: Repair, tag: str, views: Mapping[str, View], now: datetime) -> None:
    view, door = views.get(proposal.bank or ""), proposal.door or 0
    if view is None or not view.fresh(now):
        raise _outdated(f"{proposal.bank} has not told what it sees for a while")
    seen = view.doors.get(door)
    if seen is None or tag not in seen.sees:
        raise _outdated(f"it is not seen in door {door} of {proposal.bank} any more")
    other = elsewhere(view, door, tag, views)
    if other is not None:
        raise _outdated(f"its tag is seen in door {other[1]} of {other[0]} as well")


def _outdated(detail: str) -> Conflict:
    return Conflict(code="repair_outdated", detail=detail, advice=LOOK_AGAIN)
