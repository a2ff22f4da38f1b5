"""Loans as they stand in the table, for whoever only looks at them."""

from datetime import timedelta
from typing import Any

from tests.support.workplace import NOW
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Period, Terms


def taken(**more: Any) -> Loan:
    """A loan that was taken at NOW and is due eight hours later."""
    terms = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))
    given = {
        "id": "loan-1",
        "asset": "drill-1",
        "type": "drill",
        "person": "p-1",
        "site": "hq",
        "bank": "hq-01",
        "door": 1,
        "state": LoanState.OPEN,
        "authorised_at": NOW,
        "taken_at": NOW,
        "due_at": NOW + timedelta(hours=8),
        "terms": terms,
    }
    return Loan(**{**given, **more})


def holding(**more: Any) -> Holding:
    """What a person's profile says of it."""
    given = {"asset": "drill-1", "type": "drill", "name": "Drill 1", "state": "open", "bank": "hq-01", "door": 1}
    return Holding(**{**given, "site": "hq", "since": NOW, "until": NOW + timedelta(hours=8), **more})
