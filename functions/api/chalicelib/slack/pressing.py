"""A button was pressed: what it stands for is done as the person who pressed it, or they are told why not."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.flows.react import react
from chalicelib.slack import seeing, web_api, words
from chalicelib.slack.who import known_as
from chalicelib.slack.words import say
from toolcrib.domain.ids import derived
from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.reactions import Reaction
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import WORDS, said
from toolcrib.settings import settings
from toolcrib.telemetry import logger

_VALUE: Final = re.compile(r"(?P<org>[^/]{1,64})/(?P<notice>[A-Za-z0-9._-]{1,64})", re.ASCII)

NOBODY: Final = (
    "Toolcrib does not know who you are. Your Slack account is linked by its mail address: ask an administrator to "
    "enter the one that Slack has verified, or your Slack member id."
)
FAILED: Final = "Something failed here, and it is not known whether it took effect. Please press again."


def press(body: dict[str, Any], context: dict[str, Any]) -> None:
    """Do what the button stands for; whoever pressed hears of it only where it was not done.

    What is done is noted on the notice, and its message changes for everybody.
    """
    action, user = body["actions"][0], body["user"]["id"]
    url = body.get("response_url")
    value = _VALUE.fullmatch(str(action.get("value") or ""))
    org, now = settings().toolcrib_org, moment(context)
    if value is None or value["org"] != org:
        web_api.whisper(url, words.UNKNOWN)
        return
    known = known_as(org, user, web_api.client(), now)
    if known is None:
        web_api.whisper(url, NOBODY)
        return
    cause = (org, user, str(action.get("action_ts")), value["notice"], action["action_id"])
    op = derived("slack", *cause)
    reacted = react(known.by, value["notice"], Reaction(action["action_id"]), op=op, now=now)
    outcome = action["action_id"] if reacted.done else reacted.code
    logger().info("slack", extra={"org": org, "op": op, "principal": known.by.subject, "outcome": outcome})
    if not reacted.done:
        how = seeing.reader(known, now)
        web_api.whisper(url, not_done(reacted.code, how, says=reacted.says, facts=reacted.facts))


def not_done(code: str, how: Reader, *, says: str | None = None, facts: Mapping[str, Fact] | None = None) -> str:
    """Return why something was not done, and what to do next: where a rule refused, in the words of a bank."""
    key = next((each for each in (says, code) if each in WORDS), None)
    why = said(key, facts or {}, how) if key is not None else say(words.WHY.get(code, words.OTHERWISE), how)
    return say(words.NOT_DONE, how, why=why)


def tell_failed(body: dict[str, Any]) -> None:
    """Say that something broke, where there is a way to say it."""
    web_api.whisper(body.get("response_url"), FAILED)


def moment(context: dict[str, Any]) -> datetime:
    """Return when the gateway had the request; the same in both halves of it, and in a repeat."""
    epoch_ms = context["chalice_request"]["context"]["requestTimeEpoch"]
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)
