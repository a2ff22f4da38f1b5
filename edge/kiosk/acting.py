"""What a person does at the screen: the next state, and what is asked of the bank. Pure; a PIN is a token on return."""

from dataclasses import replace
from itertools import pairwise

import msgspec

from edge.config import BadgeKey
from edge.display import Choosing, Message
from edge.kiosk import acts
from edge.kiosk.asking import choice_of, picked, questions_for, stage_of
from edge.kiosk.speaking import sentence
from edge.kiosk.state import Draft, Stage, State, Step
from edge.tokens import pin_token
from edge.uploads import Choice, FaultReport

TOLD = Message(level="info", code="fault_told", text="Thank you. Your report is on its way.")
TOO_EASY = sentence("That one is too easy to guess. Please choose another.")
NOT_THE_SAME = sentence("That was not the same. Please choose your new PIN again.")


class Left:
    """Ask the bank to forget whoever stood there."""


Wanted = Choice | FaultReport | Left
Moved = tuple[State, Wanted | None]


def acted(state: State, act: acts.Done, key: BadgeKey) -> Moved:
    """Return what comes of an act; one that does not fit what is on the screen changes nothing."""
    match act:
        case acts.Leave():
            return State(reports=state.reports), Left()
        case acts.Back():
            return _back(state)
        case acts.Speak(language=language):
            return replace(state, language=language), None
        case acts.Touch():
            return state, None
        case acts.Fault() | acts.About() | acts.Kind() | acts.Describe():
            return _told(state, act)
        case _:
            return _asked(state, act, key)


def stage_now(state: State) -> Stage | None:
    """Return what the screen asks for at this moment."""
    if state.step is None or state.session is None or state.step.sent or not isinstance(state.screen, Choosing):
        return None
    return stage_of(state.step, state.session)


def too_easy(digits: str) -> bool:
    """Whether a PIN is among the first that anybody tries: runs and repetitions. The cloud sees its token only."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    block = next(size for size in range(1, len(digits) + 1) if digits == (digits[:size] * len(digits))[: len(digits)])
    return len(steps) == 1 or block <= len(digits) // 2


def _back(state: State) -> Moved:
    draft = state.draft
    if draft is not None:
        if draft.what is not None:
            return replace(state, draft=replace(draft, what=None)), None
        return replace(state, draft=Draft() if draft.has_subject else None), None
    if state.session is not None:
        return replace(state, step=None, screen=Choosing(session=state.session)), None
    return State(reports=state.reports), Left()


def _pick(state: State, option_id: str | int) -> Moved:
    option = None if state.session is None else picked(state.session, option_id)
    if option is None or state.step is not None or not isinstance(state.screen, Choosing):
        return state, None
    return _go_on(state, Step(option=option))


def _asked(state: State, act: acts.Done, key: BadgeKey) -> Moved:
    """Take what was given to the session on the screen."""
    match act:
        case acts.Pick(option=option):
            return _pick(state, option)
        case acts.Pin(digits=digits):
            return _typed(state, digits, key)
        case acts.Accept():
            return _accepted(state)
        case acts.Decline() | acts.AskOthers():
            return _as_it_is(state, act)
        case acts.Answer(answers=answers):
            return _answered(state, answers)
        case _:
            return state, None


def _go_on(state: State, step: Step) -> Moved:
    """Ask for what is missing, or send the choice."""
    if state.session is None:
        return state, None
    if stage_of(step, state.session) is not None:
        return replace(state, step=step), None
    return _sent(state, step)


def _sent(state: State, step: Step) -> Moved:
    if state.session is None:
        return state, None
    return replace(state, step=replace(step, sent=True, wrong="")), choice_of(step, state.session)


def _typed(state: State, digits: str, key: BadgeKey) -> Moved:
    step, stage, token = state.step, stage_now(state), pin_token(digits, key)
    if step is None or stage not in {Stage.PIN, Stage.NEW_PIN, Stage.REPEAT_PIN}:
        return state, None
    if stage is Stage.PIN:
        return _go_on(state, replace(step, pin=token, wrong=""))
    if stage is Stage.NEW_PIN and too_easy(digits):
        return replace(state, step=replace(step, wrong=TOO_EASY)), None
    if stage is Stage.NEW_PIN:
        return replace(state, step=replace(step, once=token, wrong="")), None
    if token != step.once:
        return replace(state, step=replace(step, once=None, wrong=NOT_THE_SAME)), None
    return _go_on(state, replace(step, new_pin=token, once=None, wrong=""))


def _accepted(state: State) -> Moved:
    if state.step is None or stage_now(state) is not Stage.TERMS:
        return state, None
    terms = None if state.session is None else state.session.terms
    return (state, None) if terms is None else _go_on(state, replace(state.step, terms_sha256=terms.sha256))


def _as_it_is(state: State, act: acts.Decline | acts.AskOthers) -> Moved:
    """Send the choice without what is missing: the cloud asks others, or notes that the terms were declined."""
    fits = Stage.TERMS if isinstance(act, acts.Decline) else Stage.AUTHORISER
    if state.step is None or stage_now(state) is not fits:
        return state, None
    return _sent(state, state.step)


def _answered(state: State, answers: dict[str, str | bool]) -> Moved:
    if state.step is None or state.session is None or stage_now(state) is not Stage.ANSWERS:
        return state, None
    asked = questions_for(state.step.option, state.session)
    known = {each.id: answers[each.id] for each in asked if each.id in answers and answers[each.id] != ""}
    if state.step.option.kind == "take" and any(each.required and each.id not in known for each in asked):
        return state, None  # the page does not let it come so far; a return is never held up (rules.md, law 1)
    return _go_on(state, replace(state.step, answers=known))


def _told(state: State, act: acts.Fault | acts.About | acts.Kind | acts.Describe) -> Moved:
    draft = state.draft
    if isinstance(act, acts.Fault):
        return replace(state, draft=Draft()), None
    if draft is None:
        return state, None
    match act:
        case acts.About(door=door):
            about_thing = door is None and state.opened is not None
            return replace(state, draft=replace(draft, about_door=door, about_thing=about_thing)), None
        case acts.Kind(what=what) if draft.has_subject:
            return replace(state, draft=replace(draft, what=what)), None
        case acts.Describe() if draft.has_subject and draft.what is not None:
            return replace(state, draft=None, step=None, screen=TOLD), _report(state, draft, act)
    return state, None


def _report(state: State, draft: Draft, act: acts.Describe) -> FaultReport:
    door, opened = draft.about_door, state.opened
    return FaultReport(
        severity=act.severity,
        door=msgspec.UNSET if door is None else door,
        grant=opened.grant if door is None and opened is not None else msgspec.UNSET,
        answers={"what": draft.what},
        text=act.text.strip(),
        photo=act.photo,
        session=msgspec.UNSET if state.session is None else state.session.session,
    )
