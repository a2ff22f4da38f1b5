"""Authorisations: asking others to agree to a take who are not at the bank, and answering."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec

from chalicelib.flows.admin import authorisations
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Text
from chalicelib.web.roles import EVERYBODY, KEEPERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.principals import Role, Sight

_PEOPLE: Final = {**KEEPERS, Role.SELF: Sight.OWN}  # whoever is one of the org's people: who may is judged one by one

routes: Final = Routes(
    "authorisations",
    {
        "GET /authorisations": Row(Scope.READ, EVERYBODY),
        "POST /authorisations": Row(Scope.WRITE, _PEOPLE),
        "GET /authorisations/{id}": Row(Scope.READ, EVERYBODY),
        "POST /authorisations/{id}/approve": Row(Scope.WRITE, _PEOPLE),
        "POST /authorisations/{id}/refuse": Row(Scope.WRITE, _PEOPLE),
    },
)


class Authorisations(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which requests: a person's own, or with `to_answer` those that ask a group of theirs."""

    person: Id | None = None
    site: Id | None = None
    to_answer: bool = False


class NewAuthorisation(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What you want to take, and at which bank."""

    type: Id
    bank: Id


class Words(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why, if there is something to say; its SHA-256 is kept for good."""

    reason: Text | None = None


class DemandView(msgspec.Struct, kw_only=True, frozen=True):
    """How many others have to agree, and from which group, if one is named."""

    count: int
    group: str | None = None


class ApprovalView(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody who agreed, and when."""

    person: str
    at: datetime


class AuthorisationView(msgspec.Struct, kw_only=True, frozen=True):
    """A request of `person`. What is approved counts at their next tap for that type at that site, until `until`."""

    id: str
    person: str
    type: str
    bank: str
    site: str
    state: str
    asked_at: datetime
    until: datetime
    demands: tuple[DemandView, ...]
    approved: tuple[ApprovalView, ...]
    refused_by: str | None = None


@routes.on("GET /authorisations")
def list_authorisations(call: Call, query: Authorisations) -> Answer[Listed[AuthorisationView]]:
    """List requests to agree to a take, latest first: a supervisor those at their sites, a person their own."""
    wanted = {"about.person": query.person, "about.site": query.site}
    about = {name: value for name, value in wanted.items() if value is not None}

    def show(values: dict[str, Any]) -> AuthorisationView:
        return _view(call, msgspec.convert(values, Authorisation))

    return listed(
        call,
        query,
        lambda limit, start: authorisations.page(call.asked, about, limit, start, to_answer=query.to_answer),
        show,
    )


@routes.on("POST /authorisations", status=HTTPStatus.CREATED)
def create_authorisation(call: Call, body: NewAuthorisation) -> Answer[AuthorisationView]:
    """Ask others to agree to a take of your own. Choosing it at a kiosk asks them, too."""
    request = authorisations.create(call.asked, kind=body.type, bank_id=body.bank)
    return Answer(_view(call, request), version=request.version, location=f"/authorisations/{request.id}")


@routes.on("GET /authorisations/{id}")
def show_authorisation(call: Call, request_id: str) -> Answer[AuthorisationView]:
    """Show a request to agree to a take."""
    return _answer(call, authorisations.show(call.asked, request_id))


@routes.on("POST /authorisations/{id}/approve")
def approve_authorisation(call: Call, request_id: str, body: Words) -> Answer[AuthorisationView]:
    """Agree to somebody's take. It counts for one grant, at their next tap, and opens nothing by itself."""
    return _answer(call, authorisations.approve(call.asked, request_id, body.reason))


@routes.on("POST /authorisations/{id}/refuse")
def refuse_authorisation(call: Call, request_id: str, body: Words) -> Answer[AuthorisationView]:
    """Do not agree to somebody's take: the request is over."""
    return _answer(call, authorisations.refuse(call.asked, request_id, body.reason))


def _view(call: Call, request: Authorisation) -> AuthorisationView:
    return AuthorisationView(
        id=request.id,
        person=request.person,
        type=request.type,
        bank=request.bank,
        site=request.site,
        state=str(request.state_at(call.asked.at)),
        asked_at=request.asked_at,
        until=request.until,
        demands=tuple(DemandView(count=each.count, group=each.group) for each in request.demands),
        approved=tuple(ApprovalView(person=each.person, at=each.at) for each in request.approved),
        refused_by=request.refused_by,
    )


def _answer(call: Call, request: Authorisation) -> Answer[AuthorisationView]:
    return Answer(_view(call, request), version=request.version)
