"""Text for Slack: plain and escaped, so that no name becomes a mention, a link or a style (threat 27)."""

import re
from html import escape
from itertools import accumulate
from typing import Any, Final

NAME_LENGTH: Final = 80
SECTION_LENGTH: Final = 3000  # Slack's, like those that follow
HEADER_LENGTH: Final = 150
FIELD_LENGTH: Final = 2000
CONTEXT_LENGTH: Final = 2000
BUTTON_LENGTH: Final = 75
# Control characters, line and paragraph separators, lone surrogates, and marks that turn the reading direction.
_UNSHOWABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def shown(text: str | None, limit: int = NAME_LENGTH) -> str:
    """Return what people typed as one short line without anything invisible in it."""
    line = " ".join(_UNSHOWABLE.sub(" ", text or "").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def fitted(text: str, limit: int) -> str:
    """Return `text` escaped and, with an ellipsis, no longer than `limit` as Slack counts; entities stay whole."""
    pieces = [escape(character, quote=False) for character in text]
    lengths = list(accumulate(map(len, pieces)))
    if not lengths or lengths[-1] <= limit:
        return "".join(pieces)
    return "".join(piece for piece, length in zip(pieces, lengths, strict=True) if length < limit) + "…"


def plain(text: str, limit: int = SECTION_LENGTH) -> dict[str, Any]:
    """Return a text object that Slack shows as it is."""
    return {"type": "plain_text", "text": fitted(text, limit), "emoji": False}


def header(text: str) -> dict[str, Any]:
    """Return a headline."""
    return {"type": "header", "text": plain(text, HEADER_LENGTH)}


def section(text: str) -> dict[str, Any]:
    """Return a paragraph."""
    return {"type": "section", "text": plain(text)}


def context(text: str) -> dict[str, Any]:
    """Return the small print."""
    return {"type": "context", "elements": [plain(text, CONTEXT_LENGTH)]}


def sections(lines: list[str]) -> list[dict[str, Any]]:
    """Return lines as paragraphs, each on its own."""
    return [section(line) for line in lines]
