"""What a loan says of how its take passed its rules: the text that was accepted, who agreed, the PIN, who took it."""

from collections.abc import Iterator
from typing import Final

from tests.support import invariants
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.states import Move

ALWAYS: Final = (
    # what proves it, the refuse code of its row, and where nobody ever takes a laptop without it
    ("terms", "terms_required", ("hq-01", "hq-02", "dock-01")),
    ("second_factor", None, ("hq-01",)),
    ("authorisers", "authorisation_required", ("dock-01",)),
)


def violations(record: invariants.Record) -> Iterator[str]:
    """Yield what a loan or the event that began it leaves out."""
    for loan in record.loans.values():
        yield from _lacking(record, loan)
        if loan.by != loan.proofs.get("by") or loan.by == loan.person:
            yield f"identities: {loan.id} of {loan.person} was taken by {loan.by}, proven is {loan.proofs}"
    for events in record.events.values():
        for event in events:
            loan = record.loans.get(event.loan or "")
            if event.move not in {Move.TAKEN, Move.HAND_OVER} or loan is None or loan.state is LoanState.VOID:
                continue
            if event.to.id == loan.person and not loan.proofs.items() <= event.detail.items():
                yield f"proofs: event {event.seq} of {event.asset} says {event.detail}, {loan.id} says {loan.proofs}"


def _lacking(record: invariants.Record, loan: Loan) -> Iterator[str]:
    alone = "offline" in loan.proofs  # then what was edited since is a case, and what they accepted since is no proof
    excused = alone and (_questioned(record, loan) or _accepted_since(record, loan))
    for proof, code, banks in ALWAYS:
        if loan.type != "laptop" or loan.bank not in banks:
            continue
        if proof not in loan.proofs and f"{code}.overridden_by" not in loan.proofs and not excused:
            yield f"row 12 to 14: {loan.id} of {loan.asset} was begun without {proof}: {loan.proofs}"
    agreed = set(filter(None, loan.proofs.get("authorisers", "").split(",")))
    if agreed & {loan.person, loan.by}:
        yield f"row 13: {loan.person} agreed to {loan.id} themself"


def _questioned(record: invariants.Record, loan: Loan) -> bool:
    return any(case.kind is CaseKind.NOT_ENTITLED and case.loan == loan.id for case in record.cases.values())


def _accepted_since(record: invariants.Record, loan: Loan) -> bool:
    return any(each.at > loan.authorised_at for each in record.people[loan.person].acceptances.values())
