"""Loans."""

from collections.abc import Iterable

from toolcrib.domain.loans import Loan
from toolcrib.store import keys
from toolcrib.store.items import LoanItem
from toolcrib.store.mapping import to_loan
from toolcrib.store.reads import find, find_many, load


def load_loan(org: str, loan_id: str) -> Loan:
    """Return a loan; raises `NotFound`."""
    return to_loan(load(LoanItem, keys.loan(org, loan_id), "loan"))


def find_loan(org: str, loan_id: str) -> Loan | None:
    """Return a loan, or None."""
    item = find(LoanItem, keys.loan(org, loan_id))
    return None if item is None else to_loan(item)


def find_loans(org: str, loan_ids: Iterable[str]) -> dict[str, Loan]:
    """Return the loans there are among up to 100 ids."""
    found = find_many({keys.loan(org, loan_id) for loan_id in loan_ids})
    return {loan.id: loan for loan in map(to_loan, found.values())}
