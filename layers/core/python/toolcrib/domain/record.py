"""What every record is: frozen, made by keywords, compared by value.

A msgspec Struct and not a dataclass: making one of its classes costs a fortieth of the time, and there are a hundred of
them in a cold start. It behaves like one in all that matters here.
"""

from typing import Any, TypeVar

import msgspec

_Of = TypeVar("_Of", bound="Record")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records, decisions and commands."""


def replace(record: _Of, /, **changes: Any) -> _Of:
    """Return the record with some fields changed."""
    return msgspec.structs.replace(record, **changes)
