"""Reading and changing what lies under a document path. Nothing is changed in place: whatever changes is copied."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from tests.support.dynamo.refused import Invalid, Unfit
from tests.support.dynamo.syntax import Path
from tests.support.dynamo.values import Attributes

Steps = tuple[str | int, ...]
ASTRAY = "The document path provided in the update expression is invalid for update"


def steps(path: Path, names: Mapping[str, str]) -> Steps:
    """Return a path with its aliases resolved."""
    return tuple(names[part] if isinstance(part, str) and part[0] == "#" else part for part in path.parts)


def look(item: Attributes, way: Steps) -> Attributes | None:
    """Return the value under a path, or None."""
    found = item.get(way[0])
    for part in way[1:]:
        if found is None:
            return None
        found = _inside(found, part)
    return found


def _inside(value: Attributes, part: str | int) -> Attributes | None:
    if isinstance(part, str):
        return value["M"].get(part) if "M" in value else None
    return value["L"][part] if part < len(value.get("L", ())) else None


def placed(item: Attributes, way: Steps, value: Attributes | None) -> Attributes:
    """Return the item with another value under a path, or with none; raises `Unfit` where the path leads nowhere."""
    whole: Attributes = _placed({"M": item}, way, value)["M"]
    return whole


def _placed(holder: Attributes, way: Steps, value: Attributes | None) -> Attributes:
    first, rest = way[0], way[1:]
    if ("M" if isinstance(first, str) else "L") not in holder:
        raise Unfit(ASTRAY)
    if rest:
        child = _inside(holder, first)
        if child is None:
            raise Unfit(ASTRAY)
        value = _placed(child, rest, value)
    if isinstance(first, str):
        return {"M": _in_map(holder["M"], first, value)}
    listed = holder["L"]
    return {
        "L": [*listed[:first], *([] if value is None else [value]), *listed[first + 1 :]]
    }  # beyond the end: appended


def _in_map(inner: Attributes, name: str, value: Attributes | None) -> Attributes:
    if value is not None:
        return {**inner, name: value}
    return {each: kept for each, kept in inner.items() if each != name}


def in_order(ways: Iterable[Steps]) -> list[Steps]:
    """Return paths sorted, list indexes by number; raises `Invalid` where one lies within another."""
    ordered = sorted(ways, key=rank)
    for one, other in pairwise(ordered):
        if other[: len(one)] == one:
            raise Invalid("Two document paths overlap with each other; must remove or rewrite one of these paths")
    return ordered


def rank(way: Steps) -> tuple[tuple[bool, Any], ...]:
    """Return what to sort a path by."""
    return tuple((isinstance(part, int), part) for part in way)


def projected(item: Attributes, ways: Iterable[Steps]) -> Attributes:
    """Return only what lies under some paths, in maps and lists as in the item."""
    shown: Attributes = {}
    for way in in_order(ways):
        value = look(item, way)
        if value is not None:
            _show({"M": shown}, way, value)
    return shown


def _show(holder: Attributes, way: Steps, value: Attributes) -> None:
    first, rest = way[0], way[1:]
    inner = value if not rest else ({"M": {}} if isinstance(rest[0], str) else {"L": []})
    if isinstance(first, str):
        inner = holder["M"].setdefault(first, inner)
    else:
        holder["L"].append(inner)
    if rest:
        _show(inner, rest, value)
