"""What a type says of the questions that a screen asks when one is taken or brought back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final

import msgspec

from chalicelib.web.fields import Id
from toolcrib.domain.questions import MAX_SHOWN_BYTES, Question, QuestionKind, When, worded

MOST_QUESTIONS: Final = 10

_Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$(?!\n)", max_length=35)]
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
ByLanguage = Annotated[
    dict[_Language, _Words],
    msgspec.Meta(
        min_length=1,
        max_length=20,
        description="By language. Who reads none of them gets English, else the first.",
    ),
]
Answer = Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | bool
Answers = Annotated[tuple[Answer, ...], msgspec.Meta(max_length=10)]


class ChoosableFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One answer of a `choice`: its `id` is what is kept, its `text` what is shown."""

    id: Id
    text: ByLanguage


class FaultIfFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which answers mean which fault: true or false of a `yes_no`, ids of its choices of a `choice`."""

    minor: Answers = ()
    critical: Answers = ()


class ScreenQuestionFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A question. A take waits for the answers that are `required`, a return for none."""

    id: Id
    kind: QuestionKind
    text: ByLanguage
    when: When = When.BOTH
    choices: Annotated[tuple[ChoosableFields, ...], msgspec.Meta(max_length=10)] = ()
    required: bool = False
    fault_if: FaultIfFields = msgspec.field(default_factory=FaultIfFields)


Questions = Annotated[tuple[ScreenQuestionFields, ...], msgspec.Meta(max_length=MOST_QUESTIONS)]


class ChoosableView(msgspec.Struct, kw_only=True, frozen=True):
    """One answer of a `choice`."""

    id: str
    text: dict[str, str]


class FaultIfView(msgspec.Struct, kw_only=True, frozen=True):
    """Which answers mean which fault."""

    minor: tuple[str | bool, ...] = ()
    critical: tuple[str | bool, ...] = ()


class ScreenQuestionView(msgspec.Struct, kw_only=True, frozen=True):
    """A question that a screen asks."""

    id: str
    kind: str
    text: dict[str, str]
    when: str
    choices: tuple[ChoosableView, ...] = ()
    required: bool = False
    fault_if: FaultIfView = msgspec.field(default_factory=FaultIfView)


def wrong(questions: Sequence[ScreenQuestionFields]) -> Iterator[tuple[str, str]]:
    """Yield what makes no sense, by field, and what would be right."""
    for number, question in enumerate(questions):
        at = f"questions[{number}]"
        if question.id in {each.id for each in questions[:number]}:
            yield f"{at}.id", f"{question.id} is there twice: give each question an id of its own"
        yield from _wrong_choices(at, question)
        yield from _wrong_faults(at, question)
    if any(size > MAX_SHOWN_BYTES for size in _sizes(questions)):
        yield "questions", f"are more than {MAX_SHOWN_BYTES} bytes in one language: shorten texts, or ask less"


def records(questions: Iterable[ScreenQuestionFields]) -> tuple[Question, ...]:
    """Return the questions as the type has them."""
    return tuple(msgspec.convert(msgspec.to_builtins(each), Question) for each in questions)


def _wrong_choices(at: str, question: ScreenQuestionFields) -> Iterator[tuple[str, str]]:
    ids = [each.id for each in question.choices]
    if question.kind is not QuestionKind.CHOICE and ids:
        yield f"{at}.choices", f"only a choice has any: leave them out of a {question.kind}"
    if question.kind is QuestionKind.CHOICE and len(ids) < 2:  # noqa: PLR2004 - one thing is no choice
        yield f"{at}.choices", "a choice needs at least two"
    if len(set(ids)) < len(ids):
        yield f"{at}.choices", "names an id twice"


def _wrong_faults(at: str, question: ScreenQuestionFields) -> Iterator[tuple[str, str]]:
    possible: set[str | bool] = {each.id for each in question.choices}
    right = "ids of its choices"
    if question.kind is not QuestionKind.CHOICE:
        possible = {True, False} if question.kind is QuestionKind.YES_NO else set()
        right = "true or false" if possible else "nothing: what is written means no fault by itself"
    for severity, answers in (("minor", question.fault_if.minor), ("critical", question.fault_if.critical)):
        if any(answer not in possible for answer in answers):
            yield f"{at}.fault_if.{severity}", f"names what is no answer to it; right would be {right}"
    if set(question.fault_if.minor) & set(question.fault_if.critical):
        yield f"{at}.fault_if", "names an answer as minor and as critical: name it once"


def _sizes(questions: Sequence[ScreenQuestionFields]) -> Iterator[int]:
    """Yield how much the questions take on a screen in each language that any of them is in."""
    languages = {language for question in questions for language in question.text}
    languages |= {language for question in questions for each in question.choices for language in each.text}
    for language in languages:
        shown = [
            (
                question.id,
                worded(question.text, language),
                [(one.id, worded(one.text, language)) for one in question.choices],
            )
            for question in questions
        ]
        yield len(msgspec.json.encode(shown))
