"""Call a loan back: its holder is told at once, in the transaction that moves the due time."""

from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.domain.recalling import recalled, told
from toolcrib.domain.retiming import retimed
from toolcrib.flows.attempts import until_committed
from toolcrib.store.edited import commit_edit
from toolcrib.store.lent import load_lent
from toolcrib.store.rulebook import book_with_site


def handle(asked: Asked, loan_id: str, *, reason: str | None) -> Loan:
    """Return the loan as it is called back, also for a repeat.

    Raises `NotFound`, or `Conflict`: `not_open`, `already_recalled`.
    """

    def once() -> Loan:
        lent = load_lent(asked.org, loan_id, asked.op)
        asked.must_see("loan", site=lent.loan.site, person=lent.loan.person)
        if lent.done:
            return lent.loan
        site = book_with_site(asked.org, lent.loan.site).sites[lent.loan.site]
        sooner = recalled(lent.loan, site, asked.at, by=asked.by.actor, reason=reason)
        notices = told(sooner, asked.at)
        change = retimed(sooner, lent.person, op=asked.op, at=asked.at, notices=notices)
        commit_edit(asked.org, change)
        return change.loans[0]

    return until_committed(once)
