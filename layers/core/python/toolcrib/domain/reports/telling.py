"""What whoever stands at a door is told of a take or a return, of one thing or of a kit and its parts."""

from collections.abc import Sequence

from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import Grant
from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.loans import Loan
from toolcrib.domain.reports.scene import Scene, Told

Ended = tuple[Loan, Asset, str]
"""A loan as it is now, its thing, and what the take came to for it."""


def of_take(scene: Scene, news: Sequence[Ended], *, wrong: bool) -> tuple[Told, ...]:
    """Return what is said of a take; of what came back already nothing is."""
    if not news:
        return ()
    left = [asset for _, asset, end in news if end == "not_taken"]
    mine = [loan for loan, _, end in news if end != "not_taken"] or [loan for loan, _, _ in news]
    whole = scene.title([asset for _, asset, _ in news], mine[0].kit.id if mine[0].kit is not None else None)
    code = "wrong_item" if wrong else news[0][2] if len(left) in {0, len(news)} else "kit_partly_taken"
    facts: dict[str, Fact] = {"thing": whole, "due": min(loan.due_at for loan in mine), "parts": _names(left)}
    level = "warn" if code in {"wrong_item", "kit_partly_taken"} else "info"
    return (Told(level=level, code=code, facts=facts),)


def of_return(scene: Scene, grant: Grant, name: str, missing: Sequence[Asset]) -> Told:
    """Return what is said of a return that came to `name`; `missing` is what was expected and is not inside."""
    expected = [scene.assets[part.asset] for part in grant.parts]
    first = scene.loans.get(grant.loan or "")
    kit = first.kit.id if first is not None and first.kit is not None and len(expected) > 1 else None
    whole = scene.title(expected, kit)
    level = "info" if name == "returned" else "warn"
    return Told(level=level, code=name, facts={"thing": whole, "parts": _names(missing)})


def _names(things: Sequence[Asset]) -> str:
    return ", ".join(asset.name for asset in things)
