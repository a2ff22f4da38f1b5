"""Enrolment: a bank's certificate and keys are handed out once, and taken back in one call."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from chalicelib.flows import revoke_bank
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.roles import ADMINS, Row, Scope
from chalicelib.web.routes import Routes

routes: Final = Routes(
    "enrolment",
    {
        "POST /banks/{id}/enrolment": Row(Scope.ADMIN, ADMINS),
        "DELETE /banks/{id}/enrolment": Row(Scope.ADMIN, ADMINS),
    },
)


class EnrolmentRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The controller's certificate signing request in PEM; its private key never leaves the controller."""

    csr: Annotated[str, msgspec.Meta(min_length=1, max_length=8192)]


class BadgeKey(msgspec.Struct, kw_only=True, frozen=True):
    """The org's badge key: what a controller turns card numbers into tokens with."""

    version: str
    hex: str


class Mqtt(msgspec.Struct, kw_only=True, frozen=True):
    """Where the controller connects."""

    host: str
    port: int


class EnrolmentView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything a controller needs. It is answered once and kept nowhere: what is lost is enrolled anew."""

    thing: str
    certificate: str
    ca: str
    kid: str
    command_key: str
    badge_key: BadgeKey
    mqtt: Mqtt


@routes.on("POST /banks/{id}/enrolment", status=HTTPStatus.CREATED, secret=True)
def enrol(call: Call, bank_id: str, body: EnrolmentRequest) -> Answer[EnrolmentView]:
    """Enrol a bank's controller. Whatever was enrolled before loses certificate and key at once."""
    from chalicelib.flows import enrol_bank  # reading certificates is a third of a cold start, and this is rare

    given = enrol_bank.handle(call.asked, bank_id, body.csr)
    keys = given.keys
    return Answer(
        EnrolmentView(
            thing=keys.thing,
            certificate=given.certificate,
            ca=given.ca,
            kid=keys.kid,
            command_key=keys.command_key,
            badge_key=BadgeKey(version=keys.badge_key_version, hex=keys.badge_key),
            mqtt=Mqtt(host=keys.mqtt_host, port=keys.mqtt_port),
        )
    )


@routes.on("DELETE /banks/{id}/enrolment", status=HTTPStatus.NO_CONTENT)
def revoke(call: Call, bank_id: str) -> Answer[None]:
    """Revoke a bank: nothing it says has any effect from now on, and its doors are not lent from."""
    revoke_bank.handle(call.asked, bank_id)
    return Answer(None)
