"""What does not fit in a body: which field, what is wrong with it, and what would be right.

msgspec says what it expected in its own terms; here that is told in words of the contract, with the values that there
are, the limit, or what the field's kind says would be right (`extra={"right": ...}` of its `Meta`). What was sent is
never repeated: it may be the number of a badge (safety.md, I14).
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

MAX_NAME: Final = 64  # of an unknown field, as it is told
DURATION: Final = "a duration like PT30M, PT8H or P1D: days, hours, minutes, seconds; no weeks, months or years"

KINDS: Final[Mapping[str, str]] = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "duration": DURATION,
    "date": "a date like 2026-12-31",
    "datetime": "a moment like 2026-12-31T08:00:00Z",
}
"""What a kind of value is called."""

_AT = re.compile(r" - at (`key` in )?`\$(.*)`$")
_KIND = re.compile(r"^Expected `([^`]+)`, got `([^`]+)`$")
_LIMIT = re.compile(r"^Expected `(\w+)` (of length )?([<>]=?) ([\d.]+)$")


def misfits(values: Mapping[str, Any], kind: type, *, strict: bool) -> Iterator[tuple[str, str]]:
    """Yield each field that does not fit and why, judged by itself: msgspec stops at the first."""
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in sorted(values.keys() - known.keys()):
        yield name[:MAX_NAME], "there is no such field to set"
    for name, field in known.items():
        if name not in values:
            if field.required:
                yield name, "is required"
            continue
        try:
            msgspec.convert(values[name], field.type, strict=strict)
        except msgspec.ValidationError as error:
            at = _AT.search(str(error))
            path = at[2] if at else ""
            yield name + path, in_words(str(error), _inner(field.type, path, of_key=bool(at and at[1])))


def in_words(message: str, kind: Any = Any) -> str:
    """Return what msgspec says of a value of a `kind`, in words."""
    said = _AT.sub("", message)
    if said.startswith("Invalid enum value"):
        values = ", ".join(_values(kind))
        return f"is none of {values}" if values else "is none of the values there are"
    if said == "Invalid ISO8601 duration" or "ISO8601 durations" in said:
        return f"is not {DURATION}"
    if said.startswith("Invalid RFC3339 encoded "):
        return f"is not {KINDS[said.rsplit(' ', 1)[1]]}"
    if found := _KIND.match(said):
        return f"has to be {_named(found[1])}, not {_named(found[2])}"
    right = _right(kind)
    if right is not None:
        return f"is not {right}"
    if found := _LIMIT.match(said):
        return _limited(*found.groups())
    return said


def _limited(kind: str, length: str | None, sign: str, limit: str) -> str:
    most = sign.startswith("<")
    if length is None:
        return f"is too {'large: at most' if most else 'small: at least'} {limit}"
    what = "characters" if kind == "str" else "entries"
    return f"is too {'long: at most' if most else 'short: at least'} {limit} {what}"


def _named(kinds: str) -> str:
    """Return `str | null` as it is called: "text or null"."""
    return " or ".join(KINDS.get(kind, kind) for kind in kinds.split(" | "))


def _inner(kind: Any, path: str, *, of_key: bool) -> Any:
    """Return the type at a path like `.repeat.every` or `[1].via`; Any where the path is lost."""
    for step in re.findall(r"\.(\w+)|(\[[^]]*\])", path):
        kind = _field(kind, step[0]) if step[0] else _element(kind)
    return get_args(_bare(kind))[0] if of_key and get_origin(_bare(kind)) is dict else kind


def _field(kind: Any, name: str) -> Any:
    fields = (msgspec.structs.fields(each) for each in _choices(kind) if _is_struct(each))
    return next((field.type for each in fields for field in each if field.encode_name == name), Any)


def _element(kind: Any) -> Any:
    inner = [get_args(each) for each in _choices(kind) if get_origin(each) in {tuple, list, dict}]
    return inner[0][1 if get_origin(_bare(kind)) is dict else 0] if inner else Any


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _choices(kind: Any) -> tuple[Any, ...]:
    """Return the kinds a value may be of."""
    bare = _bare(kind)
    return tuple(map(_bare, get_args(bare))) if get_origin(bare) in {Union, UnionType} else (bare,)


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _values(kind: Any) -> list[str]:
    """Return the values that an enumeration or a literal has."""
    found: list[str] = []
    for each in _choices(kind):
        if isinstance(each, type) and issubclass(each, Enum):
            found += [str(one.value) for one in each]
        elif get_origin(each) is Literal:
            found += map(str, get_args(each))
    return found


def _right(kind: Any) -> str | None:
    """Return what a kind says would be right, if it says."""
    options = (kind, *get_args(kind)) if get_origin(kind) in {Union, UnionType} else (kind,)
    metas = (meta for option in options if get_origin(option) is Annotated for meta in get_args(option)[1:])
    return next((meta.extra["right"] for meta in metas if meta.extra and "right" in meta.extra), None)
