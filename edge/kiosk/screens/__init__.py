"""From state and facts to the view. Pure: the same facts make the same view, and time is only a number in it."""

import msgspec

from edge.display import Choosing, Message, Opening, Working
from edge.doors import Phase
from edge.kiosk.facts import Facts
from edge.kiosk.screens import asking, doors, faults, messages, resting
from edge.kiosk.screens.labels import labels
from edge.kiosk.speaking import NAMES, Speaker
from edge.kiosk.state import FORGET_MS, State
from edge.kiosk.view import View

THANKS_MS = 10_000  # nothing personal is left but a thing's name, and somebody else may want the reader
PATIENT = frozenset({"working", "opening", "open", "checking"})  # the person waits, or has their hands full


def view_of(state: State, facts: Facts) -> View:
    """Return what the screen shows."""
    speaker = Speaker(language_of(state, facts))
    view = _view(state, facts, speaker)
    forget_at_ms = None if forget_ms(state, facts) is None else state.touched_ms + (forget_ms(state, facts) or 0)
    languages = () if view.screen in PATIENT else tuple(NAMES.items())
    banner = resting.banner(facts, speaker)
    return msgspec.structs.replace(
        view, forget_at_ms=forget_at_ms, labels=labels(speaker), languages=languages, banner=banner
    )


def language_of(state: State, facts: Facts) -> str:
    """Return what is spoken: what was pressed, what the person's record says, what the bank begins with."""
    session = state.session
    return state.language or state.spoken or (facts.language if session is None else session.person.language)


def forget_ms(state: State, facts: Facts) -> int | None:
    """Return how long after the last touch everything is forgotten; None while nothing is, or a door is in use."""
    if facts.works and (isinstance(state.screen, Working) or _door_in_use(state, facts)):
        return None
    if state.draft is None and isinstance(state.screen, Message) and state.screen.level == "info":
        return THANKS_MS
    return None if state.is_fresh else FORGET_MS


def _view(state: State, facts: Facts, speaker: Speaker) -> View:
    if not facts.works:
        return resting.out_of_service(speaker)
    if state.draft is not None:
        return faults.view(state, state.draft, facts, speaker)
    match state.screen:
        case Working():
            return resting.working(speaker)
        case Choosing(session=session):
            return asking.view(state, session, speaker)
        case Opening(door=door) if facts.doors[door].phase is not Phase.CLOSED:
            return doors.in_use(door, state, facts, speaker)
        case Message() as message:
            return messages.view(message, state, facts, speaker)
        case _:
            return resting.idle(facts, speaker)


def _door_in_use(state: State, facts: Facts) -> bool:
    screen = state.screen
    return isinstance(screen, Opening) and facts.doors[screen.door].phase is not Phase.CLOSED
