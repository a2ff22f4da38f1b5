"""What an IoT rule hands to a function, and how an upload is unpacked from it.

Org and bank come from the topic, the time from IoT Core; the payload is opaque until it parses.
"""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec

from toolcrib.domain.record import Record
from toolcrib.wire.uploads import Upload

MAX_BYTES = 8 * 1024  # design.md: JSON, UTF-8, ≤ 8 KB
CONVERSATION_LIFE = timedelta(seconds=10)  # older conversation is dropped: nobody waits for it any more

_ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")

Body = TypeVar("Body", bound=Upload, covariant=True)


class BadUpload(Exception):  # noqa: N818 - names what it is
    """An upload that can never be applied; `code` says why, `id` which one if that much could be read."""

    def __init__(self, code: str, upload_id: str | None = None) -> None:
        """`code` is what the bank is told."""
        super().__init__(code)
        self.code = code
        self.id = upload_id


class Arrival(Record, Generic[Body], frozen=True, kw_only=True):
    """An upload with where it came from and when. `at` is when it happened: arrival less its age."""

    org: str
    bank: str
    received: datetime
    body: Body

    @property
    def at(self) -> datetime:
        """When it happened, by the cloud's clock."""
        return self.received - timedelta(milliseconds=self.body.age_ms)

    def ago(self, age_ms: int | None) -> datetime | None:
        """Return the moment an age speaks of; ages count back from the sending."""
        return None if age_ms is None else self.received - timedelta(milliseconds=age_ms)


def arrival(event: dict[str, Any], kind: type[Body]) -> Arrival[Body]:
    """Return the upload in a rule's event; raises `BadUpload` for what does not fit the contract."""
    org, bank = origin(event)
    return Arrival(org=org, bank=bank, received=received(event), body=_body(str(event["body"]), kind))


def received(event: dict[str, Any]) -> datetime:
    """Return when IoT Core took the upload in."""
    return datetime.fromtimestamp(event["received_ms"] / 1000, UTC)


def origin(event: dict[str, Any]) -> tuple[str, str]:
    """Return org and bank from the topic's thing name."""
    org, _, bank = str(event["thing"]).partition(":")
    if not org or not bank:
        raise BadUpload("bad_thing")
    return org, bank


def _body(encoded: str, kind: type[Body]) -> Body:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadUpload("bad_encoding") from None
    if len(raw) > MAX_BYTES:
        raise BadUpload("too_large")
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadUpload("bad_payload", _id(raw)) from None


def _id(raw: bytes) -> str | None:
    try:
        found = msgspec.json.decode(raw, type=_OnlyId)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found.id if _ULID.fullmatch(found.id) else None


class _OnlyId(msgspec.Struct):
    id: str
