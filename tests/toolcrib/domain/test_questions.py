"""What is asked, what counts as an answer, and what it means."""

from typing import Any

import pytest

from toolcrib.domain.questions import LONGEST_ANSWER, Choosable, FaultIf, Question, QuestionKind, When, asked, worded
from toolcrib.domain.upkeep import Condition

EN = {"en": "?"}
INTACT = Question(
    id="intact", kind=QuestionKind.YES_NO, text={"en": "Intact?"}, required=True, fault_if=FaultIf(critical=(False,))
)
CABLE = Question(
    id="cable",
    kind=QuestionKind.CHOICE,
    text={"en": "The cable?"},
    when=When.RETURN,
    choices=(Choosable(id="good", text=EN), Choosable(id="worn", text={"en": "worn"}), Choosable(id="bare", text=EN)),
    fault_if=FaultIf(minor=("worn",), critical=("bare",)),
)
REMARK = Question(id="remark", kind=QuestionKind.TEXT, text={"en": "Anything else?"})
ALL = (INTACT, CABLE, REMARK)


@pytest.mark.parametrize(
    ("when", "ids"), [(When.TAKE, ["intact", "remark"]), (When.RETURN, ["intact", "cable", "remark"])]
)
def test_each_question_is_asked_at_its_moment(when: When, ids: list[str]) -> None:
    assert [each.id for each in asked(ALL, when, None, screen=True).questions] == ids


@pytest.mark.parametrize(
    ("question", "said", "understood"),
    [
        (INTACT, True, True),
        (INTACT, False, False),
        (INTACT, "true", None),
        (INTACT, 1, None),
        (CABLE, "worn", "worn"),
        (CABLE, "blue", None),
        (CABLE, True, None),
        (REMARK, "  it hums ", "it hums"),
        (REMARK, " \n", None),
        (REMARK, False, None),
        (REMARK, None, None),
        (REMARK, "x" * (LONGEST_ANSWER + 1), "x" * LONGEST_ANSWER),
    ],
)
def test_what_is_no_answer_to_a_question_counts_for_nothing(question: Question, said: object, understood: Any) -> None:
    answers = asked((question,), When.RETURN, {question.id: said}, screen=True).answers
    assert answers == ({} if understood is None else {question.id: understood})


def test_only_required_questions_are_missing_and_at_no_screen_none() -> None:
    assert asked(ALL, When.RETURN, {"remark": "x"}, screen=True).missing == ("intact",)
    assert asked(ALL, When.RETURN, {"intact": False}, screen=True).missing == ()
    assert asked(ALL, When.RETURN, None, screen=False).missing == ()


@pytest.mark.parametrize(
    ("answers", "condition"),
    [
        ({"intact": True, "cable": "good"}, Condition.OK),
        ({"intact": True, "cable": "worn"}, Condition.MINOR),
        ({"intact": False, "cable": "worn"}, Condition.CRITICAL),
        ({"cable": "bare"}, Condition.CRITICAL),
        ({"remark": "worn"}, Condition.OK),
        ({}, Condition.OK),
    ],
)
def test_the_worst_answer_counts(answers: dict[str, Any], condition: Condition) -> None:
    assert asked(ALL, When.RETURN, answers, screen=True).condition is condition


def test_answers_go_on_record_as_a_hash_and_what_was_left_open_by_id() -> None:
    said = asked(ALL, When.TAKE, {"remark": "It belongs to Ana"}, screen=True).proofs
    assert said["unanswered"] == "intact"
    assert len(said["answers"]) == 64
    assert "Ana" not in str(said)
    assert asked(ALL, When.TAKE, None, screen=False).proofs == {"answers": "skipped"}
    assert asked((), When.TAKE, {"intact": True}, screen=True).proofs == {}


def test_a_case_is_told_what_means_a_fault_and_what_was_written() -> None:
    said = {"intact": False, "cable": "worn", "remark": "It hums"}
    assert asked(ALL, When.RETURN, said, screen=True).told == "Intact? no; The cable? worn; Anything else? It hums"
    assert asked(ALL, When.RETURN, {"intact": True, "cable": "good"}, screen=True).told == ""


@pytest.mark.parametrize(
    ("language", "text"), [("de-AT", "at"), ("de-CH", "de"), ("de_DE", "de"), ("pl", "en"), ("it", "en")]
)
def test_a_text_is_read_in_the_nearest_language_there_is(language: str, text: str) -> None:
    assert worded({"en": "en", "de": "de", "de-AT": "at"}, language) == text


def test_where_there_is_no_english_either_the_first_language_is_read() -> None:
    assert worded({"pl": "pl", "fr": "fr"}, "de") == "fr"
