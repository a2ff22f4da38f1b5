"""A notice in words, ready for any channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.notices.wording.words import Button


@dataclass(frozen=True, kw_only=True)
class Message:
    """`subject`, `text` and `html` are the mail; `blocks` and `summary` (one line for the notification) are for Slack.

    `buttons` are what its reader may press, as Slack shows them; a mail's lead to where they are confirmed.
    `unsubscribe` is where a digest is ended with one click (RFC 8058), empty for what nobody unsubscribes from.
    `tags` (notice, loan or case, step) travel beside the words, so that a message can be traced to its record.
    """

    subject: str
    text: str
    html: str
    summary: str
    blocks: list[dict[str, Any]]
    buttons: tuple[Button, ...] = ()
    unsubscribe: str = ""
    tags: Mapping[str, str]
