"""The records of the table's stream, as far as a notice's delivery reads them."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from toolcrib.store import keys

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Text(msgspec.Struct):
    """A string, as DynamoDB wraps it."""

    S: str


class Image(msgspec.Struct):
    """An item of the stream; `wake` is the sweeper's moment, where it touched a notice the stream had missed."""

    pk: Text
    sk: Text
    wake: Text | None = None


class Images(msgspec.Struct):
    """`NewImage` is absent where an item was removed."""

    NewImage: Image | None = None


class Record(msgspec.Struct):
    """One record; what else it holds is not looked at."""

    dynamodb: Images


class Woken(msgspec.Struct, frozen=True):
    """A notice to look at; `moment` is the sweeper's, which on the local stack may be ahead of the clock."""

    org: str
    notice: str
    moment: datetime | None


def woken(record: dict[str, Any]) -> Woken | None:
    """Return which notice a record wakes, None for a removed one.

    Raises `msgspec.ValidationError` or `ValueError` for anything else.
    """
    image = msgspec.convert(record, Record).dynamodb.NewImage
    if image is None:
        return None
    org, _, notice = (*image.pk.S.split("#", 2), "", "")[:3]
    if keys.notice(org, notice) != (image.pk.S, image.sk.S):
        raise ValueError("not a notice's key")
    return Woken(org=org, notice=notice, moment=_moment(image.wake))


def _moment(wake: Text | None) -> datetime | None:
    return None if wake is None else msgspec.convert(wake.S, Instant)
