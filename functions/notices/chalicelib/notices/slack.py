"""Slack, by bot token or by incoming webhook, whichever the secret offers.

A bot reaches people and channels. A webhook speaks to the one channel it was made for, so people are reached another
way.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from slack_sdk.errors import SlackApiError

from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording.message import Message
from toolcrib import secrets
from toolcrib.domain.notices import Posted
from toolcrib.send.slack_clients import bot, is_hook, webhook
from toolcrib.settings import settings

_WEBHOOK_PATH = r"/services/[A-Za-z0-9_/-]{1,200}"
_UNCHANGEABLE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""Only a change is answered so, and will be for ever."""
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


def send(where: str, message: Message, *, person: bool) -> Posted | None:
    """Post `message` to a channel or a person's Slack id; return where it is, None where it can not be changed there.

    Raises `NotSent`.
    """
    offered = _offered()
    token, url = offered.get("bot_token"), offered.get("webhook_url")
    if token:
        return _post(token, where, message)
    if not url:
        raise NotSent("slack_not_set_up", unreachable=True)
    if person:
        raise NotSent("slack_webhook_reaches_no_person", unreachable=True)
    _drop(checked(url, settings().slack_api_base), message)
    return None


def amend(posted: Posted, message: Message) -> None:
    """Put `message` where another one stands; raises `NotSent`, `unreachable` where nothing can be changed there."""
    token = _offered().get("bot_token")
    if not token:
        raise NotSent("slack_not_set_up", unreachable=True)
    ask = bot(token, settings().slack_api_base).chat_update
    with _translated():
        ask(
            channel=posted.channel,
            ts=posted.ts,
            text=message.summary,
            blocks=message.blocks,
            metadata=_metadata(message),
            parse="none",
            link_names=False,
        )


def checked(url: str, base: str) -> str:
    """Return the webhook's URL if it is Slack's, or its stand-in's at `base`; raises `NotSent` otherwise."""
    if not is_hook(url, _WEBHOOK_PATH, base):
        raise NotSent("slack_webhook_refused")
    return url


def _offered() -> Mapping[str, str]:
    try:
        return secrets.slack()
    except (BotoCoreError, ClientError, ValueError) as error:
        raise NotSent("slack_secret_unreadable") from error


def _post(token: str, where: str, message: Message) -> Posted | None:
    with _translated():
        answer = bot(token, settings().slack_api_base).chat_postMessage(
            channel=where,
            text=message.summary,
            blocks=message.blocks,
            metadata=_metadata(message),
            mrkdwn=False,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
    channel, ts = answer.get("channel"), answer.get("ts")
    return Posted(channel=channel, ts=ts) if isinstance(channel, str) and isinstance(ts, str) else None


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever the Web API answers but yes into `NotSent`."""
    try:
        yield
    except SlackApiError as error:
        said = error.response.data
        code = str(said.get("error")) if isinstance(said, dict) else ""
        _refused(error.response.status_code, code, error.response.headers)
    except (OSError, HTTPException) as error:
        raise _unanswered(error) from error


def _drop(url: str, message: Message) -> None:
    try:
        answer = webhook(url).send(
            text=message.summary,
            blocks=message.blocks,
            metadata=_metadata(message),
            unfurl_links=False,
            unfurl_media=False,
        )
    except (OSError, HTTPException) as error:
        raise _unanswered(error) from error
    if answer.status_code != HTTPStatus.OK or answer.body != "ok":
        _refused(answer.status_code, answer.body, answer.headers)


def _metadata(message: Message) -> dict[str, Any]:
    return {"event_type": "toolcrib_notice", "event_payload": dict(message.tags)}


def _refused(status: int, said: str, headers: Mapping[str, str]) -> NoReturn:
    """Translate what Slack said; only what looks like one of its error codes is kept."""
    wait = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    asked = timedelta(seconds=int(wait)) if re.fullmatch(r"\d{1,6}", wait, re.ASCII) else timedelta()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise NotSent("slack_rate_limited", retry_after=asked)
    if said in _UNCHANGEABLE:
        raise NotSent(f"slack_{said}", unreachable=True)
    raise NotSent(f"slack_{said}" if _ERROR_CODE.fullmatch(said) else f"slack_http_{status}", retry_after=asked)


def _unanswered(error: Exception) -> NotSent:
    timeout = isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError)
    return NotSent("slack_timeout" if timeout else "slack_unreachable")
