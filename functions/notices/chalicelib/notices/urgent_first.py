"""In which order a batch of the stream's records is worked on: new notices that are urgent first, all else as it came.

Nothing is lost by it. Every record is looked at for itself and read anew from the table, so that its place among others
means nothing; and the stream goes on behind the first one that failed by its number, wherever it was worked on.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

Failed = TypeVar("Failed", bound=Mapping[str, object])


class _Flag(msgspec.Struct):
    BOOL: bool


class _Told(msgspec.Struct):
    urgent: _Flag
    outdated_at: Any = None


class _About(msgspec.Struct):
    M: _Told


class _Image(msgspec.Struct):
    about: _About


class _Images(msgspec.Struct):
    NewImage: _Image


class _Record(msgspec.Struct):
    dynamodb: _Images


def urgent_first(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records in the order in which they are worked on; those that cannot be read count as not urgent."""
    return sorted(records, key=lambda record: not _urgent(record))


def as_they_came(failures: Iterable[Failed], records: Sequence[dict[str, Any]]) -> list[Failed]:
    """Return what failed in the order of the stream."""
    place = {str(record["dynamodb"].get("SequenceNumber")): number for number, record in enumerate(records)}
    return sorted(failures, key=lambda failed: place[str(failed["itemIdentifier"])])


def _urgent(record: dict[str, Any]) -> bool:
    """Whether it is a notice that does not wait; a change of a message that is out is none."""
    with suppress(msgspec.ValidationError):
        told = msgspec.convert(record, _Record).dynamodb.NewImage.about.M
        return told.urgent.BOOL and told.outdated_at is None
    return False
