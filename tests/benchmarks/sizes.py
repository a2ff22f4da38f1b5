"""DynamoDB's own arithmetic: item sizes, write and read units, index writes.

Emulators' consumed capacity is not to be trusted.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from toolcrib.store.tables import LISTED

Item = Mapping[str, Any]
WRITE_UNIT, READ_UNIT = 1024, 4096
INDEXES = {
    "agenda": ("agenda_pk", "agenda_at", ()),
    "listing": ("listing_pk", "listing_sk", LISTED),
}


def size(item: Item) -> int:
    """Return an item's size in bytes, by AWS's published rules."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return ceil(len(value.lstrip("-").replace(".", "").strip("0") or "0") / 2) + 1
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value(inner) for name, inner in value.items())
    if kind == "L":
        return 3 + sum(1 + _value(inner) for inner in value)
    return 1  # BOOL, NULL


def write_units(before: Item | None, after: Item | None, *, transaction: bool) -> int:
    """Return the write units of one item's change, index writes included."""
    bigger = max(size(before or {}), size(after or {}))
    table = ceil(bigger / WRITE_UNIT) * (2 if transaction else 1)
    return table + sum(_index_units(before, after, *index) for index in INDEXES.values())


def _index_units(before: Item | None, after: Item | None, pk: str, sk: str, projected: Iterable[str]) -> int:
    """A new or gone entry is one write, a moved one two, a changed one one, an unchanged one none."""
    old, new = _entry(before, pk, sk, projected), _entry(after, pk, sk, projected)
    if old == new:
        return 0
    if old is None or new is None:
        return ceil(size(old or new or {}) / WRITE_UNIT)
    moved = (old[pk], old[sk]) != (new[pk], new[sk])
    return ceil(size(new) / WRITE_UNIT) + (ceil(size(old) / WRITE_UNIT) if moved else 0)


def _entry(item: Item | None, pk: str, sk: str, projected: Iterable[str]) -> Item | None:
    if item is None or pk not in item or sk not in item:
        return None
    names = ("pk", "sk", pk, sk, *projected)
    return {name: item[name] for name in names if name in item}


def read_units(total_bytes: int, *, consistent: bool = True) -> float:
    """Return the read units of one read of so many bytes."""
    return max(ceil(total_bytes / READ_UNIT), 1) * (1.0 if consistent else 0.5)
