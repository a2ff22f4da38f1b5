"""The rows that docs/hardware.md has to have: one for every key of `bank.toml`, in the words of its errors."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec.structs import fields

from edge.kiosk.settings import KioskSettings
from edge.settings import schema
from edge.settings.devices import AnyDevice

TABLES = [
    ("bank", schema.Identity),
    ("broker", schema.Broker),
    ("files", schema.Files),
    ("windows", schema.WindowSeconds),
    ("kiosk", KioskSettings),
    ("updates", schema.Updates),
    ("cabinet", schema.Cabinet),
    ("doors.N", schema.Door),
    ("doors.N.lock", schema.Point),
]


def rows() -> Iterator[str]:
    """Yield every row of the reference."""
    for prefix, table in TABLES:
        yield from _rows(prefix, table)
    for device in get_args(AnyDevice):
        tag = device.__struct_config__.tag
        yield f"| `devices.NAME.kind` | `{tag}`: {_first(device)} | needed |"
        yield from _rows("devices.NAME", device)


def _rows(prefix: str, table: type[msgspec.Struct]) -> Iterator[str]:
    for field in fields(table):
        yield f"| `{prefix}.{field.encode_name}` | {_said(field.type)} | {_default(field)} |"


def _said(wanted: Any) -> str:
    if get_origin(wanted) is Annotated:
        inner, *metas = get_args(wanted)
        return next((meta.description for meta in reversed(metas) if meta.description), "") or _said(inner)
    return ""


def _default(field: Any) -> str:
    if field.required:
        return "needed"
    value = field.default
    return "" if value in {None, ()} else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _first(device: type[msgspec.Struct]) -> str:
    return (device.__doc__ or "").splitlines()[0]
