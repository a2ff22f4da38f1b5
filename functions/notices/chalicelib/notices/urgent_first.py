"""In which order a batch of the stream's records is worked on: new notices that are urgent first, all else as it came.

Nothing is lost by it. Every record is looked at for itself and read anew from the table, so that its place among others
means nothing; and the stream goes on behind the first one that failed by its number, wherever it was worked on.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from chalicelib.notices.stream import Record

Failed = TypeVar("Failed", bound=Mapping[str, object])


def urgent_first(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records in the order in which they are worked on; those that cannot be read count as not urgent."""
    return sorted(records, key=lambda record: not _urgent(record))


def as_they_came(failures: Iterable[Failed], records: Sequence[dict[str, Any]]) -> list[Failed]:
    """Return what failed in the order of the stream."""
    place = {str(record["dynamodb"].get("SequenceNumber")): number for number, record in enumerate(records)}
    return sorted(failures, key=lambda failed: place[str(failed["itemIdentifier"])])


def _urgent(record: dict[str, Any]) -> bool:
    """Whether it is a notice that does not wait; a change of a message that is out is none."""
    with suppress(msgspec.ValidationError, ValueError):  # half a character, too: whoever delivers it sets it aside
        image = msgspec.convert(record, Record).dynamodb.NewImage
        told = image.about.M if image is not None and image.about is not None else None
        return told is not None and told.outdated_at is None and told.urgent is not None and told.urgent.BOOL
    return False
