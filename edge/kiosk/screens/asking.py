"""The screens of a session: the choice, and what an option still needs."""

from hashlib import sha256
from typing import Final

from edge.kiosk import acts
from edge.kiosk.acting import stage_now
from edge.kiosk.asking import questions_for
from edge.kiosk.screens import own
from edge.kiosk.speaking import Speaker, sentence
from edge.kiosk.state import Stage, State, Step
from edge.kiosk.view import Asked, Button, Card, Pad, View, sent
from edge.messages import Option, Refusal, Session

ICONS: Final = frozenset(
    {"take", "return", "collect", "deposit", "renew", "handover", "not_taken", "not_returned", "fault", "service"}
)
PADS: Final = {
    Stage.PIN: sentence("Enter your PIN"),
    Stage.NEW_PIN: sentence("Choose a new PIN"),
    Stage.REPEAT_PIN: sentence("Enter the new PIN again"),
}
PAD_TEXTS: Final = {
    Stage.PIN: "",
    Stage.NEW_PIN: sentence("4 to 12 digits that nobody guesses: no runs such as 1234, no repetitions."),
    Stage.REPEAT_PIN: sentence("Once more, so that no slip locks you out."),
}


def view(state: State, session: Session, speaker: Speaker) -> View:
    """Show the choice, or what the picked option needs next."""
    step, stage = state.step, stage_now(state)
    if step is None or stage is None:
        return _choice(session, speaker)
    match stage:
        case Stage.AUTHORISER:
            return _further_badge(step, session, speaker)
        case Stage.TERMS:
            return _terms(step, session, speaker)
        case Stage.ANSWERS:
            return _questions(step, session, speaker)
        case _:
            return _pad(step, stage, session, speaker)


def _choice(session: Session, speaker: Speaker) -> View:
    refusals = tuple(_refusal(each, session, speaker) for each in session.refusals)
    some, say = bool(session.options), speaker.say
    return View(
        screen="choice",
        language=speaker.language,
        at=_mark(session),
        tone="calm" if some else "warn",
        greeting=_greeting(session, speaker),
        title=say("What would you like to do?") if some else say("There is nothing for you here right now"),
        cards=tuple(_card(each, session, speaker) for each in session.options),
        refusals=refusals,
        buttons=(
            Button(label=say("Something is broken"), act=sent(acts.Fault()), look="quiet"),
            _leave(speaker),
        ),
    )


def _refusal(refused: Refusal, session: Session, speaker: Speaker) -> Card:
    own_words = own.is_its_own(session)
    title, why = own.refusal(refused, speaker) if own_words else (refused.title, refused.text)
    return Card(title=title, icon="no", note=why)


def _card(option: Option, session: Session, speaker: Speaker) -> Card:
    return Card(
        title=own.option_title(option, speaker) if own.is_its_own(session) else option.title,
        act=sent(acts.Pick(option=option.option)),
        icon=option.kind if option.kind in ICONS else "go",
        door="" if option.door is None else speaker.say("Door {door}", door=option.door),
        due_at=option.due_at,
        note=option.note or "",
    )


def _pad(step: Step, stage: Stage, session: Session, speaker: Speaker) -> View:
    text = PAD_TEXTS[stage]
    return View(
        screen="new_pin" if stage is not Stage.PIN else "pin",
        language=speaker.language,
        at=f"{stage}:{step.wrong}",
        greeting=_greeting(session, speaker),
        title=speaker.say(PADS[stage]),
        text=speaker.say(text) if text else step.option.title,
        pad=Pad(label=speaker.say(PADS[stage]), wrong=speaker.say(step.wrong) if step.wrong else ""),
        buttons=(_back(speaker), _leave(speaker)),
    )


def _terms(step: Step, session: Session, speaker: Speaker) -> View:
    assert session.terms is not None  # the stage says so
    return View(
        screen="terms",
        language=speaker.language,
        at=session.terms.sha256,
        greeting=_greeting(session, speaker),
        title=speaker.say("Please read and accept this first"),
        text=step.option.title,
        terms=session.terms.text,
        buttons=(
            _back(speaker),
            Button(label=speaker.say("I do not accept"), act=sent(acts.Decline())),
            Button(label=speaker.say("I accept"), act=sent(acts.Accept()), look="primary"),
        ),
    )


def _questions(step: Step, session: Session, speaker: Speaker) -> View:
    needed = step.option.kind == "take"  # a return is never held up by a question (rules.md, law 1)
    asked = tuple(
        Asked(
            id=each.id,
            kind=each.kind,
            text=each.text,
            required=each.required and needed,
            choices=tuple((choice.id, choice.text) for choice in each.choices),
        )
        for each in questions_for(step.option, session)
    )
    return View(
        screen="questions",
        language=speaker.language,
        at=_mark(session),
        greeting=_greeting(session, speaker),
        title=speaker.say("Please have a look at it first"),
        text=step.option.title,
        questions=asked,
        buttons=(_back(speaker), _leave(speaker)),
    )


def _further_badge(step: Step, session: Session, speaker: Speaker) -> View:
    say = speaker.say
    if step.option.kind == "handover":
        return View(
            screen="handover",
            language=speaker.language,
            at=_mark(session),
            icon="handover",
            greeting=_greeting(session, speaker),
            title=say("Now the other badge"),
            text=say("Whoever takes it over holds their badge to the reader, within a minute."),
            cards=(_shown(step),),
            buttons=(_back(speaker), _leave(speaker)),
        )
    return View(
        screen="authoriser",
        language=speaker.language,
        at=_mark(session),
        icon="authoriser",
        greeting=_greeting(session, speaker),
        title=say("Somebody else has to agree"),
        text=say("Ask them to hold their badge to the reader now."),
        cards=(_shown(step),),
        buttons=(
            _back(speaker),
            Button(label=say("Ask them by message"), act=sent(acts.AskOthers())),
            _leave(speaker),
        ),
    )


def _shown(step: Step) -> Card:
    icon = step.option.kind if step.option.kind in ICONS else "go"
    return Card(title=step.option.title, icon=icon, note=step.option.note or "")


def _mark(session: Session) -> str:
    """Return what tells this session from the next; its token is not for the page."""
    return sha256(session.session.encode()).hexdigest()[:12]


def _greeting(session: Session, speaker: Speaker) -> str:
    name = session.person.display
    return speaker.say("Hello, {name}", name=name) if name else ""


def _back(speaker: Speaker) -> Button:
    return Button(label=speaker.say("Back"), act=sent(acts.Back()))


def _leave(speaker: Speaker) -> Button:
    return Button(label=speaker.say("I am done"), act=sent(acts.Leave()), look="quiet")
