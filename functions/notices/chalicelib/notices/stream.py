"""The records of the table's stream, as far as a notice's delivery reads them."""

from datetime import datetime
from typing import Any

import msgspec

from toolcrib.domain.notices import NoticeState
from toolcrib.store import keys
from toolcrib.wire.stream import Flag, Instant, Keyed, Number, Text

OPEN = frozenset({"open", "asked", "approved"})  # of a loan and a case; of a request to agree

TOLD_OF = (keys.loan, keys.case, keys.authorisation)


class Told(msgspec.Struct):
    """Of what lists show of a notice, or of a loan."""

    outdated_at: Text | None = None
    due_version: Number | None = None
    urgent: Flag | None = None


class About(msgspec.Struct):
    """A map, as DynamoDB wraps it."""

    M: Told


class Image(Keyed):
    """An item of the stream; `wake` is the sweeper's moment, where it touched a notice the stream had missed."""

    wake: Text | None = None
    state: Text | None = None
    about: About | None = None


class Images(msgspec.Struct):
    """`NewImage` is absent where an item was removed, `OldImage` where it is new."""

    NewImage: Image | None = None
    OldImage: Image | None = None


class Record(msgspec.Struct):
    """One record; what else it holds is not looked at."""

    dynamodb: Images


class Woken(msgspec.Struct, frozen=True):
    """A notice to look at; `moment` is the sweeper's, which on the local stack may be ahead of the clock.

    `outdated`: it is out, and its message no longer says how things are.
    """

    org: str
    notice: str
    moment: datetime | None
    outdated: bool = False


class Moved(msgspec.Struct, frozen=True):
    """A loan, case or request to agree that is no longer what its notices said of it."""

    org: str
    about: str


def heard(record: dict[str, Any]) -> Woken | Moved | None:
    """Return what a record calls for, None for nothing.

    Raises `msgspec.ValidationError` or `ValueError` for what is no notice, and nothing that they tell of.
    """
    images = msgspec.convert(record, Record).dynamodb
    image = images.NewImage
    if image is None:
        return None
    org, kind, name = image.named
    if keys.notice(org, name) == image.key:
        marked = image.about is not None and image.about.M.outdated_at is not None
        out = image.state is not None and image.state.S == NoticeState.SENT
        return Woken(org=org, notice=name, moment=_moment(image.wake), outdated=marked and out)
    if images.OldImage is None or image.key not in {tell(org, name) for tell in TOLD_OF}:
        raise ValueError(f"not the key of what is told of: {kind[:20]}")
    return Moved(org=org, about=name) if _moved(images.OldImage, image) else None


def _moved(old: Image, new: Image) -> bool:
    """Whether it was open and no longer is, or is due at another time."""
    was_open = old.state is not None and old.state.S in OPEN
    return was_open and (old.state != new.state or _due_version(old) != _due_version(new))


def _due_version(image: Image) -> str | None:
    return image.about.M.due_version.N if image.about is not None and image.about.M.due_version is not None else None


def _moment(wake: Text | None) -> datetime | None:
    return None if wake is None else msgspec.convert(wake.S, Instant)
