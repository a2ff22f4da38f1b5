"""Slack, by bot token or by incoming webhook, whichever the secret offers.

A bot reaches people and channels. A webhook speaks to the one channel it was made for, so people are reached another
way. The SDK's own retries and redirects are off: the notice's record counts every try, and a token goes to Slack only.
"""

import logging
import re
from datetime import timedelta
from functools import cache
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NoReturn

from toolcrib import secrets
from toolcrib.send.notsent import NotSent
from toolcrib.send.wording.message import Message
from toolcrib.settings import settings

if TYPE_CHECKING:
    from slack_sdk.web import WebClient
    from slack_sdk.webhook import WebhookClient

TIMEOUT_S = 4  # ten notices in a row still fit into the function's time
WEBHOOK = r"/services/[A-Za-z0-9_/-]{1,200}"
SLACK_HOOKS = "https://hooks.slack.com"  # nothing else is ever called through a configured URL (threat 30)
CODE = re.compile(r"[a-z_]{1,40}")
OK, TOO_MANY = 200, 429

_QUIET = logging.Logger("slack", level=logging.CRITICAL)  # the SDK's debug lines hold URLs and texts


def send(where: str, message: Message, *, person: bool) -> None:
    """Post `message` to a channel or a person's Slack id; raises `NotSent`."""
    offered = _offered()
    token, url = offered.get("bot_token"), offered.get("webhook_url")
    if token:
        _post(_bot(token, settings().slack_api_base), where, message)
    elif not url:
        raise NotSent("slack_not_set_up", unreachable=True)
    elif person:
        raise NotSent("slack_webhook_reaches_no_person", unreachable=True)
    else:
        _drop(_webhook(checked(url, settings().slack_api_base)), message)


def checked(url: str, base: str) -> str:
    """Return the webhook's URL if it is Slack's (or the configured stand-in's); raises `NotSent` otherwise."""
    if not re.fullmatch(re.escape((base or SLACK_HOOKS).rstrip("/")) + WEBHOOK, url):
        raise NotSent("slack_webhook_refused")
    return url


def _offered() -> dict[str, str]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return secrets.slack()
    except (BotoCoreError, ClientError, ValueError) as error:
        raise NotSent("slack_secret_unreadable") from error


@cache
def _bot(token: str, base: str) -> "WebClient":
    from toolcrib.send.slack_clients import Bot

    where = {"base_url": base.rstrip("/") + "/api/"} if base else {}
    return Bot(token=token, timeout=TIMEOUT_S, retry_handlers=[], logger=_QUIET, **where)


@cache
def _webhook(url: str) -> "WebhookClient":
    from toolcrib.send.slack_clients import Webhook

    return Webhook(url, timeout=TIMEOUT_S, retry_handlers=[], logger=_QUIET)


def _post(bot: "WebClient", where: str, message: Message) -> None:
    from slack_sdk.errors import SlackApiError

    try:
        bot.chat_postMessage(
            channel=where, text=message.summary, blocks=message.blocks, metadata=_metadata(message),
            mrkdwn=False, parse="none", link_names=False, unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
    except SlackApiError as error:
        _refused(error.response.status_code, str(error.response.get("error")), error.response.headers)
    except (OSError, HTTPException) as error:
        raise _unanswered(error) from error


def _drop(webhook: "WebhookClient", message: Message) -> None:
    try:
        answer = webhook.send(
            text=message.summary, blocks=message.blocks, metadata=_metadata(message),
            unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
    except (OSError, HTTPException) as error:
        raise _unanswered(error) from error
    if answer.status_code != OK or answer.body != "ok":
        _refused(answer.status_code, answer.body, answer.headers)


def _metadata(message: Message) -> dict[str, Any]:
    return {"event_type": "toolcrib_notice", "event_payload": dict(message.tags)}


def _refused(status: int, said: str, headers: dict[str, str]) -> NoReturn:
    """Translate what Slack said; only what looks like one of its error codes is kept."""
    wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    asked = timedelta(seconds=int(wait) if wait.isdecimal() else 0)
    if status == TOO_MANY:
        raise NotSent("slack_rate_limited", retry_after=asked)
    raise NotSent(f"slack_{said}" if CODE.fullmatch(said) else f"slack_http_{status}", retry_after=asked)


def _unanswered(error: Exception) -> NotSent:
    timeout = isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError)
    return NotSent("slack_timeout" if timeout else "slack_unreachable")
