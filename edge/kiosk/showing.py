"""A new screen of the bank: what becomes of the person's time at the kiosk. Pure."""

from dataclasses import replace
from typing import Final

from edge.display import Choosing, Idle, Message, Opening, Screen, Working
from edge.kiosk.asking import choice_of, picked, stage_of
from edge.kiosk.state import Opened, State, Step
from edge.messages import Session
from edge.uploads import Choice

PIN_AGAIN: Final = frozenset({"pin_wrong", "pin_change_required"})
PHOTO_WANTED: Final = "photo_wanted"  # the screen has taken it before the cloud asks


def shown(state: State, screen: Screen, language: str | None = None) -> tuple[State, Choice | None]:
    """Return the next state, and the choice to send where nothing is left to ask.

    `language` is that of the person, where the bank knows it without a session.
    """
    now, choice = _shown(state, screen)
    if language is None or now.session is not None:
        return now, choice
    return replace(now, spoken=language), choice


def _shown(state: State, screen: Screen) -> tuple[State, Choice | None]:
    match screen:
        case Idle():
            return State(reports=state.reports), None
        case Working():
            return replace(state, screen=screen, draft=None), None
        case Choosing(session=session):
            return _session(state, session)
        case Opening(door=door, purpose=purpose, grant=grant):
            option = None if state.step is None else state.step.option
            opened = Opened(door=door, purpose=purpose, grant=grant, option=option)
            speaks = state.spoken if state.session is None else state.session.person.language
            now = replace(state, screen=screen, opened=opened, session=None, step=None, draft=None, spoken=speaks)
            return now, None
        case Message():
            return _message(state, screen), None


def _session(state: State, session: Session) -> tuple[State, Choice | None]:
    """Go on with what was picked where the cloud asks for more of it; else let the person choose."""
    before, step = state.session, state.step
    same_person = before is not None and before.person == session.person
    now = replace(
        state, screen=Choosing(session=session), session=session, step=None, draft=None, opened=None, spoken=None
    )
    if not same_person and step is None:
        return replace(now, language=None if before is not None else state.language), None
    carried = _carried(step, session, same_person=same_person)
    if carried is None or step is None:
        return now, None
    if stage_of(carried, session) is not None:
        return replace(now, step=carried), None
    if step.sent:  # it was given all that can be asked, and is asked again: let the person see
        return now, None
    return replace(now, step=replace(carried, sent=True)), choice_of(carried, session)


def _carried(step: Step | None, session: Session, *, same_person: bool) -> Step | None:
    """Return the step in the next session: the same option, or the only one of whoever it is handed to."""
    if step is None:
        return None
    option = picked(session, step.option.option)
    if same_person and option is not None:
        return replace(step, option=option, wrong="", sent=False)
    handed_on = step.option.kind == "handover" and len(session.options) == 1
    return Step(option=session.options[0]) if handed_on else None


def _message(state: State, message: Message) -> State:
    is_about_report = message.re is not None and message.re in state.reports
    if is_about_report and (message.code == PHOTO_WANTED or isinstance(state.screen, Working | Choosing)):
        return state  # somebody else stands there by now: it is not for them
    step, session = state.step, state.session
    if message.code in PIN_AGAIN and step is not None and session is not None and step.sent:
        again = replace(step, pin=None, new_pin=None, once=None, wrong=message.text, sent=False)
        return replace(state, screen=Choosing(session=session), step=again)
    keeps = session if message.re is not None and not is_about_report else None
    draft = state.draft if is_about_report and message.level == "info" else None  # thanks interrupt nobody
    return replace(state, screen=message, step=None, draft=draft, session=keeps)
