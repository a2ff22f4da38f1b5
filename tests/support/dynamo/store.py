"""What the tables hold and remember: items, what is locked, tokens, the last writes, the stream."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, NamedTuple

from tests.support.dynamo.refused import Refused
from tests.support.dynamo.tables import Index, Key, Placed, Placing, Rows, Table, in_order
from tests.support.dynamo.values import Attributes

Hook = Callable[[str, dict[str, Any]], None]
Target = tuple[str, Key]

REMEMBERED_WRITES = 1000


class Change(NamedTuple):
    """One record of a table's stream: the item before and after, None for none, and its place in the order."""

    table: str
    old: Attributes | None
    new: Attributes | None
    number: int


class Token(NamedTuple):
    """A client request token: when it was first honoured, None while that is going on, and for what."""

    at: float | None
    orders: Any


@dataclass
class Store:
    """The state of the tables.

    `clock` gives seconds. `staleness` is asked at each eventually consistent read: how many of the last writes it does
    not see. `unprocessed` is asked at each batch: how many of its keys it leaves for another time. `during` is called
    while a transaction's keys are locked and nothing of it is written yet.
    """

    tables: dict[str, Table] = field(default_factory=dict)
    during: list[Hook] = field(default_factory=list)
    stream: list[Change] = field(default_factory=list)
    clock: Callable[[], float] = lambda: time.time()  # noqa: PLW0108 - found anew each time: tests travel
    staleness: Callable[[], int] = int
    unprocessed: Callable[[], int] = int
    locked: set[Target] = field(default_factory=set)
    tokens: dict[str, Token] = field(default_factory=dict)
    lock: Any = field(default_factory=RLock)  # for threads, never held while a hook runs
    _writes: deque[tuple[str, Key, Attributes | None]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_WRITES))
    _number: int = 0

    def table(self, name: str) -> Table:
        """Return a table; raises `Refused`."""
        if name not in self.tables:
            raise Refused("any", "ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
        return self.tables[name]

    def write(self, name: str, key: Key, item: Attributes | None) -> None:
        """Have an item under a key from now on, or none."""
        table = self.tables[name]
        before = table.items.get(key)
        if before == item:
            return  # AWS: a write that changes no data makes no stream record
        self._writes.append((name, key, before))
        if item is None:
            del table.items[key]
        else:
            table.items[key] = item
        if table.streamed:
            self._number += 1
            self.stream.append(Change(name, before, item, self._number))

    def forget(self) -> None:
        """Know of no write, lock or token, and have streamed nothing."""
        for memory in (self.stream, self.locked, self.tokens, self._writes):
            memory.clear()

    def unseen(self, name: str) -> dict[Key, Attributes | None]:
        """Return what an eventually consistent read sees instead of what there is."""
        count = min(self.staleness(), len(self._writes))
        late = (self._writes[-each] for each in range(1, count + 1))
        return {key: before for table, key, before in late if table == name}

    def rows(self, name: str, index: Index, hash_key: str, *, consistent: bool) -> Rows:
        """Return the items of a partition as a read sees them."""
        found = self.tables[name].items.rows(index, hash_key)
        unseen = {} if consistent else self.unseen(name)
        if not unseen:
            return found
        then = {key: item for key, item in unseen.items() if item is not None and _in(index, item, hash_key)}
        return {key: item for key, item in found.items() if key not in unseen} | then

    def everything(self, name: str, index: Index, place: Placing, *, consistent: bool) -> Placed:
        """Return what a read sees of a table's or an index's items, in order."""
        items, unseen = self.tables[name].items, {} if consistent else self.unseen(name)
        if not unseen:
            return items.in_order(index, place)
        seen = {**items.snapshot(), **unseen}.values()
        return in_order((item for item in seen if item is not None and index.key(item)), place)

    def expire(self, now: float) -> int:
        """Delete what is past its time to live, as AWS does some day; returns how many items that were."""
        over = [
            (name, key)
            for name, table in self.tables.items()
            for key, item in table.items.items()
            if table.expires is not None and float(item.get(table.expires, {}).get("N", "inf")) < now
        ]
        for name, key in over:
            self.write(name, key, None)
        return len(over)


def _in(index: Index, item: Attributes, hash_key: str) -> bool:
    key = index.key(item)
    return key is not None and key[0] == hash_key
