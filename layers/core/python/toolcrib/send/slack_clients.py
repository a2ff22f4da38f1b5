"""Slack's own clients, changed in one thing: they follow no redirect and read a bounded answer.

urllib would carry the bearer token along to wherever a redirect points (threat 30). slack_sdk has no setting for it
(3.47); the overridden methods are its innermost step, and a test against a redirecting server notices if they move.
"""

from typing import Any
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from slack_sdk.web import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

ANSWER_BYTES = 256 * 1024


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer like any other, and not a good one."""

    def redirect_request(self, *_: Any) -> None:
        """Go nowhere; urllib then raises the 3xx as an `HTTPError`."""


def _ask(request: Request, timeout: float) -> tuple[int, dict[str, str], str]:
    opener: OpenerDirector = build_opener(_Stay)
    with opener.open(request, timeout=timeout) as answer:
        return answer.status, dict(answer.headers.items()), answer.read(ANSWER_BYTES).decode(errors="replace")


class Bot(WebClient):
    """`chat.postMessage` with a bot token."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - SDK's
        status, headers, body = _ask(req, self.timeout)
        return {"status": status, "headers": headers, "body": body}


class Webhook(WebhookClient):
    """An incoming webhook."""

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        status, headers, body = _ask(req, self.timeout)
        return WebhookResponse(url=url, status_code=status, body=body, headers=headers)
