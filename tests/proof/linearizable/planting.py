"""Plants what must not happen into histories that are legal, where nothing else can explain it.

double grant   while somebody's grant is good, somebody else is granted the same
lost update    somebody was told that it changed, and right after that somebody reads it as it was before
stale read     somebody reads it as it was before a change that was over when they asked
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from tests.proof.linearizable.checker import Operation
from tests.proof.linearizable.custody import (
    MOVES,
    Call,
    Custody,
    Granted,
    MaybeStated,
    Place,
    Returned,
    Saw,
    Shut,
    Stated,
    judged,
    step,
)

History = Sequence[Operation[Call]]
Walk = list[tuple[Operation[Call], Custody, Custody]]
Plant = Callable[[History, Custody, Random], History | None]

MOVING = (Shut, Returned, Stated, MaybeStated)
STRETCH = 4  # moments are pulled apart, so that something fits between any two


def double_grant(history: History, start: Custody, chance: Random) -> History | None:
    """Grant to somebody else what is granted already; None where nothing is."""
    pairs = [
        (granted, shut)
        for granted in history
        if isinstance(granted.call, Granted) and not granted.call.again
        for shut in history
        if isinstance(shut.call, Shut) and shut.call.grant == granted.call.grant and _over(granted, shut)
    ]
    if not pairs:
        return None
    first, _ = chance.choice(pairs)
    call = first.call
    assert isinstance(call, Granted)
    second = replace(call, grant=f"{call.grant}.", person=f"{call.person}.", until=call.until + 1)
    return _right_after(history, first, second)


def lost_update(history: History, start: Custody, chance: Random) -> History | None:
    """Read it as it was before a change, right after that was acknowledged; None where nothing moves it."""
    changes = [
        (operation, before)
        for operation, before, after in _walk(history, start)
        if operation.ended is not None and before.place != after.place and _alone(history, operation)
    ]
    if not changes:
        return None
    change, before = chance.choice(changes)
    return _right_after(history, change, Saw(before.place))


def stale_read(history: History, start: Custody, chance: Random) -> History | None:
    """Let a reader see where it was before the last change that was over; None where there is no such reader."""
    walk = _walk(history, start)
    reads = [
        (read, old)
        for read in history
        if isinstance(read.call, Saw) and (old := _overwritten(walk, read)) and not _maybe_back(history, old, read)
    ]
    if not reads:
        return None
    read, place = chance.choice(reads)
    return [replace(each, call=Saw(place)) if each is read else each for each in history]


PLANTS: Mapping[str, Plant] = {"double grant": double_grant, "lost update": lost_update, "stale read": stale_read}


def _overwritten(walk: Walk, read: Operation[Call]) -> Place | None:
    """Return where it was before the last change that ended before a reading, unless it may be there again."""
    over = [
        number for number, (each, before, after) in enumerate(walk) if before.place != after.place and _over(each, read)
    ]
    if not over:
        return None
    later = {after.place for each, _, after in walk[over[-1] :] if each.began < (read.ended or 0)}
    old = walk[over[-1]][1].place
    return None if old in later else old


def _maybe_back(history: History, old: Place, read: Operation[Call]) -> bool:
    """Whether somebody who heard no answer may have put it there again, at any later moment."""
    unknown = (each.call for each in history if each.began < (read.ended or 0))
    moves = {call.move for call in unknown if isinstance(call, MaybeStated) and call.door in {None, old}}
    return any(move in moves and state == old.state for (_, move), state in MOVES.items())


def _walk(history: History, start: Custody) -> Walk:
    """Return the operations of a legal history in a legal order, each with the custody before and after it."""
    custody, walk = start, []
    for operation in judged(history, start).order:
        after = step(custody, operation.call)
        assert after is not None
        walk.append((operation, custody, after))
        custody = after
    return walk


def _right_after(history: History, first: Operation[Call], call: Call) -> History:
    """Return the history with a call that begins and ends right after an operation has ended."""
    assert first.ended is not None
    stretched = [
        replace(each, began=STRETCH * each.began, ended=None if each.ended is None else STRETCH * each.ended)
        for each in history
    ]
    planted = Operation(client="planted", call=call, began=STRETCH * first.ended + 1, ended=STRETCH * first.ended + 2)
    return [*stretched, planted]


def _over(one: Operation[Call], other: Operation[Call]) -> bool:
    return one.ended is not None and one.ended < other.began


def _alone(history: History, change: Operation[Call]) -> bool:
    """Whether nothing else moves it at the same time: nothing can have changed it back by the end of the change."""
    return not any(
        each is not change and not _over(each, change) and not _over(change, each)
        for each in history
        if isinstance(each.call, MOVING)
    )
