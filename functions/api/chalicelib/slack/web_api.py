"""Asking Slack: the bot's client, and the one-time address at which a press or a command is answered."""

from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient

from toolcrib import secrets
from toolcrib.send.slack_clients import bot, is_hook, webhook
from toolcrib.send.slack_text import SECTION_LENGTH, fitted
from toolcrib.settings import settings
from toolcrib.telemetry import logger

_ANSWER_PATH: Final = r"/(actions|commands|app|services)/[A-Za-z0-9_/-]{1,300}"


def client() -> WebClient:
    """Return the bot's client."""
    return bot(str(secrets.slack().get("bot_token") or ""), settings().slack_api_base)


def whisper(url: Any, text: str, blocks: list[dict[str, Any]] | None = None) -> bool:
    """Answer so that only whoever asked sees it; returns whether Slack has taken it. Raises nothing of Slack's."""
    if not isinstance(url, str) or not is_hook(url, _ANSWER_PATH, settings().slack_api_base):
        return False
    try:
        said = webhook(url).send(
            text=fitted(text, SECTION_LENGTH), blocks=blocks, response_type="ephemeral", replace_original=False
        )
    except (OSError, HTTPException, SlackApiError) as error:
        logger().error("slack", extra={"outcome": "not_answered", "code": type(error).__name__})
        return False
    return bool(said.status_code == HTTPStatus.OK)
