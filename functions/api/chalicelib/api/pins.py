"""People's PINs: they go in and never come out; what shows is whether one is set, must be changed or is locked."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from chalicelib.flows.admin import pins
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.roles import ADMINS, KEEPERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.pins import MAX_DIGITS, MIN_DIGITS
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.refusals import Invalid

_SETTERS: Final = {**ADMINS, Role.SELF: Sight.OWN}

routes: Final = Routes(
    "people",
    {
        "GET /people/{id}/pin": Row(Scope.READ, {**KEEPERS, Role.SELF: Sight.OWN}),
        "POST /people/{id}/pin": Row(Scope.WRITE, _SETTERS),
        "DELETE /people/{id}/pin": Row(Scope.WRITE, _SETTERS),
        "POST /people/{id}/pin/unlock": Row(Scope.WRITE, ADMINS),
    },
)


class NewPin(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Either a PIN, or `at_kiosk` for a day in which the person may choose one at a screen with their badge."""

    pin: (
        Annotated[
            str,
            msgspec.Meta(
                pattern=rf"^[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}$(?!\n)",
                description="Write only: never stored or shown. No runs, no repetitions.",
            ),
        ]
        | None
    ) = None
    at_kiosk: bool = False


class PinView(msgspec.Struct, kw_only=True, frozen=True):
    """What may be known of a PIN. One that an administrator set has to be changed at first use.

    Until `kiosk_until` a first one may be set at a screen; until `locked_until` none is looked at.
    """

    is_set: bool
    must_change: bool
    kiosk_until: datetime | None
    locked_until: datetime | None


@routes.on("GET /people/{id}/pin")
def show_pin(call: Call, person_id: str) -> Answer[PinView]:
    """Show whether a person has a PIN, and whether it is locked."""
    return _answer(call, pins.show(call.asked, person_id))


@routes.on("POST /people/{id}/pin", status=HTTPStatus.CREATED)
def set_pin(call: Call, person_id: str, body: NewPin) -> Answer[PinView]:
    """Set a person's PIN, or let them set one at a screen. One's own holds, anybody else's has to be changed."""
    if (body.pin is None) is not body.at_kiosk:
        wrong = "either pin or at_kiosk is needed, not both"
        raise Invalid(detail=wrong, fields={"pin": wrong, "at_kiosk": wrong})
    if body.pin is None:
        return _answer(call, pins.open_kiosk(call.asked, person_id))
    return _answer(call, pins.set_pin(call.asked, person_id, body.pin))


@routes.on("DELETE /people/{id}/pin", status=HTTPStatus.NO_CONTENT)
def clear_pin(call: Call, person_id: str) -> Answer[None]:
    """Take a person's PIN away. What asks for one is not lent to them until another is set."""
    pins.clear(call.asked, person_id)
    return Answer(None)


@routes.on("POST /people/{id}/pin/unlock")
def unlock_pin(call: Call, person_id: str) -> Answer[PinView]:
    """Let a person who is locked out try again at once."""
    return _answer(call, pins.unlock(call.asked, person_id))


def _answer(call: Call, shown: pins.Shown) -> Answer[PinView]:
    standing, pin = shown.standing, shown.pin
    locked = pin is not None and pin.locked(call.asked.at)
    return Answer(
        PinView(
            is_set=standing.is_set,
            must_change=standing.must_change,
            kiosk_until=standing.kiosk_until,
            locked_until=pin.locked_until if pin is not None and locked else None,
        )
    )
