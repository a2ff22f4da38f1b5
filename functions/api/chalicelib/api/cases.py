"""Cases: what a person must sort out."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Short, Text, shown
from chalicelib.web.roles import KEEPERS, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.flows.admin import cases

routes: Final = Routes(
    "cases",
    {
        "GET /cases": Row(Scope.READ, READERS),
        "GET /cases/{id}": Row(Scope.READ, READERS),
        "POST /cases/{id}/resolve": Row(Scope.WRITE, KEEPERS),
    },
)


class Cases(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which cases: without a `state` the open ones, and then the resolved ones."""

    state: CaseState | None = None
    kind: CaseKind | None = None
    asset: Id | None = None
    person: Id | None = None
    bank: Id | None = None
    site: Id | None = None


class Resolution(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a case ended, in a word or two of your own (`found`, `false_alarm`), and what there is to say about it."""

    resolution: Annotated[Short, msgspec.Meta(min_length=1)]
    note: Text | None = None


class CaseView(msgspec.Struct, kw_only=True, frozen=True):
    """A case, with what it is about; `waiting` are the assets that became unconfirmed with it."""

    id: str
    kind: str
    state: str
    site: str | None = None
    asset: str | None = None
    person: str | None = None
    loan: str | None = None
    bank: str | None = None
    door: int | None = None
    grant: str | None = None
    waiting: tuple[str, ...] = ()
    detail: str = ""
    opened_at: datetime
    resolution: str | None = None
    note: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None


@routes.on("GET /cases")
def list_cases(call: Call, query: Cases) -> Answer[Listed[CaseView]]:
    """List cases, latest first: a supervisor those of their sites."""
    states = cases.ALL if query.state is None else (query.state,)
    wanted = {name: getattr(query, name) for name in ("kind", "asset", "person", "bank", "site")}
    about = {name: str(value) for name, value in wanted.items() if value is not None}
    return listed(call, query, lambda limit, start: cases.page(call.asked, states, about, limit, start), _view)


@routes.on("GET /cases/{id}")
def show_case(call: Call, case_id: str) -> Answer[CaseView]:
    """Show a case."""
    return _answer(cases.show(call.asked, case_id))


@routes.on("POST /cases/{id}/resolve")
def resolve_case(call: Call, case_id: str, body: Resolution) -> Answer[CaseView]:
    """Resolve a case; its notices stop. Custody stays as it is: move the asset where it really is."""
    return _answer(cases.resolve(call.asked, case_id, body.resolution, body.note))


def _view(case: object) -> CaseView:
    return shown(case, CaseView)


def _answer(case: Case) -> Answer[CaseView]:
    return Answer(_view(case), version=case.version)
