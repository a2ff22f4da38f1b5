"""The records of the table's stream, as far as loans whose people are told within seconds are read."""

from datetime import datetime
from typing import Any

import msgspec

from toolcrib.store import keys
from toolcrib.wire.stream import Instant, Keyed, Text


class Image(Keyed):
    """A loan as it is now; `agenda_at` is the moment of its next step, absent where nothing comes any more."""

    agenda_at: Text | None = None


class Images(msgspec.Struct):
    """`NewImage` is absent where an item was removed."""

    NewImage: Image | None = None


class Record(msgspec.Struct):
    """One record; what else it holds is not looked at."""

    dynamodb: Images


class Step(msgspec.Struct, frozen=True):
    """The next step of a loan."""

    org: str
    loan: str
    moment: datetime


def next_step(record: dict[str, Any]) -> Step | None:
    """Return the next step that a loan's record tells of, None where there is none.

    Raises `msgspec.ValidationError` or `ValueError` for anything else.
    """
    image = msgspec.convert(record, Record).dynamodb.NewImage
    if image is None or image.agenda_at is None:
        return None
    org, _, loan = image.named
    if keys.loan(org, loan) != image.key:
        raise ValueError("not a loan's key")
    return Step(org=org, loan=loan, moment=msgspec.convert(image.agenda_at.S, Instant))
