"""What the reader of a notice may press, in words short enough for a button."""

from collections.abc import Callable, Mapping
from typing import Final

from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Button
from toolcrib.domain.reactions import Reaction
from toolcrib.send.words.marks import sentence

LABELS: Final[Mapping[Reaction, str]] = {
    Reaction.ACKNOWLEDGE: sentence("I see to it"),
    Reaction.SNOOZE_HOUR: sentence("Again in an hour"),
    Reaction.SNOOZE_SHIFT: sentence("Again at the end of the shift"),
    Reaction.SNOOZE_TOMORROW: sentence("Again tomorrow"),
    Reaction.EXTEND: sentence("Extend the loan"),
    Reaction.REMIND: sentence("Remind the holder now"),
    Reaction.LOST: sentence("Declare it lost"),
    Reaction.CASE: sentence("Something is wrong: open a case"),
    Reaction.QUARANTINE: sentence("Take the door out of use"),
    Reaction.REPAIR: sentence("Do as proposed"),
    Reaction.APPROVE: sentence("Approve"),
    Reaction.REFUSE: sentence("Refuse"),
}

Link = Callable[[Reaction], str]
"""Returns where a reaction is confirmed, for one notice and one reader."""


def buttons(facts: Facts, link: Link | None) -> tuple[Button, ...]:
    """Return the buttons of a message in their order, with links where there are any."""
    return tuple(
        Button(reaction=each, label=facts.speech.say(LABELS[each]), link=link(each) if link else "")
        for each in facts.actions
    )


def done(facts: Facts) -> str:
    """Return who pressed what, when, and until when that holds; empty where nobody has."""
    acted = facts.notice.acted
    if acted is None or acted.reaction not in LABELS:
        return ""
    said = facts.speech.say(LABELS[Reaction(acted.reaction)])
    until = f" → {facts.speech.stamp(acted.until)}" if acted.until is not None else ""
    who = f"{facts.acted_by}: " if facts.acted_by else ""
    return f"✔ {who}{said} · {facts.speech.stamp(acted.at)}{until}"
