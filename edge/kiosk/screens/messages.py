"""Sentences: the cloud's in the person's language as they came, the bank's own in words of the screen."""

from typing import Final

import msgspec

from edge import display
from edge.display import Message
from edge.doors import Phase
from edge.kiosk import acts
from edge.kiosk.acting import TOLD
from edge.kiosk.facts import Facts
from edge.kiosk.screens import doors, own, resting
from edge.kiosk.speaking import Speaker
from edge.kiosk.state import State
from edge.kiosk.view import Button, Tone, View, sent

REVOKED: Final = "bank_revoked"
TONES: Final[dict[str, Tone]] = {"info": "good", "warn": "warn", "error": "stop"}


def view(message: Message, state: State, facts: Facts, speaker: Speaker) -> View:
    """Show what was said, where it came from, and what can be done next."""
    if message.code == REVOKED:
        return resting.out_of_service(speaker)
    ajar = next((door for door in facts.doors if message == display.please_close(door)), None)
    if ajar is not None:
        still_open = facts.doors[ajar].phase is Phase.OPEN
        return doors.left_open(ajar, facts, speaker) if still_open else resting.idle(facts, speaker)
    worded = own.worded(message)
    if worded is not None:
        return _own(message, worded, state, facts, speaker)
    good = message.level == "info"
    shown = View(
        screen="thanks" if good else "refused",
        language=speaker.language,
        at=message.text,
        tone=TONES.get(message.level, "warn"),
        icon="good" if good else "no",
        title=speaker.say("Thank you") if good else speaker.say("That is not possible right now"),
        text=message.text,
    )
    return msgspec.structs.replace(shown, buttons=_next(state, shown, speaker))


def _own(message: Message, worded: own.Own, state: State, facts: Facts, speaker: Speaker) -> View:
    screen = worded.screen
    last = state.opened.door if screen == "jammed" and state.opened is not None else None
    shown = View(
        screen=screen,
        language=speaker.language,
        at=message.code,
        tone="warn" if screen == "offline" else TONES.get(message.level, "warn"),
        icon=worded.icon,
        title=speaker.say(worded.title),
        text=speaker.say(worded.text, **worded.facts),
        drawing=None if last is None else doors.drawing(facts, speaker, mine=last),
    )
    due_at = _due(state) if message == display.DONE else None  # the cloud's own word, which follows, says it in full
    return msgspec.structs.replace(shown, buttons=_next(state, shown, speaker), due_at=due_at)


def _next(state: State, shown: View, speaker: Speaker) -> tuple[Button, ...]:
    buttons: list[Button] = []
    if shown.screen == "thanks" and state.opened is not None and state.screen != TOLD:
        buttons.append(Button(label=speaker.say("Something is wrong with it"), act=sent(acts.Fault()), look="quiet"))
    if state.session is not None and shown.screen == "refused":
        buttons.append(Button(label=speaker.say("Choose something else"), act=sent(acts.Back())))
    return (*buttons, Button(label=speaker.say("Done"), act=sent(acts.Leave()), look="primary"))


def _due(state: State) -> str | None:
    option = None if state.opened is None else state.opened.option
    return option.due_at if option is not None and option.kind == "take" else None
