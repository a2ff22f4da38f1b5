"""Sentences: the cloud's in the person's language as they came, the bank's own in words of the screen."""

from typing import Final

import msgspec

from edge import display
from edge.display import Message
from edge.doors import Phase
from edge.kiosk import acts
from edge.kiosk.acting import TOLD
from edge.kiosk.facts import Facts
from edge.kiosk.screens import doors, resting
from edge.kiosk.speaking import Speaker, sentence
from edge.kiosk.state import State
from edge.kiosk.view import Button, Tone, View, sent

REVOKED: Final = "bank_revoked"
TONES: Final[dict[str, Tone]] = {"info": "good", "warn": "warn", "error": "stop"}
OWN: Final = {  # what the bank says by itself: a heading, and what to do
    display.OFFLINE: ("offline", sentence("No connection"), sentence("Please try again in a minute.")),
    display.UNREADABLE: ("refused", sentence("That badge could not be read"), sentence("Please hold it there again.")),
    display.NO_ANSWER: ("refused", sentence("No answer came"), sentence("Please hold your badge there again.")),
    display.TOO_LATE: (
        "refused",
        sentence("The answer came too late"),
        sentence("Please hold your badge there again."),
    ),
    display.SESSION_OVER: ("refused", sentence("That took too long"), sentence("Please hold your badge there again.")),
    display.DOOR_JAMMED: (
        "jammed",
        sentence("The door is stuck"),
        sentence("Your supervisor is told. Hold your badge there again for another door."),
    ),
    display.NOT_OPENED: (
        "refused",
        sentence("The door stayed closed"),
        sentence("Hold your badge there again if you need it."),
    ),
    display.DOOR_STUCK_OPEN: (
        "left_open",
        sentence("That door stands open"),
        sentence("Please close it, then hold your badge there again."),
    ),
    display.DONE: ("thanks", sentence("Thank you"), sentence("The door is closed.")),
    TOLD: ("thanks", sentence("Thank you"), sentence("Your report is on its way.")),
}


def view(message: Message, state: State, facts: Facts, speaker: Speaker) -> View:
    """Show what was said, where it came from, and what can be done next."""
    if message.code == REVOKED:
        return resting.out_of_service(speaker)
    ajar = next((door for door in facts.doors if message == display.please_close(door)), None)
    if ajar is not None:
        still_open = facts.doors[ajar].phase is Phase.OPEN
        return doors.left_open(ajar, facts, speaker) if still_open else resting.idle(facts, speaker)
    if message in OWN:
        return _own(message, state, facts, speaker)
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


def _own(message: Message, state: State, facts: Facts, speaker: Speaker) -> View:
    screen, title, text = OWN[message]
    last = state.opened.door if screen == "jammed" and state.opened is not None else None
    icons = {"thanks": "good", "offline": "offline", "jammed": "jammed"}
    shown = View(
        screen=screen,
        language=speaker.language,
        at=message.code,
        tone=TONES.get(message.level, "warn"),
        icon=icons.get(screen, "again"),
        title=speaker.say(title),
        text=speaker.say(text),
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
