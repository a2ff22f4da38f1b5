"""The ledger's items, and reading an asset's events. Writing happens in `commit`, with the change it records."""

from collections.abc import Iterator
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from toolcrib.domain.change import Agreed, Opening, OverrideNote
from toolcrib.domain.events import CustodyEvent, as_record
from toolcrib.store import keys
from toolcrib.store.attributes import PlainMap
from toolcrib.store.mapping import lean
from toolcrib.store.tables import LedgerItem, connection


class EventItem(LedgerItem, discriminator="event"):
    """One custody event, whole."""

    seq = NumberAttribute()
    hash = UnicodeAttribute()
    record = PlainMap()


class OperationItem(LedgerItem, discriminator="op"):
    """The permanent guard of an operation that no loan remembers."""

    seq = NumberAttribute()


class OpeningItem(LedgerItem, discriminator="opening"):
    """A remote opening: who opened which door, and the hash of why."""

    door = NumberAttribute()
    by = UnicodeAttribute()
    reason_sha256 = UnicodeAttribute()
    at = UnicodeAttribute()


class AgreedItem(LedgerItem, discriminator="agreed"):
    """What somebody else said to a take or return: who, to what, when, and the hash of why."""

    about = UnicodeAttribute()
    said = UnicodeAttribute()
    at = UnicodeAttribute()
    by = UnicodeAttribute(null=True)
    type = UnicodeAttribute(null=True)
    bank = UnicodeAttribute(null=True)
    site = UnicodeAttribute(null=True)
    reason_sha256 = UnicodeAttribute(null=True)


class OverrideItem(LedgerItem, discriminator="override"):
    """An override: who gave it in spite of which code, with the hash of why; or, with a grant, what used it up."""

    code = UnicodeAttribute()
    by = UnicodeAttribute()
    reason_sha256 = UnicodeAttribute()
    at = UnicodeAttribute()
    grant = UnicodeAttribute(null=True)


def to_item(org: str, event: CustodyEvent) -> EventItem:
    """Return the item of an event."""
    pk, sk = keys.event(org, event.asset, event.seq)
    return EventItem(pk, sk, seq=event.seq, hash=event.hash, record=lean(as_record(event)))


def to_guard(org: str, event: CustodyEvent) -> OperationItem:
    """Return the guard of an event's operation."""
    pk, sk = keys.operation(org, event.asset, event.op)
    return OperationItem(pk, sk, seq=event.seq)


def to_opening(org: str, opening: Opening) -> OpeningItem:
    """Return the item of a remote opening."""
    pk, sk = keys.opening(org, opening.bank, opening.grant)
    return OpeningItem(
        pk, sk, door=opening.door, by=opening.by, reason_sha256=opening.reason_sha256, at=keys.moment(opening.at)
    )


def to_agreed(org: str, agreed: Agreed) -> AgreedItem:
    """Return the item of what somebody said to a take or return."""
    pk, sk = keys.agreed(org, agreed.person, agreed.about, agreed.by or "nobody", agreed.said)
    told = {name: getattr(agreed, name) for name in ("about", "said", "by", "type", "bank", "site", "reason_sha256")}
    return AgreedItem(pk, sk, at=keys.moment(agreed.at), **told)


def to_override(org: str, note: OverrideNote) -> OverrideItem:
    """Return the item of an override that was given or used."""
    key_of = keys.override if note.grant is None else keys.override_used
    pk, sk = key_of(org, note.person, note.id)
    return OverrideItem(
        pk, sk, code=note.code, by=note.by, reason_sha256=note.reason_sha256, at=keys.moment(note.at), grant=note.grant
    )


def opened(org: str, bank_id: str, grant: str) -> bool:
    """Whether a remote opening was granted before, however long ago (safety.md, I7)."""
    connection()
    pk, sk = keys.opening(org, bank_id, grant)
    return next(iter(OpeningItem.query(pk, OpeningItem.sk == sk, consistent_read=True)), None) is not None


def list_events(org: str, asset_id: str, *, after: int = 0, limit: int | None = None) -> Iterator[CustodyEvent]:
    """Yield an asset's events in order, from `after` + 1."""
    connection()
    pk, first = keys.event(org, asset_id, after + 1)
    last = keys.event(org, asset_id, 10**12 - 1)[1]
    for item in EventItem.query(pk, EventItem.sk.between(first, last), consistent_read=True, limit=limit):
        yield from_record(item.record | {"hash": item.hash})


def from_record(record: dict[str, Any]) -> CustodyEvent:
    """Return the event a record tells of."""
    return msgspec.convert({**record, "from_": record.get("from")}, CustodyEvent)


def done(org: str, asset_id: str, op: str) -> bool:
    """Whether an operation that no loan remembers has been applied to an asset (safety.md, I3)."""
    connection()
    pk, sk = keys.operation(org, asset_id, op)
    return next(iter(OperationItem.query(pk, OperationItem.sk == sk, consistent_read=True)), None) is not None


def find_applied(org: str, asset_id: str, op: str) -> CustodyEvent | None:
    """Return the event by which an operation moved an asset, or None if it never did (safety.md, I3)."""
    connection()
    pk, sk = keys.operation(org, asset_id, op)
    guard = next(iter(OperationItem.query(pk, OperationItem.sk == sk, consistent_read=True)), None)
    return None if guard is None else next(list_events(org, asset_id, after=int(guard.seq) - 1, limit=1))
