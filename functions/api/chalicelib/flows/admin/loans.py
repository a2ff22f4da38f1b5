"""Loans, as people look them up: open ones by when they turn overdue, closed ones latest first."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.flows.owning import must_concern
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
