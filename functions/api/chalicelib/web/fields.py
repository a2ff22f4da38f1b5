"""Kinds of field that bodies are made of; each has its limit (design.md, *HTTP contract*)."""

from datetime import UTC, datetime, time
from typing import Annotated, Final, TypeVar

import msgspec

from toolcrib.domain.refusals import Invalid

T = TypeVar("T", bound=msgspec.Struct)

# `$` also matches before a last line feed; `(?!\n)` does not let it, and means the same in every dialect of regex.
ID_PATTERN: Final = r"^[A-Za-z0-9._-]{1,64}$(?!\n)"
NO_CONTROLS: Final = r"^[^\x00-\x1f\x7f]*$(?!\n)"

_ID = {"right": "an id: 1 to 64 letters, digits, dots, underscores or hyphens"}
Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN, max_length=64, extra=_ID)]
Value = Annotated[int, msgspec.Meta(ge=0, le=10**12, description="In the org's currency, whole units.")]
Ids = Annotated[tuple[Id, ...], msgspec.Meta(max_length=100)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_CONTROLS)]
Short = Annotated[str, msgspec.Meta(max_length=100, pattern=NO_CONTROLS)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Email = Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$(?!\n)")]
Language = Annotated[
    str,
    msgspec.Meta(
        max_length=35,
        pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$(?!\n)",
        description="A language tag like de or de-AT. What banks do not speak is read in English.",
    ),
]
Clock = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)",
        description="HH:MM, local.",
        extra={"right": "a clock time from 00:00 to 23:59"},
    ),
]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)


def utc(name: str, value: datetime | None) -> datetime | None:
    """Return an instant as UTC; raises `Invalid` outside of 1970 to 9999, where arithmetic would overflow."""
    if value is not None and not EARLIEST <= value <= LATEST:
        raise Invalid(detail="the body does not fit", fields={name: "is before 1970 or after 9999"})
    return value and value.astimezone(UTC)


def fields_of(record: object, kind: type[T]) -> T:
    """Return the editable fields of a record as they are; a merge patch judges them afterwards."""
    return kind(**{name: getattr(record, name) for name in kind.__struct_fields__})


def shown(record: object, view: type[T]) -> T:
    """Return what is shown of a record, or of an item of a list."""
    return msgspec.convert(record, view, from_attributes=True)


def clock(text: str) -> time:
    """Return a clock time that was written as HH:MM."""
    return time.fromisoformat(text)
