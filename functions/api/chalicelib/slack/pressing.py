"""A button was pressed: what it stands for is done as the person who pressed it, or they are told why not."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.flows.react import Reacted, react
from chalicelib.slack import web_api
from chalicelib.slack.who import principal_of
from toolcrib.domain.ids import derived
from toolcrib.domain.reactions import Reaction
from toolcrib.settings import settings
from toolcrib.telemetry import logger

_VALUE: Final = re.compile(r"(?P<org>[^/]{1,64})/(?P<notice>[A-Za-z0-9._-]{1,64})", re.ASCII)

NOBODY: Final = (
    "Toolcrib does not know who you are. Your Slack account is linked by its mail address: ask an administrator to "
    "enter the one that Slack has verified, or your Slack member id."
)
FAILED: Final = "Something failed here, and it is not known whether it took effect. Please press again."
UNKNOWN: Final = "This message is not from here, or too old."


def press(body: dict[str, Any], context: dict[str, Any]) -> None:
    """Do what the button stands for; whoever pressed hears of it only where it was not done.

    What is done is noted on the notice, and its message changes for everybody.
    """
    action, user = body["actions"][0], body["user"]["id"]
    url = body.get("response_url")
    value = _VALUE.fullmatch(str(action.get("value") or ""))
    org, now = settings().toolcrib_org, moment(context)
    if value is None or value["org"] != org:
        web_api.whisper(url, UNKNOWN)
        return
    by = principal_of(org, user, web_api.client(), now)
    if by is None:
        web_api.whisper(url, NOBODY)
        return
    cause = (org, user, str(action.get("action_ts")), value["notice"], action["action_id"])
    op = derived("slack", *cause)
    said = react(by, value["notice"], Reaction(action["action_id"]), op=op, now=now)
    outcome = action["action_id"] if said.done else said.code
    logger().info("slack", extra={"org": org, "op": op, "principal": by.subject, "outcome": outcome})
    if not said.done:
        web_api.whisper(url, why_not(said))


def why_not(said: Reacted) -> str:
    """Return why something was not done, and what to do next, in a sentence or two."""
    return " ".join(filter(None, (f"That was not done: {_ended(said.detail or said.code)}", _ended(said.advice))))


def tell_failed(body: dict[str, Any]) -> None:
    """Say that something broke, where there is a way to say it."""
    web_api.whisper(body.get("response_url"), FAILED)


def moment(context: dict[str, Any]) -> datetime:
    """Return when the gateway had the request; the same in both halves of it, and in a repeat."""
    epoch_ms = context["chalice_request"]["context"]["requestTimeEpoch"]
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)


def _ended(sentence: str) -> str:
    return sentence if not sentence or sentence.endswith((".", "!", "?")) else f"{sentence}."
