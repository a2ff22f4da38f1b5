"""The cabinet, drawn as it stands there, and the screens of a door in use: pull, close, checking, left open."""

from typing import Final

from edge.commands import Purpose
from edge.doors import Phase
from edge.kiosk import acts
from edge.kiosk.facts import DoorFact, Facts
from edge.kiosk.screens import own
from edge.kiosk.speaking import Speaker, sentence
from edge.kiosk.state import State
from edge.kiosk.view import Countdown, Door, Drawing, Look, View, sent
from edge.offline.dealings import LOCAL

STATES: Final[dict[Phase, Look]] = {
    Phase.CLOSED: "shut",
    Phase.UNLOCKED: "ready",
    Phase.OPEN: "open",
    Phase.READING: "shut",
}
WHAT_TO_DO: Final = {
    Purpose.TAKE: sentence("Take it out, then close the door."),
    Purpose.COLLECT: sentence("Take it out, then close the door."),
    Purpose.RETURN: sentence("Put it in, then close the door."),
    Purpose.DEPOSIT: sentence("Put it in, then close the door."),
    Purpose.SERVICE: sentence("Close the door when you are done."),
}


def in_use(number: int, state: State, facts: Facts, speaker: Speaker) -> View:
    """Show which door, what to do, and how long there is."""
    door, drawn = facts.doors[number], drawing(facts, speaker, mine=number)
    match door.phase:
        case Phase.UNLOCKED:
            return View(
                screen="opening",
                language=speaker.language,
                tone="go",
                title=speaker.say("Pull door {door}", door=number),
                text=_what(state, speaker),
                drawing=drawn,
                countdown=_countdown(door, facts.windows.open_ms, speaker.say("to open it")),
            )
        case Phase.OPEN:
            purpose = state.opened.purpose if state.opened is not None else Purpose.SERVICE
            return View(
                screen="open",
                language=speaker.language,
                tone="go",
                title=speaker.say("Door {door} is open", door=number),
                text=speaker.say(WHAT_TO_DO[purpose]),
                drawing=drawn,
                countdown=_countdown(door, facts.windows.close_ms, speaker.say("to close it")),
            )
        case _:
            return View(
                screen="checking",
                language=speaker.language,
                icon="working",
                title=speaker.say("Checking"),
                text=speaker.say("Door {door} is closed. One moment.", door=number),
                drawing=drawn,
            )


def left_open(number: int, facts: Facts, speaker: Speaker) -> View:
    """Ask for a door to be closed."""
    return View(
        screen="left_open",
        language=speaker.language,
        tone="warn",
        title=speaker.say("Please close door {door}", door=number),
        text=speaker.say("It still stands open. Push it until it clicks."),
        drawing=drawing(facts, speaker, mine=number),
    )


def drawing(facts: Facts, speaker: Speaker, *, mine: int | None = None, pickable: bool = False) -> Drawing:
    """Draw the cabinet; `mine` is the door it is about, `pickable` lets each be pressed (to say which is broken)."""
    columns = tuple(tuple(_door(each, facts, speaker, mine, pickable) for each in column) for column in facts.columns)
    return Drawing(columns=columns, label=_where(mine, facts, speaker))


def _door(number: int, facts: Facts, speaker: Speaker, mine: int | None, pickable: bool) -> Door:  # noqa: FBT001
    door = facts.doors.get(number, DoorFact())
    return Door(
        number=number,
        state="fault" if door.fault and door.phase is Phase.CLOSED else STATES[door.phase],
        mine=number == mine,
        act=sent(acts.About(door=number)) if pickable else None,
        name=speaker.say("Door {door}", door=number),
    )


def _where(mine: int | None, facts: Facts, speaker: Speaker) -> str:
    """Say where a door is, for who does not see the drawing."""
    for place, column in enumerate(facts.columns, 1):
        if mine in column:
            row = column.index(mine) + 1
            return speaker.say(
                "Door {door}: column {column} from the left, number {row} from the top.",
                door=mine,
                column=place,
                row=row,
            )
    return speaker.say("The doors of this bank")


def _what(state: State, speaker: Speaker) -> str:
    opened = state.opened
    if opened is None or opened.option is None:
        return speaker.say("It is unlocked.")
    by_bank = opened.grant.startswith(LOCAL)
    return own.option_title(opened.option, speaker) if by_bank else opened.option.title


def _countdown(door: DoorFact, of_ms: int, label: str) -> Countdown | None:
    return None if door.until_ms is None else Countdown(until_ms=door.until_ms, of_ms=of_ms, label=label)
