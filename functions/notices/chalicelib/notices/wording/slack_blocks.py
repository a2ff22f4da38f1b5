"""Words as Slack blocks: plain text only, escaped and capped, so that no name ever becomes markup (threat 27).

Slack decodes `&amp;`, `&lt;` and `&gt;` in every text object; whatever people typed arrives as they typed it.
"""

from html import escape
from itertools import accumulate
from typing import Any

from chalicelib.notices.wording.words import Button, Tone, Words
from toolcrib.domain.reactions import Reaction

HEADER_LENGTH, SECTION_LENGTH, FIELD_LENGTH, CONTEXT_LENGTH, SUMMARY_LENGTH = 150, 3000, 2000, 2000, 3000  # Slack's
MAX_FIELDS = 10  # Slack's
BUTTON_LENGTH, ASK_LENGTH, YES_LENGTH, MAX_BUTTONS = 75, 300, 30, 25  # Slack's
NO = "✕"  # the same in every language

STYLES = {
    Reaction.ACKNOWLEDGE: "primary",
    Reaction.APPROVE: "primary",
    Reaction.LOST: "danger",
    Reaction.QUARANTINE: "danger",
    Reaction.REFUSE: "danger",
}
ASKED_AGAIN = frozenset({Reaction.LOST, Reaction.QUARANTINE, Reaction.CASE})
"""What a thumb that slips must not do."""

SIGNS = {Tone.REMINDER: "🔔", Tone.LATE: "⏰", Tone.CHECK: "🔎", Tone.ALARM: "🚨"}


def blocks(words: Words, buttons: tuple[Button, ...] = (), *, value: str = "", done: str = "") -> list[dict[str, Any]]:
    """Return the message as header, lead, facts, what to do, what may be pressed, who did what, and the small print.

    `value` comes back with whatever is pressed: the org and the notice.
    """
    rows = [_plain(f"{label}\n{value}", FIELD_LENGTH) for label, value in words.rows[:MAX_FIELDS]]
    steps = "\n".join(f"•  {step}" for step in words.steps)
    pressable = [_button(each, words, value) for each in buttons[:MAX_BUTTONS]]
    return [
        {"type": "header", "text": _plain(f"{SIGNS[words.tone]} {words.headline}", HEADER_LENGTH)},
        {"type": "section", "text": _plain(words.lead, SECTION_LENGTH)},
        {"type": "section", "fields": rows},
        {"type": "section", "text": _plain(steps, SECTION_LENGTH)},
        *([{"type": "actions", "elements": pressable}] if pressable else []),
        *([{"type": "context", "elements": [_plain(done, CONTEXT_LENGTH)]}] if done else []),
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


def _button(button: Button, words: Words, value: str) -> dict[str, Any]:
    """Return a button; Slack asks once more before the grave ones."""
    style = {"style": STYLES[button.reaction]} if button.reaction in STYLES else {}
    ask = {
        "title": _plain(button.label, BUTTON_LENGTH),
        "text": _plain(words.headline, ASK_LENGTH),
        "confirm": _plain(button.label, YES_LENGTH),
        "deny": _plain(NO, YES_LENGTH),
    }
    return {
        "type": "button",
        "action_id": str(button.reaction),
        "value": value,
        "text": _plain(button.label, BUTTON_LENGTH),
        **style,
        **({"confirm": ask} if button.reaction in ASKED_AGAIN else {}),
    }
