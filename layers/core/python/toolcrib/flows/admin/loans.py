"""Loans, as people look them up: open ones by when they turn overdue, closed ones latest first."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.store import keys, listing
from toolcrib.store.listing import OR, Page, Position, Source
from toolcrib.store.loans import load_loan


class Standing(StrEnum):
    """Which loans a list shows; overdue ones are open."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


Where = tuple[tuple[str, tuple[str, ...]], ...]

ALL: Final = (Standing.OPEN, Standing.CLOSED)


def show(asked: Asked, loan_id: str) -> Loan:
    """Return a loan; raises `NotFound`, also where the principal may not see it."""
    loan = load_loan(asked.org, loan_id)
    must_concern(asked, loan)
    return loan


def must_concern(asked: Asked, loan: Loan) -> None:
    """Raise `NotFound` unless the principal may see the loan: whoever is asked to take it over may, too."""
    to = loan.handover.to if loan.handover is not None else None
    if to is None or to != asked.by.person:
        must_own(asked, loan)


def must_own(asked: Asked, loan: Loan) -> None:
    """Raise `NotFound` unless it is the principal's own, also where they took it for another, or in their sight."""
    mine = loan.by is not None and loan.by == asked.by.person
    asked.must_see("loan", site=loan.site, person=loan.by if mine else loan.person)


def page(
    asked: Asked, standings: Sequence[Standing], about: Mapping[str, str], limit: int, start: Position | None
) -> Page:
    """Return a page of the loans of these standings, one after the other; `about` are values their fields must have."""
    where = tuple((f"about.{name}", (value,)) for name, value in about.items())
    return listing.page([_source(asked, each, where) for each in standings], limit=limit, start=start)


def _source(asked: Asked, standing: Standing, where: Where) -> Source:
    seen = (*where, *asked.only(site="about.site", person=f"about.person{OR}about.by"))
    if standing is Standing.CLOSED:
        return listing.listing(asked.org, "loans", "closed", where=seen, newest_first=True)
    below = keys.moment(asked.at) if standing is Standing.OVERDUE else None
    return listing.listing(asked.org, "loans", "open", where=seen, below=below)
