"""What a screen asks when a thing is taken or brought back, and what the answers come to.

An asset type has the questions. An answer may mean a fault: then it is reported with the very choice it came with. A
take waits for the answers that are required, a return for none (rules.md, law 1).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from msgspec import field, json

from toolcrib.domain.languages import ENGLISH
from toolcrib.domain.record import Record
from toolcrib.domain.upkeep import WEIGHT, Condition

MAX_SHOWN_BYTES: Final = 3072  # of one type's questions in one language: a session has to stay within 8 KB
LONGEST_ANSWER: Final = 500  # characters; what goes beyond is cut off
SKIPPED: Final = "skipped"

Value = str | bool
Answers = Mapping[str, Value]
Words = Mapping[str, str]
"""A text by language."""


class QuestionKind(StrEnum):
    """`yes_no` is answered by a boolean, `choice` by the id of one of its choices, `text` in words."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"


class When(StrEnum):
    """At which of the two it is asked."""

    TAKE = "take"
    RETURN = "return"
    BOTH = "both"


class Choosable(Record, frozen=True, kw_only=True):
    """One answer of a `choice`."""

    id: str
    text: Words


class FaultIf(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Which answers mean which fault."""

    minor: tuple[Value, ...] = ()
    critical: tuple[Value, ...] = ()


class Question(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is asked; `id` is unique within its type."""

    id: str
    kind: QuestionKind
    text: Words
    when: When = When.BOTH
    choices: tuple[Choosable, ...] = ()
    required: bool = False
    fault_if: FaultIf = field(default_factory=FaultIf)

    def understood(self, said: object) -> Value | None:
        """Return what was answered, None where it is no answer to this question."""
        if self.kind is QuestionKind.YES_NO:
            return said if isinstance(said, bool) else None
        if not isinstance(said, str) or not said.strip():
            return None
        if self.kind is QuestionKind.CHOICE:
            return said if any(each.id == said for each in self.choices) else None
        return said.strip()[:LONGEST_ANSWER]

    def means(self, answer: Value | None) -> Condition:
        """Return what an answer says of the thing's condition."""
        if answer is None:
            return Condition.OK
        if answer in self.fault_if.critical:
            return Condition.CRITICAL
        return Condition.MINOR if answer in self.fault_if.minor else Condition.OK


class Questioning(Record, frozen=True, kw_only=True):
    """What is asked about one thing at one moment, and what was answered.

    `skipped`: there is no screen to ask at, which goes on record instead.
    """

    questions: tuple[Question, ...] = ()
    answers: Answers = field(default_factory=dict)
    skipped: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Required questions without an answer, by id; none where nobody can be asked."""
        unanswered = (each for each in self.questions if each.required and each.id not in self.answers)
        return () if self.skipped else tuple(each.id for each in unanswered)

    @property
    def condition(self) -> Condition:
        """The worst that any answer says."""
        said = (each.means(self.answers.get(each.id)) for each in self.questions)
        return max(said, key=lambda each: WEIGHT[each], default=Condition.OK)

    @property
    def proofs(self) -> dict[str, str]:
        """What the custody event says of it: the hash of the answers, what was left open, or that nobody was asked."""
        if not self.questions:
            return {}
        if self.skipped:
            return {"answers": SKIPPED}
        open_ = {"unanswered": ",".join(self.missing)} if self.missing else {}
        return {"answers": digest(self.answers), **open_}

    @property
    def told(self) -> str:
        """The answers that mean a fault and those in words, each with its question, in English where there is any."""
        return "; ".join(filter(None, (_told(each, self.answers.get(each.id)) for each in self.questions)))


def asked(questions: Sequence[Question], when: When, given: Mapping[str, Any] | None, *, screen: bool) -> Questioning:
    """Return which of a type's questions are asked at a moment, and what of the `given` answers them."""
    now = tuple(each for each in questions if each.when in {when, When.BOTH})
    said = {each.id: each.understood((given or {}).get(each.id)) for each in now}
    answers = {key: value for key, value in said.items() if value is not None}
    return Questioning(questions=now, answers=answers if screen else {}, skipped=not screen)


def digest(answers: Answers) -> str:
    """Return the SHA-256 of answers, in hex, over their JSON with sorted keys."""
    return sha256(json.encode(answers, order="sorted")).hexdigest()


def worded(text: Words, language: str) -> str:
    """Return a text as somebody reads it: in their language, its base, English, else the first there is."""
    wanted = (language, language.replace("_", "-").split("-", 1)[0], ENGLISH, *sorted(text))
    return text[next(each for each in wanted if each in text)]


def _told(question: Question, answer: Value | None) -> str:
    if answer is None or (question.kind is not QuestionKind.TEXT and question.means(answer) is Condition.OK):
        return ""
    words = {each.id: worded(each.text, ENGLISH) for each in question.choices}
    said = ("yes" if answer else "no") if isinstance(answer, bool) else words.get(answer, answer)
    return f"{worded(question.text, ENGLISH)} {said}"
