"""What is late for so long that it counts as lost (rules.md, *Late*, `lost_after`)."""

from datetime import datetime

from toolcrib.domain.assets import AssetType
from toolcrib.domain.cases import Case, CaseEntry, CaseKind, CaseState, noted
from toolcrib.domain.change import Change
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import derived
from toolcrib.domain.intentions import given_up, stated
from toolcrib.domain.loans import Loan
from toolcrib.domain.record import replace
from toolcrib.domain.standing import Intention, Standing
from toolcrib.domain.states import INTENTIONS, Move

BY = "toolcrib"


def aged(standing: Standing, loan: Loan, at: datetime, asset_type: AssetType | None) -> Change:
    """Return what giving an open loan's thing up as lost changes, `op` derived from the loan and its due version.

    The thing is declared lost, its holder blocked, and a case opened that names the replacement value; where a case
    about it is open already, that one says so. A thing that was declared lost before only ends the loan's ladder.
    """
    op = f"{loan.id}.lost.{loan.due_version}"
    if (standing.asset.state, Move.DECLARE_LOST) not in INTENTIONS:
        return Change(op=op, at=at, loans=(given_up(loan, at),))
    case = _case(standing, loan, at, op, asset_type)
    intention = Intention(move=Move.DECLARE_LOST, op=op, at=at, by=BY, case=case.id)
    return replace(stated(standing, intention), cases=(case,))


def _case(standing: Standing, loan: Loan, at: datetime, op: str, asset_type: AssetType | None) -> Case:
    value = f"replacement value {asset_type.replacement_value}" if asset_type and asset_type.replacement_value else ""
    known = standing.case
    if known is not None and known.state is CaseState.OPEN:
        return noted(known, CaseEntry(at=at, by=BY, what="lost", note=value or None))
    return Case(
        id=derived("case", str(CaseKind.LOST), op),
        kind=CaseKind.LOST,
        opened_at=at,
        site=loan.site,
        asset=loan.asset,
        person=loan.person,
        loan=loan.id,
        bank=loan.bank,
        detail=value,
        evidence=Evidence.DECLARED,
    )
