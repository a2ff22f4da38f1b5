"""Lateness is excused by what its bank says of itself: silent, full, jammed (rules.md, *Late*; feature E9).

Counted by the sweeper before a late loan's next step, by the return itself, and while a bank is in trouble every few
minutes for all that is late by it.
"""

from datetime import datetime

from toolcrib.domain.doors import Bank
from toolcrib.domain.ladder import aimed
from toolcrib.domain.lateness import excuse_of
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import replace
from toolcrib.domain.retiming import retimed
from toolcrib.flows.attempts import until_committed
from toolcrib.store import keys, listing
from toolcrib.store.banks import find_banks
from toolcrib.store.commit import commit
from toolcrib.store.listing import Position
from toolcrib.store.loans import load_loan
from toolcrib.store.people import load_person

MOST_PAGES = 20  # of late loans in one look at a bank; others are counted at their next step


def counted(org: str, loan: Loan, at: datetime, *seen: Bank) -> Loan:
    """Return the loan with the excuse that its banks' records give it at a moment; never less than it has already.

    Banks that were `seen` just now count as they were found.
    """
    if loan.state is not LoanState.OPEN or at <= loan.due_at:
        return loan
    banks = find_banks(org, {loan.bank, *loan.tried}) | {bank.id: bank for bank in seen}
    return aimed(replace(loan, excused=excuse_of(loan, banks, at)))


def excuse(org: str, loan: Loan, at: datetime, *seen: Bank) -> Loan:
    """Return the loan as it is once its excuse is on record; raises `LostRace` where it moved on meanwhile."""
    now = counted(org, loan, at, *seen)
    if now == loan:
        return loan
    change = retimed(now, load_person(org, loan.person), op=f"{loan.id}.excused.{keys.moment(at)}", at=at)
    commit(org, change)
    return change.loans[0]


def of_bank(org: str, bank: Bank, at: datetime) -> int:
    """Excuse whatever is late at a bank, with its outages as they were just found; returns how many that concerned.

    Found by the index, judged by the record. Raises `LostRace` where a loan moved on again and again.
    """
    late = listing.listing(org, "loans", "open", where=(("about.bank", (bank.id,)),), below=keys.moment(at))
    start: Position | None = Position()
    concerned = 0
    for _ in range(MOST_PAGES):
        if start is None:
            break
        page = listing.page([late], limit=listing.MOST_ITEMS, start=start)
        concerned += sum(_one(org, item["id"], at, bank) for item in page.items)
        start = page.next
    return concerned


def _one(org: str, loan_id: str, at: datetime, bank: Bank) -> bool:
    def once() -> bool:
        loan = load_loan(org, loan_id)
        return excuse(org, loan, at, bank) != loan

    return until_committed(once)
