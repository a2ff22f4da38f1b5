"""Query and Scan: which rows, in which order, a page at a time."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

from tests.support.dynamo.key_conditions import partition
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.requests import Expressions, Request, expressions
from tests.support.dynamo.sizes import heavier
from tests.support.dynamo.store import Store
from tests.support.dynamo.tables import PRIMARY, Index
from tests.support.dynamo.values import Attributes

MOST_PAGE_BYTES = 1024 * 1024

Place = tuple[Any, ...]
Placing = Callable[[Attributes], Place]


def query(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a Query: one partition, sorted by the index's range key."""
    index, parsed = _index(store, request), expressions(request)
    if parsed.key is None:
        raise Invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    wanted = partition(request, parsed, index)
    _no_key_filtered(parsed, index)
    found = store.rows(request["TableName"], index, wanted, consistent=_consistent(request))
    rows = [item for item in found.values() if parsed.key.judge(item, parsed.names, parsed.values)]

    def place(item: Attributes) -> Place:
        return item[index.range]["S"], item["pk"]["S"], item["sk"]["S"]

    return _page(request, rows, index, parsed, place)


def scan(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a Scan: partitions in an order that says nothing, as on AWS."""
    index, parsed = _index(store, request), expressions(request)
    rows = [item for item in store.everything(request["TableName"], consistent=_consistent(request)) if index.key(item)]
    if "TotalSegments" in request:
        segments, segment = request["TotalSegments"], request["Segment"]
        rows = [item for item in rows if crc32(item[index.hash]["S"].encode()) % segments == segment]

    def place(item: Attributes) -> Place:
        hash_key = item[index.hash]["S"]
        return crc32(hash_key.encode()), hash_key, item[index.range]["S"], item["pk"]["S"], item["sk"]["S"]

    return _page(request, rows, index, parsed, place)


def _index(store: Store, request: Request) -> Index:
    indexes, name = store.table(request["TableName"]).indexes, request.get("IndexName")
    if name is None:
        return PRIMARY
    if name not in indexes:
        raise Invalid(f"The table does not have the specified index: {name}")
    if request.get("ConsistentRead"):
        raise Invalid("Consistent reads are not supported on global secondary indexes")
    return indexes[name]


def _consistent(request: Request) -> bool:
    return bool(request.get("ConsistentRead", False))


def _no_key_filtered(parsed: Expressions, index: Index) -> None:
    mentioned = parsed.filter.roots(parsed.names) if parsed.filter is not None else set()
    if mentioned & {index.hash, index.range}:
        raise Invalid("Filter Expression can only contain non-primary key attributes")


def _page(
    request: Request, rows: list[Attributes], index: Index, parsed: Expressions, place: Placing
) -> dict[str, Any]:
    backwards = not request.get("ScanIndexForward", True)
    rows.sort(key=place, reverse=backwards)
    start = request.get("ExclusiveStartKey")
    if start is not None:
        at = place(_start(start, index))
        rows = [row for row in rows if (place(row) < at if backwards else place(row) > at)]
    shown = [index.shown(row) for row in rows]
    count = _fitting(shown, request.get("Limit", len(rows) + 1))
    passed = [parsed.shown(row) for row in shown[:count] if parsed.passes(row)]  # a filter sees what the index shows
    answer: dict[str, Any] = {"Count": len(passed), "ScannedCount": count}
    if request.get("Select") != "COUNT":
        answer["Items"] = passed
    if count < len(rows) or (count > 0 and count == request.get("Limit")):  # whether more follows is not looked at
        answer["LastEvaluatedKey"] = {name: rows[count - 1][name] for name in _names(index)}
    return answer


def _start(start: Attributes, index: Index) -> Attributes:
    if start.keys() != _names(index):
        raise Invalid("The provided starting key is invalid")
    return start


def _names(index: Index) -> set[str]:
    return {PRIMARY.hash, PRIMARY.range, index.hash, index.range}


def _fitting(rows: list[Attributes], limit: int) -> int:
    """Return how many rows make a page: at most `limit`, and a megabyte."""
    if limit < 1:
        raise Invalid("Limit must be greater than or equal to 1")
    count = min(limit, len(rows))
    while heavier(rows[:count], MOST_PAGE_BYTES):
        count -= 1
    return count
