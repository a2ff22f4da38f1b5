"""Slack's own clients, set up to do exactly one thing when told: no retries, no redirects, no debug lines.

The notice's record counts every try, so the SDK may not try again silently. urllib would carry the bearer token along
to wherever a redirect points (threat 30); slack_sdk has no setting for that (3.47), so its innermost step is replaced,
and a test against a redirecting server notices if that step moves.
"""

import logging
import re
from functools import cache
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk.web import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

HOOKS = "https://hooks.slack.com"  # no other host is called at an address that is set up, or sent along
TIMEOUT_S = 4  # ten notices in a row still fit into the function's time
ANSWER_BYTES = 256 * 1024


@cache
def bot(token: str, base: str) -> WebClient:
    """Return the client for a bot token; `base` is where Slack's stand-in listens, empty for Slack."""
    api = f"{base.rstrip('/')}/api/" if base else WebClient.BASE_URL
    return _Bot(token, base_url=api, timeout=TIMEOUT_S, retry_handlers=[], logger=_quiet())


@cache
def webhook(url: str) -> WebhookClient:
    """Return the client for an incoming webhook."""
    return _Webhook(url, timeout=TIMEOUT_S, retry_handlers=[], logger=_quiet())


def is_hook(url: str, path: str, base: str) -> bool:
    """Whether a URL is Slack's, or its stand-in's at `base`, with a path of this pattern (threat 30)."""
    return re.fullmatch(re.escape((base or HOOKS).rstrip("/")) + path, url, re.ASCII) is not None


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer like any other, and not a good one."""

    def redirect_request(self, *_: Any) -> None:
        """Go nowhere; urllib then raises the 3xx as an `HTTPError`."""


class _Bot(WebClient):
    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - SDK's
        status, headers, body = _ask(req, self.timeout)
        body = body if body.startswith("{") else "{}"  # the SDK trips over JSON that is no object
        return {"status": status, "headers": headers, "body": body}


class _Webhook(WebhookClient):
    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        status, headers, body = _ask(req, self.timeout)
        return WebhookResponse(url=url, status_code=status, body=body, headers=headers)


def _ask(request: Request, timeout_s: float) -> tuple[int, dict[str, str], str]:
    with build_opener(_Stay).open(request, timeout=timeout_s) as answer:
        return answer.status, dict(answer.headers.items()), answer.read(ANSWER_BYTES).decode(errors="replace")


def _quiet() -> logging.Logger:
    """Return a logger that says nothing: the SDK's lines hold URLs, which are secrets, and texts."""
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.CRITICAL)
    return logger
