"""Renew a loan: at a bank, or over HTTP; judged by the same rules."""

from datetime import datetime

from toolcrib.domain.lent import Lent
from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.domain.renewing import Renewal, renewed
from toolcrib.domain.retiming import retimed
from toolcrib.domain.rulebook import RuleBook
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.owning import must_own
from toolcrib.store.edited import commit_edit
from toolcrib.store.lent import load_lent
from toolcrib.store.rulebook import read_stamp, rule_book


def handle(asked: Asked, loan_id: str) -> Loan:
    """Return the loan with its new due time, also for a repeat.

    Raises `NotFound`, `Conflict` `not_open`, or a `Refusal` with why not (`domain/renewing.py`).
    """

    def once() -> Loan:
        lent = load_lent(asked.org, loan_id, asked.op)
        must_own(asked, lent.loan)
        return renew(asked.org, lent, rule_book(asked.org, read_stamp(asked.org)), op=asked.op, at=asked.at)

    return until_committed(once)


def renew(org: str, lent: Lent, book: RuleBook, *, op: str, at: datetime) -> Loan:
    """Renew a loan once for an operation; raises as `handle` does, and `LostRace`."""
    if lent.done:
        return lent.loan
    longer = renewed(Renewal(loan=lent.loan, person=lent.person, asset=lent.asset, at=at), book)
    change = retimed(longer, lent.person, op=op, at=at)
    commit_edit(org, change)
    return change.loans[0]
