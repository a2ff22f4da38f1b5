"""A bank's roster: everybody with a badge, what they may take and bring back, and what lies where at one moment.

`writing.py` puts it down for the bank; here it is decided.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.rosters.contents import kinds, lent_alone
from chalicelib.rosters.moments import of_site
from chalicelib.rosters.rights import Judge, Rights
from chalicelib.rosters.windows import Question
from toolcrib.domain.assets import SIZES
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.ids import loan_of
from toolcrib.domain.offers.returns import by_due, fitting_doors
from toolcrib.domain.offline.issuing import Staff
from toolcrib.domain.offline.life import LONGEST
from toolcrib.domain.people import BadgeState, Holding, Person
from toolcrib.domain.record import Record
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.units import Unit


class Out(Record, frozen=True, kw_only=True):
    """Something that somebody may bring back, whose it is where it is an account's, and the doors that would take it.

    What is on no loan and was last seen with them has no due time (`on_loan`).
    """

    held: Holding
    doors: tuple[int, ...]
    account: str | None = None
    on_loan: bool = True


class Member(Record, frozen=True, kw_only=True):
    """Somebody with a badge; `rights` is an index into the roster's."""

    person: Person
    rights: int
    out: tuple[Out, ...] = ()


class Roster(Record, frozen=True, kw_only=True):
    """What a bank may do by itself from `made_at` on. `ends_at` is when the last right in it ends.

    `lives` is for how long each type that lies there may be lent. `badges` lead to `members`; the first of all
    `rights` is none. `free` are doors, the largest first.
    """

    bank: Bank
    made_at: datetime
    ends_at: datetime
    lives: Mapping[str, timedelta]
    badges: Mapping[str, int]
    members: tuple[Member, ...]
    rights: tuple[Rights, ...]
    lent: tuple[Unit, ...]
    free: tuple[int, ...]

    @property
    def shortest(self) -> timedelta:
        """The life of the right that ends first."""
        return min(self.lives.values(), default=LONGEST)


def roster(bank: Bank, book: RuleBook, staff: Staff, at: datetime) -> Roster:
    """Return a bank's roster; who has no right at all is in it to bring things back (rules.md, law 1).

    Where nobody has any right it ends when the longest life would: it still says who may bring back what.
    """
    lent = lent_alone(bank, book, at)
    of_kind = kinds(bank, lent, book)
    turns = tuple(of_site(book.sites[bank.site], book, at, at + LONGEST))
    question = Question(bank=bank, book=book, kinds=of_kind, begins=at, turns=turns)
    badges = [each for each in staff.badges if each.state is BadgeState.ACTIVE and each.person in staff.people]
    who = sorted({each.person for each in badges})
    index, found = _judged([staff.people[each] for each in who], question)
    doors = _Doors(bank, book)
    members = tuple(
        Member(person=staff.people[each], rights=index[each], out=tuple(doors.out(staff.people[each], staff)))
        for each in who
    )
    place = {each: number for number, each in enumerate(who)}
    ends = [until for each in found for right in each.each for _, until in right.windows]
    return Roster(
        bank=bank,
        made_at=at,
        ends_at=max(ends, default=at + LONGEST),
        lives={name: kind.life for name, kind in of_kind.items()},
        badges={each.id: place[each.person] for each in sorted(badges, key=lambda each: each.id)},
        members=members,
        rights=tuple(found),
        lent=lent,
        free=tuple(door.number for door in _by_size(bank)),
    )


def _judged(people: Sequence[Person], question: Question) -> tuple[dict[str, int], list[Rights]]:
    """Return which rights each person has, and all rights there are, each once."""
    judge = Judge(question)
    known = {Rights(): 0}
    index = {person.id: known.setdefault(judge.rights(person), len(known)) for person in people}
    return index, list(known)


def _by_size(bank: Bank) -> list[Door]:
    """Return the doors that could take something back, the largest first."""
    return sorted((door for door in bank.doors if door.free), key=lambda door: (-SIZES.get(door.size, 0), door.number))


class _Doors:
    """Which doors of a bank take a thing back, found once for each size."""

    def __init__(self, bank: Bank, book: RuleBook) -> None:
        self._bank, self._book = bank, book
        self._fits: dict[str, tuple[int, ...]] = {}

    def out(self, person: Person, staff: Staff) -> Iterator[Out]:
        """Yield what a person may bring back: their own things, then those of accounts that they do that for."""
        yield from (self._of(key, held) for key, held in by_due(person))
        for account in (*person.borrows_for, *person.returns_for):
            other = staff.people.get(account)
            if other is not None:
                yield from (self._of(key, held, other.name) for key, held in by_due(other))

    def _of(self, key: str, held: Holding, account: str | None = None) -> Out:
        return Out(held=held, doors=self._fitting(held), account=account, on_loan=loan_of(key) is not None)

    def _fitting(self, held: Holding) -> tuple[int, ...]:
        kind = self._book.types.get(held.type)
        size = "S" if kind is None else kind.size
        if size not in self._fits:
            self._fits[size] = tuple(door.number for door in fitting_doors(self._bank, size))
        return self._fits[size]
