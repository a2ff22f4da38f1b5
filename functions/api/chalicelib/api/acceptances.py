"""Acceptances: which terms a person has accepted, and accepting them from afar."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from chalicelib.flows.admin import agreements
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import whole
from chalicelib.web.fields import Id
from chalicelib.web.roles import EVERYBODY, KEEPERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.agreements import Acceptance
from toolcrib.domain.principals import Role, Sight

routes: Final = Routes(
    "people",
    {
        "GET /people/{id}/acceptances": Row(Scope.READ, EVERYBODY),
        "POST /people/{id}/acceptances": Row(Scope.WRITE, {**KEEPERS, Role.SELF: Sight.OWN}),
    },
)

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", max_length=64)]


class NewAcceptance(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The terms, and the SHA-256 of the very text that was read."""

    terms: Id
    sha256: Digest


class AcceptanceView(msgspec.Struct, kw_only=True, frozen=True):
    """What was accepted of some terms last."""

    terms: str
    version: int
    sha256: str
    at: datetime


@routes.on("GET /people/{id}/acceptances")
def list_acceptances(call: Call, person_id: str) -> Answer[Listed[AcceptanceView]]:
    """List what a person has accepted, by terms."""
    person = agreements.visible(call.asked, person_id)
    return whole([_view(terms, each) for terms, each in sorted(person.acceptances.items())])


@routes.on("POST /people/{id}/acceptances", status=HTTPStatus.CREATED)
def accept_terms(call: Call, person_id: str, body: NewAcceptance) -> Answer[AcceptanceView]:
    """Accept the present text of some terms. Nobody can do it but the person themself."""
    return Answer(_view(body.terms, agreements.accept(call.asked, person_id, body.terms, body.sha256)))


def _view(terms: str, acceptance: Acceptance) -> AcceptanceView:
    return AcceptanceView(terms=terms, version=acceptance.version, sha256=acceptance.sha256, at=acceptance.at)
