"""Every order of the same reports, with every copy: what they come to must be one and the same (safety.md, I9).

Orders that led to the same record are followed on as one, so that all 2,520 orders of four reports in two copies cost
a few hundred calls. Copies without end are tried by hearing again, at every record there is on the way, whatever was
heard before: where that changes nothing, no number of copies does. What is compared leaves out only how often records
were written and which numbers were heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support import invariants
from tests.support.world import World

Step = Callable[[], object]
Left = tuple[tuple[str, int], ...]

HOW_OFTEN = frozenset({"version", "wake", "hash", "prev_hash", "head"})
"""What tells how a record came to be and not what it says."""


@dataclass
class Orders:
    """Explores the orders of some named steps. `ends` holds each end that was reached, with an order that led there."""

    here: World
    steps: Mapping[str, Step]
    ends: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _seen: set[tuple[str, Left]] = field(default_factory=set)
    _again: bool = False

    def explore(self, copies: int = 2, *, again: bool = False) -> "Orders":
        """Take every step `copies` times in every order, from the record as it is now; with `again` at least as often.

        `again` lets every step that was taken be taken again at any moment, as often as that changes anything.
        """
        _known.clear()
        self._again = again
        self._from(tuple((name, copies) for name in self.steps), ())
        return self

    def _from(self, left: Left, order: tuple[str, ...]) -> None:
        assert self.here.dynamo is not None
        now = self.here.dynamo.snapshot()
        key = (_said(now, heard=True), left)
        if key in self._seen:
            return
        self._seen.add(key)
        if not left:
            invariants.check()
            self.ends.setdefault(_end(now), order)
        for name in self.steps.keys() - dict(left).keys() if self._again else ():
            self.steps[name]()
            if _said(self.here.dynamo.snapshot(), heard=True) != key[0]:
                self._from(left, (*order, f"{name} again"))
            self.here.dynamo.restore(now)
        for name, _ in left:
            self.steps[name]()
            fewer = tuple((each, n - (each == name)) for each, n in left if n - (each == name))
            self._from(fewer, (*order, name))
            self.here.dynamo.restore(now)

    def check(self) -> None:
        """Raise `AssertionError` unless all orders came to one end."""
        if len(self.ends) != 1:
            (one, first), (other, second) = list(self.ends.items())[:2]
            ours, theirs = one.split("\n"), other.split("\n")
            differing = [f"- {each}" for each in ours if each not in theirs]
            differing += [f"+ {each}" for each in theirs if each not in ours]
            raise AssertionError("\n".join([f"{len(self.ends)} ends:", f"- {first}", f"+ {second}", *differing]))


def record_now(here: World) -> str:
    """Return what the record says now, comparable with another time: see `HOW_OFTEN`."""
    assert here.dynamo is not None
    return _end(here.dynamo.snapshot())


def _end(snapshot: Any) -> str:
    """Return what the record says in the end: all of the state, and of the ledger what I9 compares."""
    record = invariants.read()
    told = {asset: invariants.custody(events) for asset, events in record.events.items()}
    return "\n".join([_said({"state": snapshot["state"]}, heard=False), *map(repr, sorted(told.items()))])


def _said(snapshot: Any, *, heard: bool) -> str:
    rows = ((key, item) for table in snapshot.values() for key, item in table.items() if key[1] != "NOTICE")
    return "\n".join(sorted(f"{pk} {sk} {_item(item, heard=heard)}" for (pk, sk), item in rows))


_known: dict[tuple[int, bool], tuple[Any, str]] = {}


def _item(item: Any, *, heard: bool) -> str:
    """Return an item as text; items are never changed in place, so that each is read once."""
    known = _known.get((id(item), heard))
    if known is None or known[0] is not item:
        known = _known[id(item), heard] = (item, str(_plain({"M": item}, heard=heard)))
    return known[1]


def _plain(value: dict[str, Any], *, heard: bool) -> Any:
    """Return an attribute without its types, counters and (unless `heard`) the numbers of reports that came in."""
    kind, inner = next(iter(value.items()))
    if kind == "M":
        skipped = HOW_OFTEN if heard else HOW_OFTEN | {"seqs"}
        kept = {name: _plain(each, heard=heard) for name, each in sorted(inner.items()) if name not in skipped}
        return {name: sorted(set(map(tuple, each))) if name == "seqs" else each for name, each in kept.items()}
    return [_plain(each, heard=heard) for each in inner] if kind == "L" else inner
