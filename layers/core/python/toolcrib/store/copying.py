"""Writing whole items into other tables than the functions' own: for rebuilding, never for a decision."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from toolcrib.domain.record import Record
from toolcrib.store.commit import contended
from toolcrib.store.reads import Key
from toolcrib.store.retry import patiently
from toolcrib.store.scan import CHUNK, chunks
from toolcrib.store.tables import LedgerItem, StateItem, connection

AT_ONCE: Final = 100  # items in one transaction; DynamoDB's limit

Raw = Mapping[str, Any]
"""An item in DynamoDB's typed JSON, as it travels."""


class Target(Record, frozen=True, kw_only=True):
    """The two tables that are written."""

    state: str
    ledger: str

    def row(self, item: StateItem | LedgerItem | Raw) -> dict[str, Any]:
        """Return what puts an item, a model or raw (of the state table), into its table."""
        if isinstance(item, StateItem | LedgerItem):
            table = self.ledger if isinstance(item, LedgerItem) else self.state
            return {"TableName": table, "Item": item.serialize()}
        return {"TableName": self.state, "Item": item}


def is_empty(table: str) -> bool:
    """Whether nothing lies in a table."""
    return not connection().dispatch("Scan", {"TableName": table, "Limit": 1, "ConsistentRead": True})["Items"]


def find_written(table: str, wanted: Iterable[Key]) -> set[Key]:
    """Return under which of some keys something lies; one that was not answered counts as not there."""
    found: set[Key] = set()
    for some in chunks(wanted, CHUNK):
        keys = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in some]
        asked = {"RequestItems": {table: {"Keys": keys, "ConsistentRead": True}}}
        answered = connection().dispatch("BatchGetItem", asked)["Responses"].get(table, ())
        found |= {(item["pk"]["S"], item["sk"]["S"]) for item in answered}
    return found


def put(rows: Iterable[dict[str, Any]]) -> int:
    """Put rows, 100 at a time, each hundred wholly or not at all; returns how many."""
    count = 0
    for some in chunks(rows, AT_ONCE):
        patiently(lambda puts=some: connection().transact_write_items((), (), puts, ()), when=contended)  # type: ignore[misc]
        count += len(some)
    return count
