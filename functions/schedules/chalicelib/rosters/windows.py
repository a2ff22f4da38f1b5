"""When somebody may take a type alone: what the ordinary rules say at each moment at which something changes.

What a person would have to show or ask for first is not allowed: nobody could check it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from chalicelib.rosters.contents import Kind
from chalicelib.rosters.likeness import BADGE
from chalicelib.rosters.moments import of_person
from toolcrib.domain.doors import Bank
from toolcrib.domain.evidence import strongest
from toolcrib.domain.judges.access import access
from toolcrib.domain.people import Person
from toolcrib.domain.questions import When
from toolcrib.domain.record import Record
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.rules import evaluate

Window = tuple[datetime, datetime]
_INSTANT = timedelta(milliseconds=1)


class Question(Record, frozen=True, kw_only=True):
    """What a bank could lend, and since when; `turns` are the moments at which schedules open and close there."""

    bank: Bank
    book: RuleBook
    kinds: Mapping[str, Kind]
    begins: datetime
    turns: tuple[datetime, ...]


def stretches(like: Person, question: Question) -> dict[str, list[Window]]:
    """Return by type the stretches in which somebody like this may take it; nothing changes within any of them."""
    turns = sorted({*question.turns, *of_person(like, question.book)})
    allowed: dict[str, list[Window]] = {}
    for name, kind in question.kinds.items():
        if not _asks_anything(question, name):
            found = _between(turns, question.begins, question.begins + kind.life)
            allowed[name] = [each for each in found if _throughout(like, question, kind, each)]
    return {name: found for name, found in allowed.items() if found}


def joined(found: Iterable[Window]) -> tuple[Window, ...]:
    """Return stretches as windows: what follows one upon the other is one."""
    windows: list[Window] = []
    for begins, ends in found:
        if windows and windows[-1][1] == begins:
            windows[-1] = (windows[-1][0], ends)
        else:
            windows.append((begins, ends))
    return tuple(windows)


def _asks_anything(question: Question, kind: str) -> bool:
    """Whether a screen would wait for an answer; a bank that is alone asks nothing."""
    asked = question.book.types[kind].questions
    return any(each.required and each.when is not When.RETURN for each in asked)


def _between(turns: Sequence[datetime], begins: datetime, ends: datetime) -> Iterator[Window]:
    return pairwise([begins, *(each for each in turns if begins < each < ends), ends])


def _throughout(like: Person, question: Question, kind: Kind, stretch: Window) -> bool:
    """Whether the rules allow it at both ends of a stretch in which nothing changes."""
    begins, ends = stretch
    return all(_allowed(like, question, kind, at) for at in (begins, max(begins, ends - _INSTANT)))


def _allowed(like: Person, question: Question, kind: Kind, at: datetime) -> bool:
    """Whether somebody may take one with nothing but a badge, and the bank can prove what they bring back."""
    subject = question.book.subject(like, BADGE, kind.type, question.bank, at)
    if access(subject, question.book).code is not None:  # most types are not for most people: no need to ask more
        return False
    verdict = evaluate(subject, question.book)
    needed = strongest((question.book.types[kind.type].min_evidence, verdict.terms.min_evidence))
    proven = needed is None or kind.evidence.strength >= needed.strength
    return verdict.allowed and proven
