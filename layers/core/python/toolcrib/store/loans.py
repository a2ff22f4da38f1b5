"""Loans."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import size
from pynamodb.expressions.operand import Path

from toolcrib.domain.loans import Loan, LoanState
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import LoanItem
from toolcrib.store.mapping import to_loan
from toolcrib.store.reads import find, find_many, load
from toolcrib.store.tables import StateItem, connection

MOST_TRIED = 5  # banks that one loan remembers to have had no room for it


def load_loan(org: str, loan_id: str) -> Loan:
    """Return a loan; raises `NotFound`."""
    return to_loan(load(LoanItem, keys.loan(org, loan_id), "loan"))


def find_loan(org: str, loan_id: str) -> Loan | None:
    """Return a loan, or None."""
    item = find(LoanItem, keys.loan(org, loan_id))
    return None if item is None else to_loan(item)


def sites_of_due(org: str, since: datetime, until: datetime) -> Iterator[str]:
    """Yield the site of each open loan that turns overdue in a span of time; from the index, not for decisions."""
    connection()
    span = StateItem.listing_sk.between(keys.moment(since), keys.moment(until))
    for item in StateItem.listing.query(keys.listing(org, "loans", "open"), span):
        if isinstance(item, LoanItem):
            yield item.about["site"]


def note_tried(org: str, loan_id: str, bank_id: str) -> None:
    """Note on an open loan that its holder found no room for it at a bank; nothing to do where that is known."""
    connection()
    tried, version = Path("about.tried"), LoanItem.version
    unknown = tried.does_not_exist() | (~tried.contains(bank_id) & (size(tried) < MOST_TRIED))
    try:
        LoanItem(*keys.loan(org, loan_id)).update(
            actions=[tried.set((tried | []).append([bank_id])), version.set(version + 1)],
            condition=(LoanItem.state == str(LoanState.OPEN)) & unknown,
        )
    except UpdateError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise


def find_loans(org: str, loan_ids: Iterable[str]) -> dict[str, Loan]:
    """Return the loans there are among up to 100 ids."""
    found = find_many({keys.loan(org, loan_id) for loan_id in loan_ids})
    return {loan.id: loan for loan in map(to_loan, found.values())}
