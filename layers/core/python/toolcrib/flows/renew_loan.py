"""Renew a loan: at a bank, or over HTTP; judged by the same rules."""

from datetime import datetime

from toolcrib.domain.lent import Lent
from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.domain.renewing import Renewal, renewed
from toolcrib.domain.retiming import retimed
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.deciding import book_with_site
from toolcrib.store.edited import commit_edit
from toolcrib.store.lent import load_lent


def handle(asked: Asked, loan_id: str) -> Loan:
    """Return the loan with its new due time, also for a repeat.

    Raises `NotFound`, `Conflict` `not_open`, or a `Refusal` with why not (`domain/renewing.py`).
    """

    def once() -> Loan:
        lent = load_lent(asked.org, loan_id, asked.op)
        asked.must_see("loan", site=lent.loan.site, person=lent.loan.person)
        return renew(asked.org, lent, op=asked.op, at=asked.at)

    return until_committed(once)


def renew(org: str, lent: Lent, *, op: str, at: datetime) -> Loan:
    """Renew a loan once for an operation; raises as `handle` does, and `LostRace`."""
    if lent.done:
        return lent.loan
    book = book_with_site(org, lent.loan.site)
    longer = renewed(Renewal(loan=lent.loan, person=lent.person, asset=lent.asset, at=at), book)
    change = retimed(longer, lent.person, op=op, at=at)
    commit_edit(org, change)
    return change.loans[0]
