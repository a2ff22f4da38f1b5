"""A notice in words, ready for any channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Message:
    """`subject`, `text` and `html` are the mail; `blocks` and `summary` (one line for the notification) are for Slack.

    `tags` (notice, loan or case, step) travel beside the words, so that a message can be traced to its record.
    """

    subject: str
    text: str
    html: str
    summary: str
    blocks: list[dict[str, Any]]
    tags: Mapping[str, str]
