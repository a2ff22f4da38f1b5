"""`Idempotency-Key`: a repeat gets the answer the first one got (design.md; safety.md, I5)."""

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec
from chalice.app import Response

from chalicelib.web.answers import Headers, refuse
from chalicelib.web.problems import KeyReused
from toolcrib import secrets
from toolcrib.domain.refusals import Conflict, Invalid
from toolcrib.send.signing import derive
from toolcrib.store import idempotency
from toolcrib.store.idempotency import Kept, Key, Standing

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")  # visible ASCII, as RFC 8941 has it for such tokens
_RETRY_AFTER_S: Final = "2"

NOT_KEPT: Final = Conflict(
    code="answer_not_kept",
    detail="this was done, but its answer holds secrets and was not kept",
    advice="Ask for new secrets with a new Idempotency-Key.",
)
AT_WORK: Final = Conflict(
    code="in_progress", detail="the same request is being worked on", advice="Repeat it in a few seconds."
)


def checked(key: str | None) -> str | None:
    """Return an `Idempotency-Key` as it is, or refuse it."""
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid(detail=f"{HEADER} is not 1 to 255 visible ASCII characters", fields={HEADER: "is malformed"})
    return key


def fingerprint(org: str, what: Any) -> str:
    """Return a keyed digest of a request: a body may hold a badge number, and those are few (safety.md, *Traps*)."""
    content = msgspec.json.encode(what, order="sorted")
    return hmac.digest(derive(secrets.master(), "idempotency", org), content, "sha256").hex()


def once(key: Key, now: datetime, work: Callable[[], Response], *, secret: bool = False) -> Response:
    """Do the work unless its key was used before; keep its answer, refusals included, but never a failure.

    A `secret` success is not kept either: a repeat is told so.
    """
    standing, kept = idempotency.claim(key, now)
    if standing is Standing.ANOTHER_REQUEST:
        raise KeyReused
    if standing is Standing.AT_WORK:
        return refuse(AT_WORK, {"Retry-After": _RETRY_AFTER_S})
    if kept is not None:
        return _replayed(kept)
    return _worked(key, work, secret=secret)


def _worked(key: Key, work: Callable[[], Response], *, secret: bool) -> Response:
    answered = False
    try:
        response = work()
        answered = response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    finally:
        if not answered:  # whatever went wrong: the next repeat may try at once
            idempotency.release(key)
    if answered:
        hidden = secret and response.status_code < HTTPStatus.BAD_REQUEST
        idempotency.keep(key, _kept(refuse(NOT_KEPT) if hidden else response))
    return response


def _kept(response: Response) -> Kept:
    headers: Mapping[str, str] = {name: str(value) for name, value in response.headers.items()}
    return Kept(status=response.status_code, headers=headers, body=str(response.body))


def _replayed(kept: Kept) -> Response:
    headers: Headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return Response(body=kept.body, status_code=kept.status, headers=headers)
