"""Every refusal as RFC 9457 `application/problem+json`. The tree of refusals is in `toolcrib/domain/refusals.py`.

What is refused because of HTTP itself is here:

    Refusal
    ├── NotSignedIn        401
    ├── TooLarge           413
    ├── KeyReused          422  the same Idempotency-Key with another request
    └── Unconditional      428  PATCH without If-Match
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from toolcrib.domain.refusals import Conflict, Invalid, LostRace, NotAllowed, NotFound, Refusal, Stale
from toolcrib.send.words.saying import plainly

MEDIA_TYPE: Final = "application/problem+json"


class NotSignedIn(Refusal):
    """There is no access token we can use."""

    code = "unauthorized"
    detail = "no access token"
    advice = "Sign in and send the access token as `Authorization: Bearer ...`."


class TooLarge(Refusal):
    """The body is larger than any we take."""

    code = "body_too_large"


class KeyReused(Refusal):
    """An `Idempotency-Key` stands for one request."""

    code = "idempotency_key_reused"
    detail = "this Idempotency-Key was used for another request"
    advice = "Make a new key for a new request."


class Unconditional(Refusal):
    """A change must say which state it is a change of."""

    code = "precondition_required"
    detail = "PATCH needs If-Match"
    advice = "Read the resource and send its ETag as If-Match."


STATUS: Final[Mapping[type[Refusal], HTTPStatus]] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    LostRace: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    Invalid: HTTPStatus.BAD_REQUEST,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unconditional: HTTPStatus.PRECONDITION_REQUIRED,
    Refusal: HTTPStatus.CONFLICT,
}
"""By class; a class without an entry is answered like the one it is a kind of."""


def status_of(refusal: Refusal) -> HTTPStatus:
    """Return the HTTP status of a refusal."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def problem(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as a problem; a race lost too often reads as any other conflict."""
    lost = isinstance(refusal, LostRace)
    detail = "others changed it at the same moment, several times" if lost else refusal.detail
    advice = "Repeat the request." if lost else refusal.advice or plainly(refusal)
    body = plain_problem(status_of(refusal), "conflict" if lost else refusal.code, detail)
    if advice:
        body["advice"] = advice
    if refusal.fields:
        body["errors"] = [{"field": name, "message": message} for name, message in refusal.fields.items()]
    return body


def plain_problem(status: HTTPStatus, code: str, detail: str) -> dict[str, Any]:
    """Return a problem without more to say."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail or status.description,
        "code": code,
    }
