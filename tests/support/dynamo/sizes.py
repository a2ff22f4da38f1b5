"""What a value weighs, by the developer guide's "DynamoDB item sizes and formats"; and whether it may be at all."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from marshal import dumps
from typing import Any

from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.values import Attributes, number, written

HEAVIEST_ITEM_BYTES = 400 * 1024
CONTAINER_BYTES = 3  # of a list or map, beside one for each thing in it
DEEPEST = 32
AS_IT_IS = frozenset({"S", "B", "BOOL", "NULL"})


def checked(item: Attributes) -> Attributes:
    """Return an item as DynamoDB keeps it, its numbers in their one form; raises `Invalid` for what cannot be kept."""
    kept = {name: canonical(value) for name, value in item.items()}
    not_too_heavy(kept)
    return kept


def not_too_heavy(item: Attributes) -> None:
    """Raise `Invalid` for an item above 400 KB; what even Python writes down in fewer is not weighed."""
    if len(dumps(item, 2)) > HEAVIEST_ITEM_BYTES and weigh_item(item) > HEAVIEST_ITEM_BYTES:
        raise Invalid("Item size has exceeded the maximum allowed size")


def heavier(items: list[Attributes], than: int) -> bool:
    """Whether items that each may be kept weigh more than some bytes together."""
    if len(items) * HEAVIEST_ITEM_BYTES <= than or len(dumps(items, 2)) <= than:
        return False
    return sum(map(weigh_item, items)) > than


def weigh_item(item: Attributes) -> int:
    """Return an item's size: its names and its values."""
    return sum(len(name.encode()) + weigh(value) for name, value in item.items())


def weigh(value: Attributes) -> int:
    """Return a value's size in bytes."""
    ((kind, inner),) = value.items()
    return _SIZES[kind](inner)


def _number(inner: str) -> int:
    digits = "".join(map(str, number(inner).as_tuple().digits))
    return (len(digits) + 1) // 2 + 1 + (inner[0] == "-")


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda inner: len(inner.encode()),
    "N": _number,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda inner: sum(len(each.encode()) for each in inner),
    "NS": lambda inner: sum(map(_number, inner)),
    "BS": lambda inner: sum(map(len, inner)),
    "L": lambda inner: CONTAINER_BYTES + len(inner) + sum(map(weigh, inner)),
    "M": lambda inner: CONTAINER_BYTES + len(inner) + weigh_item(inner),
}


def canonical(value: Attributes, depth: int = 1) -> Attributes:
    """Return a value with its numbers in their one form; raises `Invalid` for a value that there cannot be."""
    if len(value) != 1:
        raise Invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one")
    ((kind, inner),) = value.items()
    if kind in AS_IT_IS or (kind == "N" and _canonical_number(inner) == inner):
        return value
    return {kind: _CANONICAL[kind](inner, depth)}


@lru_cache(maxsize=10_000)
def _canonical_number(inner: str) -> str:
    return written(number(inner))


def _canonical_set(inner: list[Any], _depth: int) -> list[Any]:
    if not inner:
        raise Invalid("One or more parameter values were invalid: An set may not be empty")
    if len(set(inner)) != len(inner):
        raise Invalid(f"One or more parameter values were invalid: Input collection {inner} contains duplicates.")
    return inner


def _not_too_deep(depth: int) -> None:
    if depth > DEEPEST:
        raise Invalid("Nesting Levels have exceeded supported limits")


def _canonical_list(inner: list[Attributes], depth: int) -> list[Attributes]:
    _not_too_deep(depth)
    return [canonical(each, depth + 1) for each in inner]


def _canonical_map(inner: Attributes, depth: int) -> Attributes:
    _not_too_deep(depth)
    return {name: canonical(each, depth + 1) for name, each in inner.items()}


_CANONICAL: Mapping[str, Callable[[Any, int], Any]] = {
    "N": lambda inner, _: _canonical_number(inner),
    "SS": _canonical_set,
    "BS": _canonical_set,
    "NS": lambda inner, _: _canonical_set([_canonical_number(each) for each in inner], 0),
    "L": _canonical_list,
    "M": _canonical_map,
}
