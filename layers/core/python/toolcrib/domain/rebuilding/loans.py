"""Loans after a rebuild: running where their asset says so, over where its ledger says so, made anew where lost."""

from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.cross_checking import OWED, RUNNING
from toolcrib.domain.doors import GrantState
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.kits import InKit, Part
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Policy, Terms
from toolcrib.domain.rebuilding.proving import Span
from toolcrib.domain.record import replace
from toolcrib.domain.states import State

UNKNOWN_PERIOD: Final = timedelta(hours=8)
"""For a lost loan, where the fallback policy gives no rolling period: as long as the built-in one."""


def fits(loan: Loan, asset: Asset | None) -> bool:
    """Whether a loan is as its asset's ledger has it, as far as can be told without reading it."""
    if asset is None:
        return False
    if asset.loan != loan.id:
        return loan.state not in RUNNING
    if loan.state is LoanState.PENDING:
        return asset.state is State.UNCONFIRMED
    return loan.state is LoanState.OPEN and asset.state in OWED


def settled(loan: Loan, asset: Asset | None, span: Span | None, at: datetime) -> Loan:
    """Return a loan as its asset (as rebuilt) and its ledger (`span`) leave it; `at` is now."""
    span = span or Span()
    if asset is not None and asset.loan == loan.id:
        was_pending = loan.state is LoanState.PENDING and span.taken is None and asset.state is State.UNCONFIRMED
        return loan if was_pending or fits(loan, asset) else _reopened(loan, span, at)
    if loan.state not in RUNNING:
        return loan
    return _closed(loan, span) if span.taken and span.ended else _void(loan)


def _reopened(loan: Loan, span: Span, at: datetime) -> Loan:
    taken = span.taken.at if span.taken is not None else loan.taken_at or at
    opened = replace(
        loan,
        state=LoanState.OPEN,
        taken_at=loan.taken_at or taken,
        noted_until=loan.noted_until or taken,
        evidence=loan.evidence or (span.taken.evidence if span.taken else None),
        returned_at=None,
        return_bank=None,
        return_door=None,
        return_evidence=None,
        grants={**loan.grants, loan.begun_by: GrantState.USED},
    )
    return aimed(opened)


def _closed(loan: Loan, span: Span) -> Loan:
    if span.taken is None or span.ended is None:
        raise ValueError(loan.id)
    taken, ended = loan.taken_at or span.taken.at, span.ended
    at_door = ended.to.kind is CustodianKind.DOOR
    by_it = {ended.grant: GrantState.USED} if ended.grant else {}
    return replace(
        loan,
        state=LoanState.CLOSED,
        taken_at=taken,
        evidence=loan.evidence or span.taken.evidence,
        returned_at=max(ended.at, taken),
        return_bank=ended.to.id if at_door else None,
        return_door=ended.to.door if at_door else None,
        return_evidence=ended.evidence,
        grants={**loan.grants, loan.begun_by: GrantState.USED, **by_it},
        next_step=None,
        paused_until=None,
    )


def _void(loan: Loan) -> Loan:
    return replace(loan, state=LoanState.VOID, next_step=None)


def made(loan_id: str, asset: Asset, span: Span, fallback: Policy, site: str) -> Loan | None:
    """Return a loan that was lost, as far as its asset's ledger knows it; None where it does not say who.

    Its terms were lost with it: they are today's fallback policy's. `site` is its bank's.
    """
    event = span.taken or span.first
    who = _who(event)
    if event is None or who is None:
        return None
    period = fallback.period.after or UNKNOWN_PERIOD
    begun_by, kit = loan_id, None
    if "kit" in event.detail and event.grant is not None:  # the grant is of the kit's first part, its loan is another
        begun_by = event.grant
        kit = InKit(id=event.detail["kit"], grant=begun_by, parts=(Part(asset=asset.id, loan=loan_id),))
    return Loan(
        id=loan_id,
        asset=asset.id,
        type=asset.type,
        person=who,
        site=site,
        bank=event.bank or "",
        door=event.door or 0,
        state=LoanState.PENDING,
        authorised_at=event.at,
        due_at=event.at + period,
        kit=kit,
        grants={begun_by: GrantState.USED if span.taken else GrantState.UNRESOLVED},
        terms=Terms(policy="rebuilt", period=Period(after=period), grace=fallback.grace, ladder=fallback.ladder),
    )


def _who(event: CustodyEvent | None) -> str | None:
    if event is None:
        return None
    return event.to.id if event.to.kind is CustodianKind.PERSON else event.person
