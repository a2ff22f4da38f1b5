"""How much of what somebody may take alone, and when, as far as that can be said beforehand (safety.md, I12)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from chalicelib.rosters.likeness import ANYBODY, BADGE, alike, blocked_alike, fingerprint
from chalicelib.rosters.windows import Question, Window, joined, stretches
from toolcrib.domain.judges.allowance import allowance
from toolcrib.domain.judges.pairing import pairing
from toolcrib.domain.loans import LoanState
from toolcrib.domain.offline.life import MOST_TAKES
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.policies import Match
from toolcrib.domain.record import Record, replace
from toolcrib.domain.rosters import groups_of


class Right(Record, frozen=True, kw_only=True):
    """So many more of a type may be taken, within windows: their first moment is in them, their last is not."""

    type: str
    most: int
    windows: tuple[Window, ...]


class Rights(Record, frozen=True, kw_only=True):
    """What somebody may take of each type, by its id, and how much of all together."""

    most: int = 0
    each: tuple[Right, ...] = ()


class Judge:
    """Finds people's rights at one bank, and remembers what it found for whoever is like them."""

    def __init__(self, question: Question) -> None:
        """`question` is what the bank could lend, since when, by which rules."""
        self._question = question
        self._windows: dict[bytes, dict[str, list[Window]]] = {}
        self._rights: dict[bytes, Rights] = {}

    def rights(self, person: Person) -> Rights:
        """Return what a person may take at the bank while it is alone."""
        like = alike(person)
        key = fingerprint(like)
        if key not in self._rights:
            self._rights[key] = self._found(like)
        return self._rights[key]

    def _found(self, like: Person) -> Rights:
        question = _about(like, self._question)
        when = self._stretches(blocked_alike(like), question)
        most = {kind: min(_most(like, question, kind, at) for at in _turns(like, when[kind])) for kind in when}
        most = {kind: count for kind, count in most.items() if count > 0}
        moments = _turns(like, [each for kind in most for each in when[kind]])
        together = min((_together(like, question, most, at) for at in moments), default=0)
        each = (Right(type=kind, most=min(most[kind], together), windows=joined(when[kind])) for kind in most)
        return Rights(most=together, each=tuple(each))

    def _stretches(self, like: Person, question: Question) -> dict[str, list[Window]]:
        key = fingerprint(like)
        if key not in self._windows:
            self._windows[key] = stretches(like, question)
        return self._windows[key]


def _about(like: Person, question: Question) -> Question:
    """Return the question without policies that can match nothing that this person may ask here at any time."""
    groups = {*like.groups, *(group for shift in like.shifts for group in shift.groups)}
    places = {"group": {*groups, None}, "bank": {question.bank.id, None}, "site": {question.bank.site, None}}

    def speaks(match: Match) -> bool:
        return all(getattr(match, name) in known for name, known in places.items())

    policies = {key: each for key, each in question.book.policies.items() if speaks(each.match)}
    return replace(question, book=replace(question.book, policies=policies))


def _turns(like: Person, found: Collection[Window]) -> Iterator[datetime]:
    """Yield a moment for each set of groups that the person has in these stretches: limits depend on nothing else."""
    by_groups = {groups_of(like, begins): begins for begins, _ in found}
    yield from by_groups.values()


def _most(like: Person, question: Question, kind: str, at: datetime) -> int:
    """Return how many of a type may be taken one after the other, up to `MOST_TAKES`."""
    counts = range(MOST_TAKES)
    return next((count for count in counts if not _beside(like, question, kind, {kind: count}, at)), MOST_TAKES)


def _together(like: Person, question: Question, most: Mapping[str, int], at: datetime) -> int:
    """Return how many of all types together, in any mixture, no limit and no pair forbids.

    A limit that several types count against is met soonest by the one of which most may be taken, however few of that
    there are: so the mixture is never more than allowed, and may be less.
    """
    total = sum(most.values())
    if all(_last_of_all(like, question, kind, most, at) for kind in most):
        return total
    pairs = ((kind, other) for kind in most for other in most if kind != other)
    for kind, other in pairs:
        refused = (count for count in range(1, total) if not _beside(like, question, kind, {other: count}, at))
        total = next(refused, total)
    return total


def _last_of_all(like: Person, question: Question, kind: str, most: Mapping[str, int], at: datetime) -> bool:
    """Whether the last of a kind may be taken by who has taken everything else."""
    others = {each: count - (each == kind) for each, count in most.items()}
    return _beside(like, question, kind, others, at)


def _beside(like: Person, question: Question, kind: str, others: Mapping[str, int], at: datetime) -> bool:
    """Whether rows 8 and 9 let somebody have one of `kind` beside so many more of others."""
    more = [each for each, count in others.items() for _ in range(count)]
    taken = {f"{ANYBODY}{number}": _holding(question, each, at) for number, each in enumerate(more)}
    holding = replace(like, holdings={**like.holdings, **taken})
    subject = question.book.subject(holding, BADGE, kind, question.bank, at)
    return all(judge(subject, question.book).code is None for judge in (allowance, pairing))


def _holding(question: Question, kind: str, at: datetime) -> Holding:
    return Holding(
        asset="",
        type=kind,
        name=question.book.types[kind].name,
        state=str(LoanState.OPEN),
        bank=question.bank.id,
        door=0,
        site=question.bank.site,
        since=at,
        until=at,
    )
