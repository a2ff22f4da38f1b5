"""Words as Slack blocks: plain text only, escaped and capped, so that no name ever becomes markup (threat 27).

Slack decodes `&amp;`, `&lt;` and `&gt;` in every text object; whatever people typed arrives as they typed it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.notices.wording.words import Button, Tone, Words
from toolcrib.domain.reactions import Reaction
from toolcrib.send.slack_text import (
    BUTTON_LENGTH,
    FIELD_LENGTH,
    SECTION_LENGTH,
    context,
    fitted,
    header,
    plain,
    section,
)

MAX_FIELDS = 10  # Slack's
LINES = 10  # of a block's 3,000 characters, escaped
ASK_LENGTH, YES_LENGTH, MAX_BUTTONS = 300, 30, 25  # Slack's
NO = "✕"  # the same in every language

STYLES = {
    Reaction.ACKNOWLEDGE: "primary",
    Reaction.APPROVE: "primary",
    Reaction.LOST: "danger",
    Reaction.QUARANTINE: "danger",
    Reaction.REFUSE: "danger",
}
ASKED_AGAIN = frozenset({Reaction.LOST, Reaction.QUARANTINE, Reaction.CASE, Reaction.REPAIR})
"""What a thumb that slips must not do."""

SIGNS = {Tone.REMINDER: "🔔", Tone.LATE: "⏰", Tone.CHECK: "🔎", Tone.ALARM: "🚨"}


def blocks(words: Words, buttons: tuple[Button, ...] = (), *, value: str = "", done: str = "") -> list[dict[str, Any]]:
    """Return the message as header, lead, facts, what to do, what may be pressed, who did what, and the small print.

    `value` comes back with whatever is pressed: the org and the notice.
    """
    rows = [plain(f"{label}\n{value}", FIELD_LENGTH) for label, value in words.rows[:MAX_FIELDS]]
    pressable = [_button(each, words, value) for each in buttons[:MAX_BUTTONS]]
    return [
        header(f"{SIGNS[words.tone]} {words.headline}"),
        section(words.lead),
        *([{"type": "section", "fields": rows}] if rows else []),
        *_steps(words.steps),
        *([{"type": "actions", "elements": pressable}] if pressable else []),
        *([context(done)] if done else []),
        context(f"{words.why} {words.reference}"),
    ]


def summary(words: Words) -> str:
    """Return the line a phone shows."""
    return fitted(f"{words.headline}. {words.lead}", SECTION_LENGTH)


def _steps(steps: Sequence[str]) -> Iterator[dict[str, Any]]:
    for begin in range(0, len(steps), LINES):
        yield section("\n".join(f"•  {step}" for step in steps[begin : begin + LINES]))


def _button(button: Button, words: Words, value: str) -> dict[str, Any]:
    """Return a button; Slack asks once more before the grave ones."""
    style = {"style": STYLES[button.reaction]} if button.reaction in STYLES else {}
    ask = {
        "title": plain(button.label, BUTTON_LENGTH),
        "text": plain(words.headline, ASK_LENGTH),
        "confirm": plain(button.label, YES_LENGTH),
        "deny": plain(NO, YES_LENGTH),
    }
    return {
        "type": "button",
        "action_id": str(button.reaction),
        "value": value,
        "text": plain(button.label, BUTTON_LENGTH),
        **style,
        **({"confirm": ask} if button.reaction in ASKED_AGAIN else {}),
    }
