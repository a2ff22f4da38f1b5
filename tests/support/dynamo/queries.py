"""Query and Scan: which rows, in which order, a page at a time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice
from marshal import dumps
from operator import itemgetter
from typing import Any
from zlib import crc32

from tests.support.dynamo.key_conditions import partition
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.requests import Expressions, Request, expressions
from tests.support.dynamo.sizes import weigh_item
from tests.support.dynamo.store import Store
from tests.support.dynamo.tables import PRIMARY, Index, Place, Placed, Placing, in_order
from tests.support.dynamo.values import Attributes

MOST_PAGE_BYTES = 1024 * 1024

PLACE = itemgetter(0)


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

    return _page(request, in_order(rows, place), index, parsed, place)


def scan(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a Scan: partitions in an order that says nothing, as on AWS."""
    index, parsed = _index(store, request), expressions(request)

    def place(item: Attributes) -> Place:
        hash_key = item[index.hash]["S"]
        return crc32(hash_key.encode()), hash_key, item[index.range]["S"], item["pk"]["S"], item["sk"]["S"]

    rows = store.everything(request["TableName"], index, place, consistent=_consistent(request))
    if "TotalSegments" in request:
        segments, segment = request["TotalSegments"], request["Segment"]
        rows = [(at, item) for at, item in rows if at[0] % segments == segment]
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


def _page(request: Request, rows: Placed, index: Index, parsed: Expressions, place: Placing) -> dict[str, Any]:
    """Answer with the page that follows the starting key, of rows in ascending order."""
    backwards = not request.get("ScanIndexForward", True)
    start = request.get("ExclusiveStartKey")
    if start is not None:
        at = place(_start(start, index))
        rows = rows[: bisect_left(rows, at, key=PLACE)] if backwards else rows[bisect_right(rows, at, key=PLACE) :]
    if backwards:
        rows = rows[::-1]
    shown = _fitting((index.shown(row) for _, row in rows), request.get("Limit", len(rows) + 1))
    count = len(shown)
    passed = [parsed.shown(row) for row in shown if parsed.passes(row)]  # a filter sees what the index shows
    answer: dict[str, Any] = {"Count": len(passed), "ScannedCount": count}
    if request.get("Select") != "COUNT":
        answer["Items"] = passed
    if count < len(rows) or (count > 0 and count == request.get("Limit")):  # whether more follows is not looked at
        answer["LastEvaluatedKey"] = {name: rows[count - 1][1][name] for name in _names(index)}
    return answer


def _start(start: Attributes, index: Index) -> Attributes:
    if start.keys() != _names(index):
        raise Invalid("The provided starting key is invalid")
    return start


def _names(index: Index) -> set[str]:
    return {PRIMARY.hash, PRIMARY.range, index.hash, index.range}


def _fitting(rows: Iterable[Attributes], limit: int) -> list[Attributes]:
    """Return the rows that make a page: at most `limit`, and a megabyte; weighed only where it may come to that."""
    if limit < 1:
        raise Invalid("Limit must be greater than or equal to 1")
    page: list[Attributes] = []
    written = weight = 0
    for row in islice(rows, limit):
        written += len(dumps(row, 2))
        if written > MOST_PAGE_BYTES:
            weight = (weight or sum(map(weigh_item, page))) + weigh_item(row)
        if weight > MOST_PAGE_BYTES:
            break
        page.append(row)
    return page
