"""Whether a request is Slack's: signed over its raw bytes, at most five minutes old, not heard before (threat 30)."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from chalice.app import Request
from slack_sdk.signature import Clock, SignatureVerifier

from chalicelib.web import bodies
from chalicelib.web.problems import NotSignedIn
from toolcrib import secrets
from toolcrib.domain.refusals import Conflict
from toolcrib.settings import settings
from toolcrib.store.heard import first_time

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class NotSigned(NotSignedIn):
    """It is not Slack who asks, or this was heard before; which of these is nobody's business."""

    code = "not_signed"
    detail = "this is not a request that Slack has just signed"
    advice = "Check the app's signing secret."


class NotSetUp(Conflict):
    """Nobody has told us the app's secrets."""

    code = "slack_not_set_up"
    detail = "the Slack app's signing secret is not known here"


class _At(Clock):
    """The gateway's clock."""

    def __init__(self, now: datetime) -> None:
        self._now = now.timestamp()

    def now(self) -> float:
        return self._now


def check(request: Request, now: datetime) -> None:
    """Let Slack's own request pass, once; raises `NotSigned`, `NotSetUp`, `TooLarge`."""
    secret = secrets.slack().get("signing_secret") if settings().slack_secret else None
    if not secret:
        raise NotSetUp
    stamp = request.headers.get("X-Slack-Request-Timestamp") or ""
    signature = request.headers.get("X-Slack-Signature") or ""
    if not _TIMESTAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
        raise NotSigned
    if not SignatureVerifier(str(secret), _At(now)).is_valid(_text(bodies.raw(request)), stamp, signature):
        raise NotSigned
    digest, by = sha256(signature.encode()).hexdigest(), str(request.context["requestId"])
    if not first_time(settings().toolcrib_org, "slack", digest, now, by=by):
        raise NotSigned


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise NotSigned from None
