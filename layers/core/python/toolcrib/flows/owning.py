"""Whose loan it is: what else there is does not exist for who asks (safety.md, I13)."""

from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked


def must_concern(asked: Asked, loan: Loan) -> None:
    """Raise `NotFound` unless the principal may see the loan: whoever is asked to take it over may, too."""
    to = loan.handover.to if loan.handover is not None else None
    if to is None or to != asked.by.person:
        must_own(asked, loan)


def must_own(asked: Asked, loan: Loan) -> None:
    """Raise `NotFound` unless it is the principal's own, also where they took it for another, or in their sight."""
    mine = loan.by is not None and loan.by == asked.by.person
    asked.must_see("loan", site=loan.site, person=loan.by if mine else loan.person)
