"""Grants that are over although no report said so: proof of non-use frees the door; time alone frees nothing.

Proof is a message whose event time is after the last signed `exp`, with nothing left in the bank's journal, from the
boot that the grant was issued in or one whose boot report is on record (design.md, *What keeps the saga whole*).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.doors import Bank, Door, GrantState, Purpose
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import Record, replace

SIGNED_TO_THE_SECOND = timedelta(seconds=1)  # JWT times are whole seconds


class Proof(Record, frozen=True, kw_only=True):
    """What a message tells about grants that were not used: when it happened, what is left to report, which boot."""

    at: datetime
    journal_depth: int
    boot: int


def unused(bank: Bank, proof: Proof) -> tuple[Door, ...]:
    """Return the doors whose grant is proven to be unused, and not usable any more."""
    if proof.journal_depth > 0:
        return ()
    return tuple(door for door in bank.doors if _unused(door, bank, proof))


def _unused(door: Door, bank: Bank, proof: Proof) -> bool:
    grant = door.grant
    if grant is None or grant.state is not GrantState.ISSUED:
        return False
    known_boot = proof.boot in {grant.boot, bank.boot}
    return known_boot and proof.at > grant.expires_at + SIGNED_TO_THE_SECOND


def lapse(door: Door, loans: Iterable[Loan], at: datetime) -> Change:
    """Return the change that frees a door whose grant was not used; `loans` are those its take began."""
    grant = door.grant
    if grant is None:
        raise ValueError(door.number)
    over = replace(grant, state=GrantState.LAPSED, over_at=at)
    freed = replace(door, grant=over, version=door.version + 1)
    pending = [each for each in loans if grant.purpose is Purpose.TAKE and each.state is LoanState.PENDING]
    return Change(
        op=f"{grant.id}:lapsed",
        at=at,
        doors=(freed,),
        loans=tuple(_void(each, grant.id) for each in pending),
        holdings=tuple(Holdings(person=each.person, remove=(each.id,)) for each in pending),
    )


def _void(loan: Loan, grant: str) -> Loan:
    grants = {**loan.grants, grant: GrantState.LAPSED}
    return replace(loan, state=LoanState.VOID, grants=grants, version=loan.version + 1)
