"""Ask the API for an enrolment, from the board itself."""

import json
import secrets
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Final
from urllib.parse import quote, urlsplit

from edge.enrolment.answer import EnrolmentError

TIMEOUT_S: Final = 60  # the API's gateway gives up after 29
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
MAX_ANSWER: Final = 65_536
HINTS: Final = {
    401: "the token is not valid (any more): get another",
    403: "the token's owner may not enrol banks: it takes an admin",
    404: "there is no such bank: make it first, POST /v1/banks",
}


def ask(api: str, token: str, bank: str, csr: str) -> bytes:
    """Return the API's answer as it came. `api` is the base to which `/v1` is appended; raises EnrolmentError."""
    parts = urlsplit(api)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise EnrolmentError(f"{api}: an enrolment holds keys and goes over https only")
    request = urllib.request.Request(  # noqa: S310 - its scheme was looked at
        f"{api.rstrip('/')}/v1/banks/{quote(bank, safe='')}/enrolment",
        data=json.dumps({"csr": csr}).encode(),
        method="POST",
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"enrol-{secrets.token_hex(16)}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - the same
            body: bytes = answer.read(MAX_ANSWER)
    except urllib.error.HTTPError as error:
        with error:
            said = HINTS.get(error.code) or _detail(error)
        raise EnrolmentError(f"the API answered {error.code}: {said}") from None
    except (OSError, HTTPException) as error:
        raise EnrolmentError(f"{api} cannot be reached ({error}); without a network see --csr and --answer") from None
    return body


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(error.read(MAX_ANSWER))
        return str(problem.get("detail") or problem.get("title"))
    except (ValueError, AttributeError):
        return error.reason
