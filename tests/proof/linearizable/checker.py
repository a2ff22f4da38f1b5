"""Looks for a legal order of what happened at the same time: Wing and Gong's search with Lowe's memory.

An operation takes effect at one moment between its beginning and its end. The search puts operations in an order, one
after another, among those that nothing still missing had ended before; where none fits, it takes the last one back.
States that were reached with the same operations done are not visited twice (G. Lowe, *Testing for linearizability*,
2016, after J. Wing and C. Gong, *Testing and verifying concurrent objects*, 1993).

What only reads is put into the order as soon as it fits: it leaves everything as it was, so nothing is lost by it, and
the search branches at changes only.

An operation with an unknown outcome has no end: it may have happened at any later moment, or never.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Call = TypeVar("Call")
State = TypeVar("State", bound=Hashable)

Step = Callable[[State, Call], State | None]
"""What comes after a call in a state; None where the call cannot have been answered as it was."""
Reads = Callable[[Call], bool]


@dataclass(frozen=True, kw_only=True)
class Operation(Generic[Call]):
    """One call with its answer; moments are of one clock, in any unit. `ended` is None for an unknown outcome."""

    client: str
    call: Call
    began: int
    ended: int | None


@dataclass(frozen=True, kw_only=True)
class Verdict(Generic[Call]):
    """Whether there is a legal order; `order` is that order, or the longest that was found."""

    legal: bool
    order: tuple[Operation[Call], ...]


@dataclass(eq=False)
class _Entry(Generic[Call]):
    """A beginning (with `end` to its end, if known) or an end (`operation` None), in a list of both by time."""

    operation: Operation[Call] | None = None
    bit: int = 0
    end: "_Entry[Call] | None" = None
    before: "_Entry[Call] | None" = field(default=None, repr=False)
    after: "_Entry[Call] | None" = field(default=None, repr=False)

    def take_out(self) -> None:
        """Leave the list; neighbours are remembered for `put_back`, which undoes in reverse."""
        for each in (self, self.end):
            if each is not None:
                _join(each.before, each.after)

    def put_back(self) -> None:
        """Undo `take_out`."""
        for each in (self.end, self):
            if each is not None:
                _join(each.before, each)
                _join(each, each.after)


def check(
    history: Sequence[Operation[Call]], step: Step[State, Call], start: State, *, reads: Reads[Call] = lambda _: False
) -> Verdict[Call]:
    """Return whether some order of the history is legal from a state on: each operation within its time.

    Operations of unknown outcome may be left out. Those that would change nothing are, which loses no legal order.
    `reads` names calls that change nothing in any state; naming none is right, too, and slower.
    """
    head, missing = _listed(history), sum(operation.ended is not None for operation in history)
    state, done, entry = start, 0, head.after
    seen: set[tuple[int, State]] = {(done, state)}
    order: list[tuple[_Entry[Call], State]] = []
    longest: list[_Entry[Call]] = []
    while missing:
        found = _next(entry, state, done, seen, (step, reads), fresh=entry is head.after)
        if found is None:
            if not order:
                return Verdict(legal=False, order=_operations(longest))
            last, state = order.pop()
            done, missing = done ^ last.bit, missing + (last.end is not None)
            last.put_back()
            entry = None if last.operation is not None and reads(last.operation.call) else last.after
            continue
        entry, after = found
        order.append((entry, state))
        state, done, missing = after, done | entry.bit, missing - (entry.end is not None)
        seen.add((done, state))
        entry.take_out()
        if len(order) > len(longest):
            longest = [each for each, _ in order]
        entry = head.after
    return Verdict(legal=True, order=_operations([each for each, _ in order]))


def _next(
    entry: _Entry[Call] | None,
    state: State,
    done: int,
    seen: set[tuple[int, State]],
    rules: tuple[Step[State, Call], Reads[Call]],
    *,
    fresh: bool,
) -> tuple[_Entry[Call], State] | None:
    """Return the next operation that fits, from an entry on, with the state after it; None at the first end.

    At a `fresh` beginning of what is left, anything that reads and fits goes first, and nothing else is tried then.
    """
    step, reads = rules
    for each in _begun(entry) if fresh else ():
        if each.end is not None and reads(each.operation.call) and step(state, each.operation.call) is not None:
            return (each, state) if (done | each.bit, state) not in seen else None
    for each in _begun(entry):
        after = None if reads(each.operation.call) else step(state, each.operation.call)
        idle = after == state and each.end is None
        if after is not None and not idle and (done | each.bit, after) not in seen:
            return each, after
    return None


def _begun(entry: _Entry[Call] | None) -> Iterator[_Entry[Call]]:
    """Yield the beginnings from an entry up to the first end."""
    while entry is not None and entry.operation is not None:
        yield entry
        entry = entry.after


def _listed(history: Sequence[Operation[Call]]) -> _Entry[Call]:
    """Return the head of the list of beginnings and ends; at the same moment beginnings come first."""
    moments: list[tuple[int, bool, int, _Entry[Call]]] = []
    for number, operation in enumerate(history):
        begin: _Entry[Call] = _Entry(operation=operation, bit=1 << number)
        moments.append((operation.began, False, number, begin))
        if operation.ended is not None:
            begin.end = _Entry()
            moments.append((operation.ended, True, number, begin.end))
    head: _Entry[Call] = _Entry()
    last = head
    for *_, entry in sorted(moments, key=lambda moment: moment[:3]):
        _join(last, entry)
        last = entry
    return head


def _join(before: _Entry[Call] | None, after: _Entry[Call] | None) -> None:
    if before is not None:
        before.after = after
    if after is not None:
        after.before = before


def _operations(entries: list[_Entry[Call]]) -> tuple[Operation[Call], ...]:
    return tuple(entry.operation for entry in entries if entry.operation is not None)
