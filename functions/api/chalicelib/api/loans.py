"""Loans: who has what, until when."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from chalicelib.flows.admin import loans, people
from chalicelib.flows.admin.loans import Standing
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id
from chalicelib.web.roles import EVERYBODY, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.events import instant
from toolcrib.domain.loans import Loan, LoanState

routes: Final = Routes(
    "loans",
    {
        "GET /loans": Row(Scope.READ, EVERYBODY),
        "GET /loans/{id}": Row(Scope.READ, EVERYBODY),
        "GET /people/{id}/loans": Row(Scope.READ, EVERYBODY),
    },
)


class LoansOf(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which loans: without a `state` the open ones, those due first first, and then the closed ones, latest first."""

    state: Standing | None = None


class Loans(LoansOf, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which loans, and of whom, of what, taken where."""

    person: Id | None = None
    asset: Id | None = None
    site: Id | None = None
    bank: Id | None = None


class RecalledView(msgspec.Struct, kw_only=True, frozen=True):
    """That it was called back: when, why in the words of who did, and what it was due before."""

    at: datetime
    reason: str | None = None
    due_before: datetime


class HandoverView(msgspec.Struct, kw_only=True, frozen=True):
    """A request to take a loan over: of whom, until when, and in what condition its holder says it is."""

    to: str
    at: datetime
    expires_at: datetime
    condition: str


class PartView(msgspec.Struct, kw_only=True, frozen=True):
    """A part of a kit, and its own loan."""

    asset: str
    loan: str


class InKitView(msgspec.Struct, kw_only=True, frozen=True):
    """That it was taken as part of a kit: which one, and everything that was taken with it, itself among that."""

    id: str
    parts: tuple[PartView, ...]


class LoanView(msgspec.Struct, kw_only=True, frozen=True):
    """A loan. It is `overdue` when it is open past due and grace; `evidence` is what the hardware saw when taken.

    `policy` and `policy_revision` say whose terms it was made under, `take_answers` and `return_answers` what was said
    at a screen; lists leave them out. `by` took it for `person`. What was handed over was taken from no door;
    `handed_from` and `handed_to` are the loans before and after it.
    """

    id: str
    asset: str
    type: str
    person: str
    by: str | None = None
    site: str
    bank: str
    door: int | None
    state: str
    overdue: bool
    taken_at: datetime | None = None
    due_at: datetime
    due_why: str
    returned_at: datetime | None = None
    return_bank: str | None = None
    return_door: int | None = None
    evidence: str | None = None
    return_evidence: str | None = None
    excused: timedelta = timedelta()
    lost_at: datetime | None = None
    renewals: int = 0
    policy: str | None = None
    policy_revision: int | None = None
    recalled: RecalledView | None = None
    handover: HandoverView | None = None
    handed_from: str | None = None
    handed_to: str | None = None
    take_answers: dict[str, str | bool] = {}
    return_answers: dict[str, str | bool] = {}
    kit: InKitView | None = None


@routes.on("GET /loans")
def list_loans(call: Call, query: Loans) -> Answer[Listed[LoanView]]:
    """List loans: a supervisor those of their sites, a person their own."""
    wanted = {name: getattr(query, name) for name in ("person", "asset", "site", "bank")}
    return _list(call, query, {name: value for name, value in wanted.items() if value is not None})


@routes.on("GET /loans/{id}")
def show_loan(call: Call, loan_id: str) -> Answer[LoanView]:
    """Show a loan."""
    return answer(call, loans.show(call.asked, loan_id))


@routes.on("GET /people/{id}/loans")
def list_loans_of_person(call: Call, person_id: str, query: LoansOf) -> Answer[Listed[LoanView]]:
    """List a person's loans."""
    people.show(call.asked, person_id)
    return _list(call, query, {"person": person_id})


def answer(call: Call, loan: Loan, *, created: bool = False) -> Answer[LoanView]:
    """Return a loan as it is now."""
    terms = {"policy": loan.terms.policy, "policy_revision": loan.terms.policy_revision}
    values = msgspec.to_builtins(loan) | terms | {"overdue": loan.overdue(call.asked.at)}
    where = f"/loans/{loan.id}" if created else None
    return Answer(_shown(values), version=loan.version, location=where)


def _shown(values: dict[str, Any]) -> LoanView:
    return msgspec.convert(values | {"door": values["door"] or None}, LoanView)


def _list(call: Call, query: LoansOf, about: dict[str, str]) -> Answer[Listed[LoanView]]:
    standings = loans.ALL if query.state is None else (query.state,)

    def show(values: dict[str, Any]) -> LoanView:
        late = values["state"] == LoanState.OPEN and values["listed_by"] < instant(call.asked.at)
        return _shown(values | {"overdue": late})

    return listed(call, query, lambda limit, start: loans.page(call.asked, standings, about, limit, start), show)
