"""What a holder says against the record: a thing is back, or its loan is wrong (rules.md, *Lost, found, disputed*).

A claimed return makes the asset unconfirmed, last seen with its holder, and leaves the loan open; a dispute leaves
custody as it is. Each is one case, and leaves the holder in peace for at most seven days.
"""

from toolcrib.domain.assets import Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.draft import Draft
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.reports import contents
from toolcrib.domain.standing import Intention, Standing, cause
from toolcrib.domain.states import Move


class Place(Record, frozen=True, kw_only=True):
    """Where somebody says that they left a thing."""

    bank: str | None = None
    door: int | None = None


def case_of(op: str) -> str:
    """Return the id of the case that a claim opens; a repeat of the operation finds it."""
    return derived("claim", op)


def claimed(standing: Standing, loan: Loan, intention: Intention, place: Place) -> Change:
    """Return what claiming a return changes; raises `Conflict` for a loan that is over, `WrongState`."""
    draft = _draft(standing, loan, intention)
    asset = standing.asset
    case = draft.open_case(
        CaseKind.CLAIMED_RETURNED,
        case_id=case_of(intention.op),
        asset=asset.id,
        loan=loan.id,
        person=loan.person,
        bank=place.bank,
        door=place.door,
        detail=intention.reason,
    )
    last_seen = Custodian.person(loan.person)
    draft.move(asset, Move.CLAIM_RETURNED, last_seen, loan=loan.id, unsettled_by=asset.unsettled_by, case=case)
    contents.pause(draft, loan)
    return draft.change()


def disputed(standing: Standing, loan: Loan, intention: Intention) -> Change:
    """Return what disputing a loan changes: a case and a pause, no custody; raises `Conflict` for one that is over."""
    draft = _draft(standing, loan, intention)
    draft.open_case(
        CaseKind.DISPUTED,
        case_id=case_of(intention.op),
        asset=loan.asset,
        loan=loan.id,
        person=loan.person,
        detail=intention.reason,
    )
    contents.pause(draft, loan)
    return draft.change()


def _draft(standing: Standing, loan: Loan, intention: Intention) -> Draft:
    if loan.state is not LoanState.OPEN:
        raise Conflict(code="loan_over", detail=f"this loan is {loan.state}", advice="There is nothing left to say.")
    return Draft(cause=cause(intention, loan, standing.asset.custodian), site=loan.site, guard=True)
