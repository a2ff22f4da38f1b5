"""People's badges: the number goes in once and never comes out again."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.deciding.badges import BadgeFormat
from chalicelib.flows.admin import badges
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.patches import Patch
from chalicelib.web.roles import EVERYBODY, KEEPERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.people import Badge
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.refusals import Invalid

_REGISTRARS: Final = {**KEEPERS, Role.MACHINE: Sight.ORG}

routes: Final = Routes(
    "badges",
    {
        "GET /people/{id}/badges": Row(Scope.READ, EVERYBODY),
        "POST /people/{id}/badges": Row(Scope.WRITE, _REGISTRARS),
        "GET /people/{id}/badges/{badge}": Row(Scope.READ, EVERYBODY),
        "PATCH /people/{id}/badges/{badge}": Row(Scope.WRITE, _REGISTRARS),
        "DELETE /people/{id}/badges/{badge}": Row(Scope.WRITE, _REGISTRARS),
    },
)


class NewBadge(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A card or fob by its number.

    `hex` takes the card's bytes, most significant first, with or without spaces, colons and dashes. A Wiegand format
    takes the bits the reader sends, parity included, as 0s and 1s; or the data without parity as hex of whole bytes.
    """

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64, description="Write only: never stored or shown.")]
    format: BadgeFormat = BadgeFormat.HEX


class BadgeFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be changed of a badge: an active one can be revoked."""

    state: Literal["active", "revoked"]


class BadgeView(msgspec.Struct, kw_only=True, frozen=True):
    """A badge. Its `id` says nothing about its number."""

    id: str
    format: str
    state: str
    created_at: datetime | None = None
    revoked_at: datetime | None = None


@routes.on("GET /people/{id}/badges")
def list_badges(call: Call, person_id: str, query: Paging) -> Answer[Listed[BadgeView]]:
    """List a person's badges, revoked ones included."""

    def show(values: dict[str, object]) -> BadgeView:
        return _view(call, msgspec.convert(values, Badge))

    return listed(call, query, lambda limit, start: badges.page(call.asked, person_id, limit, start), show)


@routes.on("POST /people/{id}/badges", status=HTTPStatus.CREATED)
def register_badge(call: Call, person_id: str, body: NewBadge) -> Answer[BadgeView]:
    """Register a badge for a person. One that is in use is refused, whoever has it; a revoked one may be given out."""
    badge = badges.register(call.asked, person_id, body.number, body.format)
    return _answer(call, badge, location=f"/people/{person_id}/badges")


@routes.on("GET /people/{id}/badges/{badge}")
def show_badge(call: Call, person_id: str, badge_id: str) -> Answer[BadgeView]:
    """Show a badge."""
    return _answer(call, badges.show(call.asked, person_id, badge_id))


@routes.on("PATCH /people/{id}/badges/{badge}")
def change_badge(call: Call, person_id: str, badge_id: str, patch: Patch[BadgeFields]) -> Answer[BadgeView]:
    """Revoke a badge with `{"state": "revoked"}`. What was revoked is registered again by its number only."""

    def judge(badge: Badge) -> None:
        wanted = patch.onto(BadgeFields(state=str(badge.state)), badge.revision).state  # type: ignore[arg-type]
        if wanted != "revoked":
            raise Invalid(detail="the body does not fit", fields={"state": "can only become revoked"})

    return _answer(call, badges.revoke(call.asked, person_id, badge_id, judge))


@routes.on("DELETE /people/{id}/badges/{badge}", status=HTTPStatus.NO_CONTENT)
def revoke_badge(call: Call, person_id: str, badge_id: str) -> Answer[None]:
    """Revoke a badge at once: whoever taps it is nobody. Revoking it again changes nothing."""
    badges.revoke(call.asked, person_id, badge_id)
    return Answer(None)


def _answer(call: Call, badge: Badge, location: str | None = None) -> Answer[BadgeView]:
    view = _view(call, badge)
    return Answer(view, version=badge.revision, location=location and f"{location}/{view.id}")


def _view(call: Call, badge: Badge) -> BadgeView:
    return BadgeView(
        id=badges.public_id(call.asked.org, badge.id),
        format=badge.format,
        state=str(badge.state),
        created_at=badge.created_at,
        revoked_at=badge.revoked_at,
    )
