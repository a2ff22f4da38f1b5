"""A message as Slack would take it, or refuse it, in Slack's words."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from infra.local.inbox.blocks import IN_MESSAGE, lines, parsed, plain
from infra.local.inbox.box import Entry, moment

TEXT_LENGTH = 40_000
CHANNEL = re.compile(r"[#@]?[\w.-]{1,80}")


class Refused(Exception):  # noqa: N818 - Slack's answer
    """What Slack says to a message it does not take."""


def told(message: Mapping[str, Any], at: float, ts: str | None = None) -> Entry:
    """Return a message as it is kept; raises `Refused` with Slack's error code for what Slack would not post."""
    channel, text = str(message.get("channel") or ""), str(message.get("text") or "")
    if not CHANNEL.fullmatch(channel):
        raise Refused("channel_not_found")
    if not text and not message.get("blocks"):
        raise Refused("no_text")
    if len(text) > TEXT_LENGTH:
        raise Refused("msg_too_long")
    tags = _tags(message.get("metadata"))
    return Entry(
        at=moment(at),
        to=channel,
        text=seen(message) or plain(text),
        raw={**message, "ts": ts or f"{at:.6f}"},
        loan=tags.get("loan"),
        step=tags.get("step"),
    )


def seen(message: Mapping[str, Any], most: int = IN_MESSAGE) -> str:
    """Return what a reader sees of the blocks, line by line; raises `Refused` where Slack would refuse them."""
    try:
        return "\n".join(lines(parsed(message.get("blocks"), most)))
    except msgspec.ValidationError:
        raise Refused("invalid_blocks") from None


class _Metadata(msgspec.Struct):
    event_type: str
    event_payload: dict[str, str | int | bool]


def _tags(metadata: Any) -> dict[str, Any]:
    try:
        return msgspec.convert(metadata, _Metadata).event_payload if metadata is not None else {}
    except msgspec.ValidationError:
        raise Refused("invalid_metadata_format") from None
