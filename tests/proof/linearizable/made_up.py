"""Histories that are legal by making: each operation takes effect at once, at a moment within its time."""

from collections.abc import Callable, Mapping
from random import Random

from tests.proof.linearizable.checker import Operation
from tests.proof.linearizable.custody import (
    MOVES,
    Call,
    Custody,
    Granted,
    MaybeGranted,
    MaybeStated,
    NotOffered,
    Place,
    Refused,
    Returned,
    Saw,
    Shut,
    Stated,
    stowed,
)

BANKS, DOORS, PEOPLE = ("hq-01", "hq-02"), 2, 4
BEGINNING = Custody(stowed(BANKS[0], 1))
FAR, APART = 1_000_000, 100  # grants last; one effect after the other, so far apart


def history(chance: Random, operations: int, *, unknown: float = 0.0, reach: int = 300) -> list[Operation[Call]]:
    """Return a legal history from `BEGINNING` on; each operation spans up to `reach` before and after its effect."""
    custody, made = BEGINNING, []
    for number in range(operations):
        call, at = _call(chance, custody, number), APART * (number + 1)
        outcome_known = chance.random() >= unknown or isinstance(call, Shut | Returned)
        if not outcome_known:
            call = _maybe(call)
        if outcome_known or chance.random() < 1 / 2:  # or it never happened
            custody = _after(call, custody)
        began, ended = at - chance.randrange(reach), at + chance.randrange(reach)
        made.append(Operation(client=str(number), call=call, began=began, ended=ended if outcome_known else None))
    return made


def _after(call: Call, custody: Custody) -> Custody:
    after = call.after(custody)
    assert after is not None
    return after


def _maybe(call: Call) -> Call:
    """Return a call as it is without its answer."""
    if isinstance(call, Granted):
        return MaybeGranted(call)
    if isinstance(call, Stated):
        return MaybeStated(call.move, call.answered, "hq", call.place if call.move == "stow" else None)
    return call


def _call(chance: Random, custody: Custody, number: int) -> Call:
    """Return something that somebody asks in a custody, with the answer that it has to get."""
    asks: Mapping[str, Callable[[Random, Custody, int], Call]] = {"read": _read, "tap": _tap, "state": _state}
    if custody.lock is not None and chance.random() < 1 / 2:
        return Shut(custody.lock.grant, gone=chance.random() < 3 / 4)
    if custody.place.state == "on_loan" and chance.random() < 1 / 2:
        return Returned(stowed(chance.choice(BANKS), chance.randint(1, DOORS)))
    return asks[chance.choice(("read", "tap", "tap", "state"))](chance, custody, number)


def _read(_chance: Random, custody: Custody, _number: int) -> Call:
    return Saw(custody.place)


def _tap(chance: Random, custody: Custody, number: int) -> Call:
    bank = chance.choice(BANKS)
    granted = Granted(f"g-{number}", f"p-{chance.randint(1, PEOPLE)}", bank, FAR, number)
    return granted if granted.after(custody) is not None else NotOffered(bank)


def _state(chance: Random, custody: Custody, number: int) -> Call:
    move = chance.choice(sorted({move for _, move in MOVES}))
    state = MOVES.get((custody.place.state, move))
    if state is None:
        return Refused(move, "wrong_state")
    if custody.lock is not None:
        return Refused(move, "door_busy")
    door = stowed(chance.choice(BANKS), chance.randint(1, DOORS))
    leads = {"stowed": door, "stored": Place("stored", "site", "hq"), "missing": Place("missing", "nobody")}
    rests = custody.place.kind == "door"
    repaired = custody.place._replace(state=state) if rests else Place(state, "workshop")
    return Stated(move, leads.get(state, repaired), number)
