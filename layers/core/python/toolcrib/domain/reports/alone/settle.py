"""What each report of an opening that nobody was asked about comes to.

            opened, not_opened   left_open   jammed             unresolved                   closed
take        noted                case        counted as any     unconfirmed with who took    on loan, untouched or case
return      noted                case        counted as any     case, whose it is is left    back, not put in or case
forced is forced, whatever a bank says beside it.
"""

from collections.abc import Callable, Mapping

from toolcrib.domain.draft import Draft
from toolcrib.domain.offline.use import ToldAlone, Use, UseKind
from toolcrib.domain.record import replace
from toolcrib.domain.reports import ungranted
from toolcrib.domain.reports.aftermath import counted
from toolcrib.domain.reports.alone import giving_back, taking
from toolcrib.domain.reports.alone.moment import begun
from toolcrib.domain.reports.scene import Outcome, Scene, Settlement

Settle = Callable[[Scene, Use, Draft], str]

TABLE: Mapping[tuple[UseKind, Outcome], Settle] = {
    (UseKind.TAKE, Outcome.CLOSED): taking.closed,
    (UseKind.TAKE, Outcome.UNRESOLVED): taking.unresolved,
    (UseKind.RETURN, Outcome.CLOSED): giving_back.closed,
    (UseKind.RETURN, Outcome.UNRESOLVED): giving_back.unresolved,
}
BY_THE_DOOR = frozenset({Outcome.FORCED, Outcome.LEFT_OPEN})
"""What these say is about the door alone, and nobody is blamed for it."""


def settle(scene: Scene, use: Use) -> Settlement:
    """Return what such a report comes to. Total: what moves nothing is noted as heard."""
    outcome = scene.report.outcome
    told = ToldAlone(bank=scene.door.bank, report=scene.report.op)
    if outcome in BY_THE_DOOR:
        found = ungranted.settle(scene)
        return found if found.change is None else replace(found, change=replace(found.change, alone=told))
    draft = begun(scene, use)
    settles = TABLE.get((use.kind, outcome))
    name = str(outcome) if settles is None else settles(scene, use, draft)
    change = replace(draft.change(guard=bool(draft.events)), alone=told)
    return counted(scene, Settlement(name=f"alone_{name}", change=change))
