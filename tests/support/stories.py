"""Sample facts for notices: a thermal camera that Maya has, in Berlin."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.notices.wording.facts import Facts
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice
from toolcrib.domain.policies import Period, Terms, To, Via

TAKEN = datetime(2026, 11, 20, 7, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_loan(**more: Any) -> Loan:
    given = {
        "id": "loan-1",
        "asset": "cam-2",
        "type": "thermal-camera",
        "person": "p-1",
        "site": "hq",
        "bank": "hq-01",
        "door": 3,
        "state": LoanState.OPEN,
        "authorised_at": TAKEN,
        "taken_at": TAKEN,
        "due_at": DUE,
        "terms": Terms(policy="fallback", period=Period(after=9 * HOUR)),
    }
    return Loan(**{**given, **more})


def a_case(kind: CaseKind = CaseKind.FORCED, **more: Any) -> Case:
    return Case(**{"id": "case-1", "kind": kind, "opened_at": TAKEN, "site": "hq", "bank": "hq-01", "door": 3, **more})


def a_notice(**more: Any) -> Notice:
    given = {
        "id": "notice-1",
        "loan": "loan-1",
        "due_version": 1,
        "step": "PT2H",
        "to": To.HOLDER,
        "recipient": "p-1",
        "via": Via.SLACK,
        "due_at": DUE,
    }
    return Notice(**{**given, **more})


def about_a_loan(now: datetime, **more: Any) -> Facts:
    """Facts of a loan's notice; `notice` and `loan` take fields."""
    notice, loan = a_notice(**more.pop("notice", {})), a_loan(**more.pop("loan", {}))
    return facts(notice=notice, loan=loan, case=None, now=now, **more)


def about_a_case(kind: CaseKind, **more: Any) -> Facts:
    """Facts of a case's notice to a supervisor."""
    to = {"loan": None, "due_version": None, "case": "case-1", "step": str(kind), "to": To.SUPERVISOR}
    notice = a_notice(**{**to, **more.pop("notice", {})})
    return facts(**{"notice": notice, "loan": None, "case": a_case(kind), "now": TAKEN, **more})


def facts(**more: Any) -> Facts:
    known = {
        "thing": "Thermal camera 2",
        "thing_type": "Thermal camera",
        "holder": "Maya Lind",
        "reader": "Maya Lind",
        "language": "en",
        "site": "HQ Berlin",
        "zone": ZoneInfo("Europe/Berlin"),
        "bank": "hq-01",
        "door": 3,
        "remark": "",
    }
    return Facts(**{**known, **more})
