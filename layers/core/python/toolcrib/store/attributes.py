"""Native DynamoDB maps and lists of plain values; records are converted whole, in `mapping`.

PynamoDB's own raw `MapAttribute` wraps every level in attribute containers, which is half of the CPU of reading a bank;
plain values need none of that.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY, BOOLEAN, LIST, MAP, NULL, NUMBER, STRING


class PlainMap(Attribute[dict[str, Any]]):
    """A map of text, whole numbers, fractions, booleans, maps and lists."""

    attr_type = MAP

    def serialize(self, value: Mapping[str, Any]) -> Any:
        """Return the DynamoDB form."""
        return typed(value)[MAP]

    def deserialize(self, value: Any) -> dict[str, Any]:
        """Return a plain dict."""
        return {name: untyped(inner) for name, inner in value.items()}


class PlainList(Attribute[list[Any]]):
    """A list of the same."""

    attr_type = LIST

    def serialize(self, value: Any) -> Any:
        """Return the DynamoDB form."""
        return typed(value)[LIST]

    def deserialize(self, value: Any) -> list[Any]:
        """Return a plain list."""
        return [untyped(inner) for inner in value]


def typed(value: Any) -> dict[str, Any]:
    """Return a plain value in DynamoDB's typed JSON; raises `TypeError` for what no item of ours holds."""
    if isinstance(value, str):
        return {STRING: str(value)}
    if isinstance(value, bool):
        return {BOOLEAN: value}
    if isinstance(value, int | float):
        return {NUMBER: str(value)}
    if isinstance(value, Mapping):
        return {MAP: {str(name): typed(inner) for name, inner in value.items()}}
    if isinstance(value, list | tuple):
        return {LIST: [typed(inner) for inner in value]}
    if value is None:
        return {NULL: True}
    raise TypeError(f"{type(value).__name__} cannot be stored")


def untyped(value: Mapping[str, Any]) -> Any:
    """Return the plain value of DynamoDB's typed JSON."""
    ((kind, inner),) = value.items()
    if kind == MAP:
        return {name: untyped(each) for name, each in inner.items()}
    if kind == LIST:
        return [untyped(each) for each in inner]
    if kind == NUMBER:
        return int(inner) if inner.lstrip("-").isdigit() else float(inner)
    if kind == BINARY:
        raise TypeError("no item of ours holds bytes")
    return None if kind == NULL else inner


def plain_attributes(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw item's attributes as plain values."""
    return {name: untyped(value) for name, value in raw.items()}
