"""Words as Slack blocks: plain text only, escaped and capped, so that no name ever becomes markup (threat 27).

Slack decodes `&amp;`, `&lt;` and `&gt;` in every text object; whatever people typed arrives as they typed it.
"""

from html import escape
from itertools import accumulate
from typing import Any

from chalicelib.notices.wording.words import Tone, Words

HEADER_LENGTH, SECTION_LENGTH, FIELD_LENGTH, CONTEXT_LENGTH, SUMMARY_LENGTH = 150, 3000, 2000, 2000, 3000  # Slack's
MAX_FIELDS = 10  # Slack's

SIGNS = {Tone.REMINDER: "🔔", Tone.LATE: "⏰", Tone.CHECK: "🔎", Tone.ALARM: "🚨"}


def blocks(words: Words) -> list[dict[str, Any]]:
    """Return the message as header, lead, facts, what to do, and the small print."""
    rows = [_plain(f"{label}\n{value}", FIELD_LENGTH) for label, value in words.rows[:MAX_FIELDS]]
    steps = "\n".join(f"•  {step}" for step in words.steps)
    return [
        {"type": "header", "text": _plain(f"{SIGNS[words.tone]} {words.headline}", HEADER_LENGTH)},
        {"type": "section", "text": _plain(words.lead, SECTION_LENGTH)},
        {"type": "section", "fields": rows},
        {"type": "section", "text": _plain(steps, SECTION_LENGTH)},
        {"type": "context", "elements": [_plain(f"{words.why} {words.reference}", CONTEXT_LENGTH)]},
    ]


def summary(words: Words) -> str:
    """Return the line a phone shows."""
    return fitted(f"{words.headline}. {words.lead}", SUMMARY_LENGTH)


def fitted(text: str, limit: int) -> str:
    """Return `text` escaped and, with an ellipsis, no longer than `limit` as Slack counts; entities stay whole."""
    pieces = [escape(character, quote=False) for character in text]
    lengths = list(accumulate(map(len, pieces)))
    if not lengths or lengths[-1] <= limit:
        return "".join(pieces)
    return "".join(piece for piece, length in zip(pieces, lengths, strict=True) if length < limit) + "…"


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": fitted(text, limit), "emoji": False}
