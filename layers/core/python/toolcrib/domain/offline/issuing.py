"""When a bank's roster is made anew: at a change, and before a third of its shortest life is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.record import Record

SHARE: Final = 3  # of the shortest life of a right: after a third of it a bank has another roster
SLACK: Final = timedelta(minutes=2)  # an edit says that it comes before it is written; no function takes longer


class Issued(Record, frozen=True, kw_only=True):
    """A roster that was made for a bank: from when until when it said anything, and what its body's digest is."""

    version: str
    made_at: datetime
    ends_at: datetime
    sha256: str


class Latest(Record, frozen=True, kw_only=True):
    """The roster that a bank was told of last; `issued` is None once it was told to forget it.

    `essence` is what is in it, whenever it was made. It was right at `read_at`, when `signature` was what the rules and
    all doors came to. `fresh_until` is when the bank needs another one, whatever happens.
    """

    issued: Issued | None
    generation: int
    essence: str = ""
    signature: str = ""
    read_at: datetime
    fresh_until: datetime


class Staff(Record, frozen=True, kw_only=True):
    """Everybody of an org as they were just read, by id, and the badges."""

    people: Mapping[str, Person]
    badges: Sequence[Badge]


class Wants(StrEnum):
    """What becomes of a bank's roster now."""

    NOTHING = "nothing"
    A_LOOK = "a_look"
    ANEW = "anew"
    TO_FORGET = "to_forget"


def wants(bank: Bank, latest: Latest | None, signature: str, edited_at: datetime | None, now: datetime) -> Wants:
    """Return what a bank's roster needs: nothing, to be compared with what it would be now, or to be replaced.

    `edited_at` is when people or badges were last edited: whoever was read shortly after may have been read as before.
    """
    known = latest is not None and latest.issued is not None
    if bank.state is not BankState.ACTIVE:
        return Wants.TO_FORGET if known else Wants.NOTHING
    if latest is None or not known or latest.generation != bank.generation or now >= latest.fresh_until:
        return Wants.ANEW
    edited = edited_at is not None and edited_at > latest.read_at - SLACK
    return Wants.A_LOOK if edited or latest.signature != signature else Wants.NOTHING


def fresh_until(made_at: datetime, shortest: timedelta) -> datetime:
    """Return until when a roster need not be replaced, as long as nothing changes."""
    return made_at + shortest / SHARE
