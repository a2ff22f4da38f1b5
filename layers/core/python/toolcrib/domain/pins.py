"""PINs: what is kept of one, who may guess when, and which are too easy (rules.md, row 12; safety.md, threat 3).

A PIN travels as a keyed token (`pin:` + PIN under the org's badge key) and is kept as a slow hash of that token, in an
item of its own: no list, event or log ever shows it. Guesses are counted before they are looked at.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from toolcrib.domain.people import PinStanding
from toolcrib.domain.record import Record, replace

MOST_GUESSES: Final = 5  # rules.md, row 12
LOCKED_FOR: Final = timedelta(minutes=15)  # rules.md, row 12
KIOSK_WINDOW: Final = timedelta(hours=24)  # to reach a bank on the next shift; a badge stolen later sets nothing
MIN_DIGITS: Final = 4
MAX_DIGITS: Final = 12


class SlowHash(Record, frozen=True, kw_only=True):
    """An Argon2id digest with all that it takes to compute it again; `salt` and `digest` are hex."""

    salt: str
    digest: str
    memory_kib: int
    iterations: int
    lanes: int


class Pin(Record, frozen=True, kw_only=True):
    """What is kept of a person's PIN; without a `hash` there is none (it was cleared).

    `key` is the version of the badge key its token was made under. `guesses` were counted since the last right one, the
    last of them was `guess`; `locked_until` is set with the fifth.
    """

    person: str
    hash: SlowHash | None = None
    key: str = ""
    guesses: int = 0
    guess: str | None = None
    locked_until: datetime | None = None
    set_at: datetime | None = None
    version: int = 1

    @property
    def left(self) -> int:
        """How many more guesses there are before it locks."""
        return max(MOST_GUESSES - self.guesses, 0)

    def locked(self, at: datetime) -> bool:
        """Whether no guess is looked at now."""
        return self.locked_until is not None and at < self.locked_until


class Found(StrEnum):
    """How a PIN that was shown was found. `other_key`: it cannot be compared, the badge key was rotated since."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    OTHER_KEY = "other_key"
    SAME_AGAIN = "same_again"


class Shown(Record, frozen=True, kw_only=True):
    """What a person showed, as rule 12 judges it.

    `left` guesses remain after a wrong one, `until` a lock holds; `changed`: a new PIN takes effect with this take.
    """

    found: Found
    left: int = 0
    until: datetime | None = None
    changed: bool = False


class Proven(Record, frozen=True, kw_only=True):
    """What was shown, and what it makes of the record: `pin` and `standing` are written together with the take.

    `cleared` is the PIN with its count reset, for where it was right and the take does not come off.
    """

    shown: Shown
    pin: Pin | None = None
    standing: PinStanding | None = None
    cleared: Pin | None = None


def counted(pin: Pin, guess: str, at: datetime) -> Pin | None:
    """Return the PIN with a guess counted, None while it is locked.

    The very same guess again (an upload that came twice, a lost answer) is known by its id and counts once; a lock that
    has run out begins anew.
    """
    if pin.guess == guess:
        return pin
    if pin.locked(at):
        return None
    guesses = 1 if pin.locked_until is not None else pin.guesses + 1
    until = at + LOCKED_FOR if guesses >= MOST_GUESSES else None
    return replace(pin, guesses=guesses, guess=guess, locked_until=until, version=pin.version + 1)


def reset(pin: Pin) -> Pin:
    """Return the PIN after a right guess, or unlocked by an administrator: nothing is counted."""
    return replace(pin, guesses=0, guess=None, locked_until=None, version=pin.version + 1)


def set_anew(before: Pin | None, *, person: str, hashed: SlowHash | None, key: str, at: datetime) -> Pin:
    """Return the PIN that takes the place of `before`; nothing is counted against it. No hash: there is none now."""
    version = 1 if before is None else before.version + 1
    return Pin(person=person, hash=hashed, key=key, set_at=at, version=version)


def too_easy(digits: str) -> bool:
    """Whether a PIN is among the first that anybody tries: 0000, 1234, 9876, 1357, 1212, 123123."""
    values = [int(digit) for digit in digits]
    steps = {(after - before) % 10 for before, after in pairwise(values)}
    block = next(size for size in range(1, len(digits) + 1) if digits == (digits[:size] * len(digits))[: len(digits)])
    return len(steps) == 1 or block <= len(digits) // 2
