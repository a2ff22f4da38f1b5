"""How much of a loan's lateness is its banks' (rules.md, *Late*; feature E9)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from toolcrib.domain.doors import Bank
from toolcrib.domain.loans import Loan
from toolcrib.domain.outages import excused

MOMENT = timedelta(milliseconds=1)  # the present belongs to an outage that goes on: nothing fires while it does


def excuse_of(loan: Loan, banks: Mapping[str, Bank], at: datetime) -> timedelta:
    """Return how long, since it was due, the bank it is from or one where its holder found no room took nothing back.

    Never less than the loan has been excused already.
    """
    outages = [outage for bank in {loan.bank, *loan.tried} & banks.keys() for outage in banks[bank].outages]
    return max(loan.excused, excused(outages, loan.due_at, at + MOMENT))
