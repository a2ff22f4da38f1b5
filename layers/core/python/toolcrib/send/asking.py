"""What a screen asks about the things on offer, in the person's language."""

from collections.abc import Iterable

from msgspec import UNSET

from toolcrib.domain.offers.option import Option
from toolcrib.domain.questions import Question, QuestionKind, worded
from toolcrib.wire.downs import ChoosableShown, QuestionShown


def questions_of(options: Iterable[Option], language: str) -> tuple[QuestionShown, ...]:
    """Return every question that is asked for an option and was not answered yet, each once a type."""
    wanted: list[tuple[Question, list[str]]] = []
    for option in options:
        for question in option.asked.questions:
            if option.asked.skipped or question.id in option.asked.answers:
                continue
            known = next((ids for each, ids in wanted if each is question or each == question), None)
            if known is None:
                wanted.append((question, [option.id]))
            else:
                known.append(option.id)
    return tuple(_shown(question, tuple(ids), language) for question, ids in wanted)


def _shown(question: Question, options: tuple[str, ...], language: str) -> QuestionShown:
    choices = tuple(ChoosableShown(id=each.id, text=worded(each.text, language)) for each in question.choices)
    return QuestionShown(
        id=question.id,
        kind=str(question.kind),
        text=worded(question.text, language),
        required=question.required,
        options=options,
        choices=choices if question.kind is QuestionKind.CHOICE else UNSET,
    )
