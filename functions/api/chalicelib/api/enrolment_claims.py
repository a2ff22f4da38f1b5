"""Boards that enrol themselves: a bank awaits one, and it is let in by a token that is answered once."""

import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import msgspec

from chalicelib.api.enrolment import Mqtt
from chalicelib.deciding.claiming import LONGEST, SHORTEST
from chalicelib.flows import await_board
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.roles import ADMINS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.refusals import Invalid

routes: Final = Routes(
    "enrolment_claims",
    {
        "POST /banks/{id}/enrolment/claims": Row(Scope.ADMIN, ADMINS),
        "DELETE /banks/{id}/enrolment/claims": Row(Scope.ADMIN, ADMINS),
    },
)

TOKEN_BYTES: Final = 32  # as many as a key has: it is never guessed, so a plain digest of it is kept
DAY: Final = timedelta(days=1)


class NewBoardClaim(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How long the token is good for: a day unless said, five minutes at least, a week at most."""

    valid_for: timedelta | None = None


class BoardClaimCertificate(msgspec.Struct, kw_only=True, frozen=True):
    """By which a board may speak to the provisioning service, and to nothing else, for five minutes."""

    certificate: str
    private_key: str
    expires_at: datetime


class BoardClaimView(msgspec.Struct, kw_only=True, frozen=True):
    """What a board needs to enrol itself. It is answered once and kept nowhere."""

    thing: str
    template: str
    token: str
    expires_at: datetime
    ca: str
    mqtt: Mqtt
    claim: BoardClaimCertificate


@routes.on("POST /banks/{id}/enrolment/claims", status=HTTPStatus.CREATED, secret=True)
def await_a_board(call: Call, bank_id: str, body: NewBoardClaim) -> Answer[BoardClaimView]:
    """Await a board that enrols itself with a key it makes. The controller the bank has works on until then.

    An earlier token is worth nothing from now on. The claim certificate is good for five minutes, the token for as long
    as asked: with another claim certificate, such as one in a factory's image, it can be used later.
    """
    valid_for = DAY if body.valid_for is None else body.valid_for
    if not SHORTEST <= valid_for <= LONGEST:
        raise Invalid(detail="the body does not fit", fields={"valid_for": "is not five minutes to seven days"})
    token = secrets.token_urlsafe(TOKEN_BYTES)
    given = await_board.handle(call.asked, bank_id, token, valid_for)
    return Answer(
        BoardClaimView(
            thing=given.thing,
            template=given.template,
            token=token,
            expires_at=given.expires_at,
            ca=given.ca,
            mqtt=Mqtt(host=given.mqtt_host, port=given.mqtt_port),
            claim=BoardClaimCertificate(
                certificate=given.certificate,
                private_key=given.private_key,
                expires_at=given.certificate_expires_at,
            ),
        )
    )


@routes.on("DELETE /banks/{id}/enrolment/claims", status=HTTPStatus.NO_CONTENT)
def await_nobody(call: Call, bank_id: str) -> Answer[None]:
    """Await no board any more: the token that was given out is worth nothing. An enrolment that was made stays."""
    await_board.take_back(call.asked, bank_id)
    return Answer(None)
