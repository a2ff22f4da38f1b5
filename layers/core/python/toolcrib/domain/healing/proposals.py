"""What each combination of record and sight is, and what repair is proposed for it: one table, every row a test.

    the record says    seen in                 finding       what the record would become      by itself
    stowed here        this door               agrees        -
    stowed here        no door                 ghost         missing                           never (1)
    stowed here        this one and another    double_seen   (a person says)                   never (2)
    stowed next door   this door               wrong_door    stowed here                       yes
    in repair there    this door               wrong_door    stowed here                       never (5)
    stowed in a bank   this door of another    stray         stowed here                       never (3)
    with a person      this door               stray         stowed here, its loan closed      never (4)
    stored, in repair, missing, lost           stray         stowed here                       never (5)
    retired            this door               stray         (a person says)                   never
    unconfirmed        a door of its bank      as stowed     stowed here                       if only tags doubted it
    unconfirmed        another bank's door     stray         stowed here                       never
    unconfirmed        no door                 ghost         missing                           never (1)
    any                two places              double_seen   (a person says)                   never (2)

(1) That nobody sees it proves nothing of where it is: the record doubts it (unconfirmed), and a person gives it up.
(2) One of the readers is wrong, or a tag was copied. Where one of them confirms the record, the record stays.
(3) Or a stolen bank could hide a theft from another: that one's reader would say that the thing is gone.
(4) rules.md, *Doors*: tags reported without a grant never close a loan by themselves.
(5) rules.md, *Lost, found, disputed*: a reader that sees it proposes this; a return or a person makes it so.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from typing import Final

from toolcrib.domain.assets import Asset, CustodianKind
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.record import Record
from toolcrib.domain.states import Move, State


class Place(StrEnum):
    """Where the record has a thing, as the door sees it that speaks: in it, in its bank, or anywhere else."""

    HERE = "here"
    NEXT_DOOR = "next_door"
    ELSEWHERE = "elsewhere"


class Sight(StrEnum):
    """In how many places a tag is seen: in none, in this door only, or in this and another."""

    NOWHERE = "nowhere"
    HERE = "here"
    TWICE = "twice"


class Applied(StrEnum):
    """Whether a repair is made by itself: `if_alone` where nothing but unseen tags made the doubt (`Repair.alone`)."""

    NEVER = "never"
    YES = "yes"
    IF_ALONE = "if_alone"


class Proposal(Record, frozen=True, kw_only=True):
    """A finding, the move that would mend it (None: a person has to say), and whether it is made by itself."""

    finding: Finding
    move: Move | None = None
    applied: Applied = Applied.NEVER


AGREES: Final = Proposal(finding=Finding.AGREES)
_DOUBLE: Final = Proposal(finding=Finding.DOUBLE_SEEN)
_GHOST: Final = Proposal(finding=Finding.GHOST, move=Move.DECLARE_MISSING)
_STRAY: Final = Proposal(finding=Finding.STRAY, move=Move.STOW)
_WRONG: Final = Proposal(finding=Finding.WRONG_DOOR, move=Move.RECONCILED, applied=Applied.YES)
_LISTED: Final = frozenset({State.STOWED, State.IN_REPAIR})
_BACK: Final = {
    Place.HERE: Proposal(finding=Finding.GHOST, move=Move.RECONCILED, applied=Applied.IF_ALONE),
    Place.NEXT_DOOR: Proposal(finding=Finding.WRONG_DOOR, move=Move.RECONCILED, applied=Applied.IF_ALONE),
    Place.ELSEWHERE: _STRAY,
}


def _proposed(state: State, place: Place, sight: Sight) -> Proposal:
    if sight is Sight.NOWHERE:
        here = place is Place.HERE and state in _LISTED
        return _GHOST if here or state is State.UNCONFIRMED else AGREES
    if sight is Sight.TWICE:
        return _DOUBLE
    if state is State.UNCONFIRMED:
        return _BACK[place]
    if state in _LISTED and place is Place.HERE:
        return AGREES
    if state in _LISTED and place is Place.NEXT_DOOR:
        return _WRONG if state is State.STOWED else Proposal(finding=Finding.WRONG_DOOR, move=Move.STOW)
    return Proposal(finding=Finding.STRAY) if state is State.RETIRED else _STRAY


TABLE: Final[Mapping[tuple[State, Place, Sight], Proposal]] = {
    row: _proposed(*row) for row in product(State, Place, Sight)
}
"""Total: whatever is on record and whatever is seen has a row."""


def place_of(asset: Asset, bank: str, door: int) -> Place:
    """Return where the record has an asset, or last saw it, as a door sees it."""
    at = asset.custodian
    if at.kind is not CustodianKind.DOOR or at.id != bank:
        return Place.ELSEWHERE
    return Place.HERE if at.door == door else Place.NEXT_DOOR


def proposed(asset: Asset, bank: str, door: int, sight: Sight) -> Proposal:
    """Return what is found, and proposed, of an asset (as on record) that a door speaks of."""
    return TABLE[asset.state, place_of(asset, bank, door), sight]


def repair(asset: Asset, bank: str, door: int, sight: Sight, *, alone: bool = False) -> Repair:
    """Return the repair that a case holds about an asset, as it was on record before, that a door speaks of.

    A person who applies it states it: what tags would reconcile is then stowed (`intentions.py`).
    """
    found = proposed(asset, bank, door, sight)
    if found.move in {Move.STOW, Move.RECONCILED}:
        return Repair(finding=found.finding, move=Move.STOW, bank=bank, door=door)
    return Repair(finding=found.finding, move=found.move, alone=alone and found.finding is Finding.GHOST)
