"""The sequential specification: who has one asset, who may open the door it is in, and what may be answered then.

It is written from design.md and rules.md, not from the product's code. Every call knows the custody after it, given the
custody before, or None where it could not have been answered as it was:

    call                     is legal where                                  and leaves
    Saw(place)               the asset is there                              all as it was
    Granted(grant, ...)      it is in that bank, its door locked by nobody   its door locked by this grant
                             or by a grant past its time; again: by this one
    MaybeGranted, MaybeStated  - (unknown outcomes)                          as if granted or stated, where legal
    NotOffered(bank)         it is not in that bank, or its door is locked   all as it was
    Shut(grant, gone)        its door is locked by this grant                it with the person, or there; no lock
    LetIn(loan)              it is out on that loan, or was granted so       all as it was
    Returned(loan, place)    it is out on that loan                          it in that door
    Stated(move, to)         the move fits where it is, its door not locked  it where the move leads
    Refused(move, code)      the move does not fit, or its door is locked    all as it was

A grant past its time may have been proven unused, which frees the door; time alone frees nothing. So a grant that is
past its time when a call is answered may be gone, and may be there (design.md, *What keeps the saga whole*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tests.proof.linearizable.checker import Operation, Verdict, check


class Place(NamedTuple):
    """A state and its custodian, as the API shows them."""

    state: str
    kind: str
    id: str | None = None
    door: int | None = None


class Lock(NamedTuple):
    """The grant that may open the asset's door. `until` is in milliseconds of the cloud's clock."""

    grant: str
    person: str
    until: int


class Custody(NamedTuple):
    """Where an asset is, which grant locks its door, and the loan it is out on."""

    place: Place
    lock: Lock | None = None
    loan: str | None = None

    def free(self, answered: int) -> bool:
        """Whether no grant locks its door, or only one that may have been proven unused by then."""
        return self.lock is None or self.lock.until < answered


class Call(Protocol):
    """Something asked about one asset, with its answer."""

    def after(self, custody: Custody) -> Custody | None:
        """Return the custody after it, or None where it could not have been answered so."""


def step(custody: Custody, call: Call) -> Custody | None:
    """Return the custody after a call: the `Step` of the checker."""
    return call.after(custody)


def stowed(bank: str, door: int) -> Place:
    """In a door, to be lent."""
    return Place("stowed", "door", bank, door)


def with_person(person: str) -> Place:
    """On loan."""
    return Place("on_loan", "person", person)


@dataclass(frozen=True, slots=True)
class Saw:
    """Somebody read where it is."""

    place: Place

    def after(self, custody: Custody) -> Custody | None:
        return custody if custody.place == self.place else None


@dataclass(frozen=True, slots=True)
class Granted:
    """A tap was answered with the command to open its door. `answered` is the cloud's clock by then.

    `again` says that the grant is an earlier tap's: its command is signed again while nobody has used it.
    """

    grant: str
    person: str
    bank: str
    until: int
    answered: int
    again: bool = False

    def after(self, custody: Custody) -> Custody | None:
        here = (custody.place.state, custody.place.id) == ("stowed", self.bank)
        lock = custody.lock
        free = lock is not None and lock.grant == self.grant if self.again else custody.free(self.answered)
        if not here or not free:
            return None
        return custody._replace(lock=Lock(self.grant, self.person, self.until))


@dataclass(frozen=True, slots=True)
class MaybeGranted:
    """A tap that nobody answered: it may have been granted (its grant's id is known) or not."""

    granted: Granted

    def after(self, custody: Custody) -> Custody | None:
        return self.granted.after(custody) or custody


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A tap was answered with: nothing here for you."""

    bank: str

    def after(self, custody: Custody) -> Custody | None:
        here = (custody.place.state, custody.place.id) == ("stowed", self.bank)
        return None if here and custody.lock is None else custody


@dataclass(frozen=True, slots=True)
class Shut:
    """The bank was acknowledged that the door of a take is shut again, or never opened: `gone` says if it was taken."""

    grant: str
    gone: bool

    def after(self, custody: Custody) -> Custody | None:
        lock = custody.lock
        if lock is None or lock.grant != self.grant:
            return None
        place = with_person(lock.person) if self.gone else custody.place
        return Custody(place, None, self.grant if self.gone else None)


@dataclass(frozen=True, slots=True)
class LetIn:
    """A tap was answered with the command to open a door for bringing a loan's thing back."""

    loan: str

    def after(self, custody: Custody) -> Custody | None:
        lock = custody.lock
        begun = lock is not None and lock.grant == self.loan
        return custody if begun or custody.loan == self.loan else None


@dataclass(frozen=True, slots=True)
class Returned:
    """The bank was acknowledged that its tag lies in a door that was opened for a return."""

    place: Place

    def after(self, custody: Custody) -> Custody | None:
        return Custody(self.place) if custody.place.state == "on_loan" else None


MOVES = {
    ("stowed", "unstow"): "stored",
    ("stored", "stow"): "stowed",
    ("missing", "stow"): "stowed",
    ("in_repair", "stow"): "stowed",
    ("stowed", "send_to_repair"): "in_repair",
    ("stored", "send_to_repair"): "in_repair",
    ("stored", "declare_missing"): "missing",
    ("missing", "found"): "stored",
}
"""What may be stated about an asset that nobody has (design.md, *States*), and the state it leads to."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A move was stated and accepted; `place` is where the answer said it is then."""

    move: str
    place: Place
    answered: int

    def after(self, custody: Custody) -> Custody | None:
        fits = MOVES.get((custody.place.state, self.move)) == self.place.state
        return Custody(self.place) if fits and custody.free(self.answered) else None


@dataclass(frozen=True, slots=True)
class MaybeStated:
    """A move was stated and nobody answered; `site` is whose store room has what is in none of its doors."""

    move: str
    answered: int
    site: str
    door: Place | None = None

    def after(self, custody: Custody) -> Custody | None:
        state = MOVES.get((custody.place.state, self.move))
        if state is None or not custody.free(self.answered):
            return custody
        return Custody(self._place(state, custody.place))

    def _place(self, state: str, before: Place) -> Place:
        rests = Place(state, "workshop") if before.kind != "door" else before._replace(state=state)
        leads = {
            "stored": Place("stored", "site", self.site),
            "stowed": self.door or before,
            "in_repair": rests,
            "missing": Place("missing", "nobody"),
        }
        return leads[state]


@dataclass(frozen=True, slots=True)
class Refused:
    """A move was refused; `code` is why."""

    move: str
    code: str

    def after(self, custody: Custody) -> Custody | None:
        fits = (custody.place.state, self.move) in MOVES
        another = self.move == "stow"  # the door to stow into may be busy, too
        legal = {"wrong_state": not fits, "door_busy": another or custody.lock is not None}
        return custody if legal.get(self.code, True) else None


READING = (Saw, NotOffered, LetIn, Refused)


def reads(call: Call) -> bool:
    """Whether a call leaves all as it was, whatever that was."""
    return isinstance(call, READING)


def judged(history: Sequence[Operation[Call]], start: Custody) -> Verdict[Call]:
    """Return whether a history of one asset has a legal order from a custody on."""
    return check(history, step, start, reads=reads)
