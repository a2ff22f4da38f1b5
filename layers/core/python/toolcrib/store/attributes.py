"""Native DynamoDB maps and lists of plain values; records are converted whole, in `mapping`."""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import Attribute, ListAttribute, MapAttribute
from pynamodb.constants import LIST, MAP

_map: MapAttribute[str, Any] = MapAttribute()
_list: ListAttribute[Any] = ListAttribute()


class PlainMap(Attribute[dict[str, Any]]):
    """A map of text, numbers, booleans, maps and lists. Unlike `MapAttribute` it gives back a plain dict."""

    attr_type = MAP

    def serialize(self, value: Mapping[str, Any]) -> Any:
        """Return the DynamoDB form."""
        return _map.serialize(value)

    def deserialize(self, value: Any) -> dict[str, Any]:
        """Return a plain dict."""
        return _bare(_map.deserialize(value))  # type: ignore[no-any-return]


class PlainList(Attribute[list[Any]]):
    """A list of the same."""

    attr_type = LIST

    def serialize(self, value: Any) -> Any:
        """Return the DynamoDB form."""
        return _list.serialize(value)

    def deserialize(self, value: Any) -> list[Any]:
        """Return a plain list."""
        return _bare(_list.deserialize(value))  # type: ignore[no-any-return]


def _bare(value: Any) -> Any:
    if isinstance(value, MapAttribute):
        return _bare(value.attribute_values)
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items()}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value
