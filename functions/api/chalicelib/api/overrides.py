"""Overrides: one take in spite of one rule, with a reason."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.flows.admin import overrides
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import whole
from chalicelib.web.fields import Id, Instant, utc
from chalicelib.web.roles import EVERYBODY, KEEPERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.people import Override
from toolcrib.domain.refusals import Invalid

routes: Final = Routes(
    "overrides",
    {
        "GET /people/{id}/overrides": Row(Scope.READ, EVERYBODY),
        "POST /people/{id}/overrides": Row(Scope.WRITE, KEEPERS),
        "DELETE /people/{id}/overrides/{override}": Row(Scope.WRITE, KEEPERS),
    },
)

Code = Literal[
    "blocked",
    "no_access",
    "certification_missing",
    "certification_expired",
    "outside_schedule",
    "faulty",
    "service_due",
    "charge_low",
    "pair_conflict",
    "allowance_reached",
    "reserved",
    "held_for_other",
    "authorisation_required",
    "terms_required",
]  # overrides.OVERRIDABLE; a test compares them


class NewOverride(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """In spite of which refuse code, for an `asset_type` or an `asset`, at a `bank` or a `site`, and why.

    It lasts an hour, or up to `until`, at most twelve hours ahead.
    """

    code: Code
    asset_type: Id | None = None
    asset: Id | None = None
    bank: Id | None = None
    site: Id | None = None
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    until: Instant | None = None


class OverrideView(msgspec.Struct, kw_only=True, frozen=True):
    """An override that is neither used nor over; the next grant that needs it uses it up."""

    id: str
    code: str
    asset_type: str | None = None
    asset: str | None = None
    bank: str | None = None
    site: str | None = None
    by: str
    reason: str
    since: datetime
    until: datetime


@routes.on("GET /people/{id}/overrides")
def list_overrides(call: Call, person_id: str) -> Answer[Listed[OverrideView]]:
    """List a person's overrides that are neither used nor over."""
    return whole([_view(key, each) for key, each in sorted(overrides.of(call.asked, person_id).items())])


@routes.on("POST /people/{id}/overrides", status=HTTPStatus.CREATED)
def give_override(call: Call, person_id: str, body: NewOverride) -> Answer[OverrideView]:
    """Let a person take one thing in spite of a rule, once. Nobody gives one to themself.

    Whoever gives it needs the permission `override:` and the code, which an administrator puts on their own record as
    a person. Who somebody is and what only they know (rules 1, 2 and 12) cannot be overridden.
    """
    _exactly_one(body, "asset_type", "asset")
    _exactly_one(body, "bank", "site")
    values = {name: getattr(body, name) for name in body.__struct_fields__ if name != "until"}
    wanted = overrides.Wanted(**values, until=utc("until", body.until))
    return Answer(_view(*overrides.give(call.asked, person_id, wanted)))


@routes.on("DELETE /people/{id}/overrides/{override}", status=HTTPStatus.NO_CONTENT)
def withdraw_override(call: Call, person_id: str, override_id: str) -> Answer[None]:
    """Take back an override that nobody has used. Again changes nothing."""
    overrides.withdraw(call.asked, person_id, override_id)
    return Answer(None)


def _exactly_one(body: NewOverride, *names: str) -> None:
    if sum(getattr(body, name) is not None for name in names) != 1:
        wrong = f"either {' or '.join(names)} is needed, not both"
        raise Invalid(detail=wrong, fields=dict.fromkeys(names, wrong))


def _view(override_id: str, override: Override) -> OverrideView:
    names = [name for name in OverrideView.__struct_fields__ if name != "id"]
    return OverrideView(id=override_id, **{name: getattr(override, name) for name in names})
