"""Hold a parsed table against its structs and collect every misfit, where msgspec by itself stops at the first."""

import types
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from edge.settings.problems import Problem

Wanted = TypeVar("Wanted", bound=msgspec.Struct)
SHOWN: Final = 60  # characters of a value in an error


class Reader:
    """Reads one file."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def struct(self, wanted: type[Wanted], table: object, key: str = "") -> Wanted | None:
        """Return the struct, or None with its problems noted."""
        if not isinstance(table, Mapping):
            self._note(key, f"found {self._shown(table)}", "Write a table with its settings below it.")
            return None
        known = {field.encode_name: field for field in fields(wanted)}
        tag = wanted.__struct_config__.tag_field
        for name in table.keys() - known.keys() - {tag}:
            self._unknown(_join(key, name), name, known)
        values = {name: self._field(field, table, _join(key, name)) for name, field in known.items()}
        if any(value is _BAD for value in values.values()):
            return None
        return wanted(**{name: value for name, value in values.items() if value is not _UNSET})

    def _field(self, field: FieldInfo, table: Mapping[str, Any], key: str) -> Any:
        name = field.encode_name
        if name in table:
            return self._value(field.type, table[name], key)
        if field.required:
            self._note(key, "is missing", _advice(field.type))
            return _BAD
        return _UNSET

    def _value(self, wanted: Any, value: object, key: str) -> Any:
        kinds = _structs(wanted)
        base = _bare(wanted)
        if kinds:
            found = self._one_of(kinds, value, key)
        elif get_origin(base) is dict:
            found = self._each(base, wanted, value, key)
        elif get_origin(base) is list and _structs(get_args(base)[0]):
            found = self._all(base, wanted, value, key)
        else:
            found = self._leaf(wanted, value, key)
        return _BAD if found is None else found

    def _one_of(self, kinds: list[type[msgspec.Struct]], value: object, key: str) -> Any:
        if len(kinds) == 1:
            return self.struct(kinds[0], value, key)
        by_tag = {str(kind.__struct_config__.tag): kind for kind in kinds}
        tag = value.get("kind") if isinstance(value, Mapping) else None
        if not isinstance(tag, str) or tag not in by_tag:
            found = "is missing" if tag is None else f"found {self._shown(tag)}"
            return self._note(_join(key, "kind"), found, f"Write one of {', '.join(sorted(by_tag))}.")
        return self.struct(by_tag[tag], value, key)

    def _each(self, base: Any, wanted: Any, value: object, key: str) -> Any:
        if not isinstance(value, Mapping) or not value:
            return self._note(key, f"found {self._shown(value)}", _advice(wanted))
        found = {name: self._value(get_args(base)[1], each, _join(key, name)) for name, each in value.items()}
        return None if any(each is _BAD for each in found.values()) else found

    def _all(self, base: Any, wanted: Any, value: object, key: str) -> Any:
        lengths = _metas(wanted)[0]
        most = lengths.max_length or len(value) if isinstance(value, list) else 0
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            return self._note(key, f"found {self._shown(value)}", _advice(wanted))
        found = [self._value(get_args(base)[0], each, f"{key}[{at}]") for at, each in enumerate(value)]
        return None if any(each is _BAD for each in found) else found

    def _leaf(self, wanted: Any, value: object, key: str) -> Any:
        try:
            return msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            return self._note(key, f"found {self._shown(value)}", _advice(wanted))

    def _unknown(self, key: str, name: str, known: Mapping[str, object]) -> None:
        close = get_close_matches(name, known, n=1)
        instead = f"Did you mean {close[0]}?" if close else f"Take it out; what may stand here: {', '.join(known)}."
        self._note(key, "there is no such setting", instead)

    def _note(self, key: str, found: str, instead: str) -> Any:
        """Note a problem and return None, which stands for a value that cannot be had."""
        self.problems.append(Problem(key=key or "the file", found=found, instead=instead))
        return None

    def _shown(self, value: object) -> str:
        return repr(value)[:SHOWN]


_BAD: Final = object()
_UNSET: Final = object()


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _bare(wanted: Any) -> Any:
    return _bare(get_args(wanted)[0]) if get_origin(wanted) is Annotated else wanted


def _metas(wanted: Any) -> list[msgspec.Meta]:
    """Return what is said about a type, nearest first."""
    if get_origin(wanted) is not Annotated:
        return []
    inner, *metas = get_args(wanted)
    return [*reversed([meta for meta in metas if isinstance(meta, msgspec.Meta)]), *_metas(inner)]


def _structs(wanted: Any) -> list[type[msgspec.Struct]]:
    base = _bare(wanted)
    members = get_args(base) if get_origin(base) in {Union, types.UnionType} else (base,)
    return [member for member in members if isinstance(member, type) and issubclass(member, msgspec.Struct)]


def _advice(wanted: Any) -> str:
    for meta in _metas(wanted):
        if meta.description:
            example = f", such as {meta.examples[0]!r}" if meta.examples else ""
            return f"Write {meta.description}{example}."
    kinds = _structs(wanted) or _structs((get_args(_bare(wanted)) or (None,))[-1])
    return f"Write a table: {(kinds[0].__doc__ or '').splitlines()[0].lower() if kinds else 'see the guide.'}"
