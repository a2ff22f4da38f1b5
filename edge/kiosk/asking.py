"""What an option still needs, read off the session it came with. Pure."""

from typing import Annotated, Any, Literal

import msgspec

from edge.kiosk.state import Stage, Step
from edge.messages import Option, Session
from edge.uploads import Choice

MOST_QUESTIONS: int = 20


class Choosable(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to choose."""

    id: str
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about a thing (docs/mqtt.md, `down/session`); `options` are those it is asked for."""

    id: str
    kind: Literal["yes_no", "choice", "text"]
    text: Annotated[str, msgspec.Meta(max_length=1_000)]
    required: bool = False
    options: tuple[str | int, ...] = ()
    choices: tuple[Choosable, ...] = ()


def picked(session: Session, option: str | int) -> Option | None:
    """Return the option of a session with this id."""
    return next((each for each in session.options if each.option == option), None)


def questions_for(option: Option, session: Session) -> tuple[Question, ...]:
    """Return what is asked about an option; what cannot be read is not asked."""
    asked = session.questions if isinstance(session.questions, tuple) else ()
    read = (_read(each) for each in asked[:MOST_QUESTIONS])
    return tuple(each for each in read if each is not None and option.option in each.options)


def stage_of(step: Step, session: Session) -> Stage | None:
    """Return what to ask next, None when all that can be asked here is given.

    A text or questions that did not fit into the message are shown by the cloud once the choice is sent.
    """
    needs = step.option.needs
    if "authoriser" in needs:
        return Stage.AUTHORISER
    if "terms" in needs and session.terms is not None and step.terms_sha256 != session.terms.sha256:
        return Stage.TERMS
    if "answers" in needs and step.answers is None and questions_for(step.option, session):
        return Stage.ANSWERS
    if "pin" in needs and step.pin is None:
        return Stage.PIN
    if "new_pin" in needs and step.new_pin is None:
        return Stage.NEW_PIN if step.once is None else Stage.REPEAT_PIN
    return None


def choice_of(step: Step, session: Session) -> Choice:
    """Return the upload that says what was picked and given."""
    return Choice(
        session=session.session,
        option=step.option.option,
        pin=_given(step.pin),
        new_pin=_given(step.new_pin),
        terms_sha256=_given(step.terms_sha256),
        answers=_given(step.answers),
    )


def _given(value: Any) -> Any:
    return msgspec.UNSET if value is None else value


def _read(asked: Any) -> Question | None:
    try:
        return msgspec.convert(asked, Question)
    except msgspec.ValidationError:
        return None
