"""A table as its template describes it, and its items, found by key or by what an index says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.support.dynamo.values import Attributes
from tests.support.templates import template

Key = tuple[str, str]
Rows = dict[Key, Attributes]
Place = tuple[Any, ...]
Placing = Callable[[Attributes], Place]
Placed = list[tuple[Place, Attributes]]


def in_order(items: Iterable[Attributes], place: Placing) -> Placed:
    """Return items with their places, which no two share, in ascending order."""
    return sorted((place(item), item) for item in items)


class Index(NamedTuple):
    """A table's own keys or those of a secondary index; `shows` is None where it shows everything."""

    hash: str
    range: str
    shows: frozenset[str] | None

    def key(self, item: Attributes) -> Key | None:
        """Return what an item sorts under here, None for an item that is not here."""
        if self.hash in item and self.range in item:
            return item[self.hash]["S"], item[self.range]["S"]
        return None

    def shown(self, item: Attributes) -> Attributes:
        """Return what this index shows of an item."""
        return item if self.shows is None else {name: value for name, value in item.items() if name in self.shows}


PRIMARY = Index("pk", "sk", None)


class Items(MutableMapping[Key, Attributes]):
    """A table's items by key; `rows` finds those of one partition. An item is never changed in place."""

    def __init__(self, indexes: Mapping[str, Index]) -> None:
        self._rows: Rows = {}
        self._indexes = (PRIMARY, *indexes.values())
        self._partitions: dict[Index, dict[str, Rows]] = {index: {} for index in self._indexes}
        self._scanned: dict[Index, Placed] = {}

    def __getitem__(self, key: Key) -> Attributes:
        return self._rows[key]

    def get(self, key: Key, default: Any = None) -> Any:
        return self._rows.get(key, default)

    def __setitem__(self, key: Key, item: Attributes) -> None:
        self._scanned.clear()
        if key in self._rows:
            self._forget(key)
        self._rows[key] = item
        for index in self._indexes:
            found = index.key(item)
            if found is not None:
                self._partitions[index].setdefault(found[0], {})[key] = item

    def __delitem__(self, key: Key) -> None:
        self._scanned.clear()
        self._forget(key)
        del self._rows[key]

    def _forget(self, key: Key) -> None:
        for index in self._indexes:
            found = index.key(self._rows[key])
            if found is not None:
                del self._partitions[index][found[0]][key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def snapshot(self) -> Rows:
        """Return everything as it is now."""
        return dict(self._rows)

    def restore(self, rows: Rows) -> None:
        """Have these items and no others."""
        self._rows.clear()
        self._scanned.clear()
        for partitions in self._partitions.values():
            partitions.clear()
        self.update(rows)

    def in_order(self, index: Index, place: Placing) -> Placed:
        """Return all items that are in an index, in order, not to be changed; sorted anew only after a change."""
        if index not in self._scanned:
            self._scanned[index] = in_order((item for item in self._rows.values() if index.key(item)), place)
        return self._scanned[index]

    def rows(self, index: Index, hash_key: str) -> Rows:
        """Return the items of one partition, not to be changed."""
        return self._partitions[index].get(hash_key, {})


@dataclass
class Table:
    """One table: its items, its indexes by name, and whether it has a stream."""

    indexes: dict[str, Index] = field(default_factory=dict)
    streamed: bool = False
    expires: str | None = None

    def __post_init__(self) -> None:
        self.items = Items(self.indexes)

    @classmethod
    def from_template(cls, resource: str) -> "Table":
        """Return a table of infra/foundation.yaml, empty."""
        properties = template("infra/foundation.yaml")["Resources"][resource]["Properties"]
        indexes = {each["IndexName"]: _index(each) for each in properties.get("GlobalSecondaryIndexes", ())}
        expires = properties.get("TimeToLiveSpecification", {}).get("AttributeName")
        return cls(indexes=indexes, streamed="StreamSpecification" in properties, expires=expires)


def _index(described: dict[str, Any]) -> Index:
    keys = {key["KeyType"]: key["AttributeName"] for key in described["KeySchema"]}
    projection = described["Projection"]
    shows = {"pk", "sk", *keys.values(), *projection.get("NonKeyAttributes", ())}
    everything = projection["ProjectionType"] == "ALL"
    return Index(keys["HASH"], keys["RANGE"], None if everything else frozenset(shows))


def key_of(attributes: Attributes) -> Key:
    """Return an item's key."""
    return attributes["pk"]["S"], attributes["sk"]["S"]
