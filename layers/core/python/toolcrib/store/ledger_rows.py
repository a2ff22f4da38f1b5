"""An asset's ledger as it is stored, tampered with or not: for verifying."""

import re
from collections.abc import Iterator
from typing import Any, Final

from toolcrib.domain.events import as_record
from toolcrib.domain.faults import EventRow, GuardRow, Row, StrayRow
from toolcrib.store import keys
from toolcrib.store.ledger import EventItem, OperationItem, from_record
from toolcrib.store.mapping import lean
from toolcrib.store.scan import UNREADABLE
from toolcrib.store.tables import LedgerItem, connection

_EVENT: Final = re.compile(r"EVENT#(\d{12})")
_ATTRIBUTES: Final = {"pk", "sk", "kind", "seq", "hash", "record"}


def list_rows(org: str, asset_id: str) -> Iterator[Row]:
    """Yield everything in an asset's ledger, events first, in order."""
    connection()
    partition = keys.event(org, asset_id, 1)[0]
    for page in LedgerItem.query(partition, consistent_read=True).page_iter:
        yield from map(_row, page["Items"])


def _row(raw: dict[str, Any]) -> Row:
    key = raw["sk"]["S"]
    number = _EVENT.fullmatch(key)
    try:
        item = LedgerItem.from_raw_data(raw)
        if number is not None and isinstance(item, EventItem):
            return _event(int(number[1]), item, raw)
        if key.startswith("OP#") and isinstance(item, OperationItem):
            return GuardRow(op=key.removeprefix("OP#"), seq=int(item.seq))
    except UNREADABLE:
        if number is not None:
            return EventRow(key=int(number[1]), hash="", event=None)
    return StrayRow(key=key)


def _event(number: int, item: EventItem, raw: dict[str, Any]) -> EventRow:
    event = from_record(item.record | {"hash": item.hash})
    exact = item.record == lean(as_record(event)) and int(item.seq) == event.seq and set(raw) == _ATTRIBUTES
    return EventRow(key=number, hash=item.hash, event=event, exact=exact)
