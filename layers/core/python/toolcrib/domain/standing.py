"""What an intention finds on record about an asset, and how the loan, the summary and the case end with it."""

from datetime import datetime
from hashlib import sha256

from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import Case, CaseState, answered, settled
from toolcrib.domain.change import Holdings
from toolcrib.domain.doors import Door
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Person
from toolcrib.domain.record import Record, replace
from toolcrib.domain.states import Move


class Intention(Record, frozen=True, kw_only=True):
    """A move that somebody states. `by` is the principal; `site` where it is now, for moves into a store room.

    `case` is what it opens itself, which the asset carries from then on. `evidence` is better than a word where
    readers say the same at this moment.
    """

    move: Move
    op: str
    at: datetime
    by: str
    reason: str = ""
    site: str | None = None
    case: str | None = None
    evidence: Evidence = Evidence.DECLARED


class Standing(Record, frozen=True, kw_only=True):
    """An asset and everything on record that moving it touches.

    `doors` are those that list it, `loan` and `case` the asset's own, `fault` the case about its condition, `person`
    whoever has or was last seen with it, `bank_site` the site of the door it is in.
    """

    asset: Asset
    doors: tuple[Door, ...] = ()
    loan: Loan | None = None
    person: Person | None = None
    case: Case | None = None
    fault: Case | None = None
    bank_site: str | None = None


def cause(intention: Intention, loan: Loan | None, to: Custodian) -> Cause:
    """Return why it moves: who said so, and on what evidence; free text only as its hash."""
    detail = {"by": intention.by}
    if intention.reason:
        detail["reason_sha256"] = sha256(intention.reason.encode()).hexdigest()
    if loan is not None:
        detail["loan"] = loan.id
    in_door = to.kind is CustodianKind.DOOR
    return Cause(
        op=intention.op,
        at=intention.at,
        evidence=intention.evidence,
        person=loan.person if loan else None,
        bank=to.id if in_door else None,
        door=to.door,
        detail=detail,
    )


def ended(loan: Loan, intention: Intention, to: Custodian) -> Loan:
    """Return the loan as it ends: a take that nobody proved is void; for what is retired no evidence of a return."""
    if loan.state is LoanState.PENDING:
        return replace(loan, state=LoanState.VOID, next_step=None, version=loan.version + 1)
    over_at = max(intention.at, loan.taken_at or loan.authorised_at)
    closed = replace(
        loan, state=LoanState.CLOSED, returned_at=over_at, next_step=None, paused_until=None, version=loan.version + 1
    )
    if intention.move is Move.RETIRE:
        return closed
    back = to.id if to.kind is CustodianKind.DOOR else None
    return replace(closed, return_bank=back, return_door=to.door, return_evidence=intention.evidence)


def let_go(standing: Standing) -> tuple[Holdings, ...]:
    """Return the person's summary without the asset."""
    person = standing.person
    if person is None:
        return ()
    gone = tuple(loan for loan, held in person.holdings.items() if held.asset == standing.asset.id)
    return (Holdings(person=person.id, remove=gone),) if gone else ()


def marked(standing: Standing, lost_since: datetime | None = None) -> tuple[Holdings, ...]:
    """Return the summary of the loan's person with its thing out as before, or lost since a moment (row 3)."""
    person, loan = standing.person, standing.loan
    held = person.holdings.get(loan.id) if person is not None and loan is not None else None
    if person is None or loan is None or held is None or loan.state is not LoanState.OPEN:
        return ()
    put = {loan.id: replace(held, state=str(LoanState.OPEN), lost_since=lost_since)}
    return (Holdings(person=person.id, put=put, expected_version=person.version),)


def resolved(case: Case | None, asset: str, intention: Intention) -> tuple[Case, ...]:
    """Return the case as answered by the intention, or without its asset if others wait; nothing where none is open."""
    if case is None or case.state is not CaseState.OPEN:
        return ()
    left = settled(case, asset)
    if left.waiting:
        return (left,)
    move, note = str(intention.move), intention.reason or None
    return (answered(left, resolution=move, by=intention.by, at=intention.at, note=note, effect=move),)
