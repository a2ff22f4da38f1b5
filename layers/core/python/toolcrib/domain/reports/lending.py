"""A loan as its take's report leaves it: open from the moment of the taking, or void."""

from datetime import datetime

from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.due import due
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.record import replace
from toolcrib.domain.renewing import earliest
from toolcrib.domain.reports.scene import Scene


def concluded(loan: Loan) -> bool:
    """Whether a loan was opened without the report of its taking, which is still out."""
    return loan.taken_at is not None and loan.grants.get(loan.begun_by) is not GrantState.USED


def open_loan(scene: Scene, draft: Draft, loan: Loan, asset: Asset, *, at: datetime, evidence: Evidence) -> None:
    """Open a loan from the moment its thing was taken, under the terms it was authorised with."""
    begun = begin(replace(timed(scene, draft.loan(loan), at=at, evidence=evidence), state=LoanState.OPEN), at)
    draft.hold(loan.person, loan.id, holding(begun, asset, str(LoanState.OPEN)))
    draft.loan(loan, **{name: getattr(begun, name) for name in Loan.__struct_fields__})


def timed(scene: Scene, loan: Loan, *, at: datetime, evidence: Evidence) -> Loan:
    """Return a loan as it is if its thing was taken at a moment, on an evidence: due by its own terms.

    A due time that was changed since, by renewing or calling back, stays.
    """
    if loan.due_version > 1:
        return replace(loan, taken_at=at, evidence=evidence)
    site = scene.book.sites[loan.site]
    when = due(loan.terms, site, at, valid_until=loan.valid_until, shift_end=loan.shift_end)
    return replace(loan, taken_at=at, due_at=when.at, due_why=str(when.why), evidence=evidence)


def holding(loan: Loan, asset: Asset, state: str) -> Holding:
    """Return what the person's profile says about a loan."""
    return Holding(
        asset=asset.id,
        type=loan.type,
        name=asset.name,
        tag=asset.tag,
        state=state,
        bank=loan.bank,
        door=loan.door,
        site=loan.site,
        since=loan.taken_at or loan.authorised_at,
        until=loan.due_at,
        evidence=loan.evidence,
        countersign=loan.terms.countersign,
        renew_from=earliest(loan) if state == str(LoanState.OPEN) else None,
        blocks_from=loan.blocks_from if loan.state is LoanState.OPEN else None,
        kit=None if loan.kit is None else loan.kit.id,
    )


def void(draft: Draft, loan: Loan, how: GrantState) -> None:
    """Nothing was taken under this loan; only a late report may still open it."""
    draft.loan(loan, state=LoanState.VOID, grants={**loan.grants, loan.begun_by: how}, next_step=None)
    draft.hold(loan.person, loan.id, None)
