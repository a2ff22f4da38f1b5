"""Query and Scan: which rows, in which order, a page at a time."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

from tests.support.dynamo.documents import steps
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.requests import Expressions, Request, expressions
from tests.support.dynamo.sizes import heavier
from tests.support.dynamo.store import Store
from tests.support.dynamo.syntax import Node, Path, Value, parse
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
    wanted = _partition(request, parsed, index)
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


def _partition(request: Request, parsed: Expressions, index: Index) -> str:
    """Return the hash key that a key condition asks for; raises `Invalid` for a condition that is none."""
    terms: dict[str, Node] = {}
    for term in _terms(parse("condition", request["KeyConditionExpression"])):
        (name,) = steps(next(part for part in term.parts if isinstance(part, Path)), parsed.names)
        if name in terms:
            raise Invalid("KeyConditionExpressions must only contain one condition per key")
        terms[str(name)] = term
    one = terms.pop(index.hash, None)
    if one is None or not terms.keys() <= {index.range}:
        raise Invalid(f"Query condition missed key schema element: {index.hash}, or has one too many")
    if one.kind != "compared" or one.parts[1] != "=":
        raise Invalid("Query key condition not supported")
    for used in parsed.key.uses.values if parsed.key is not None else ():
        if "S" not in parsed.values[used]:
            raise Invalid(
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            )
    value = parsed.values[one.parts[2].name]["S"]
    if not value:
        raise Invalid(
            "One or more parameter values are not valid. A key attribute cannot contain an empty string value"
        )
    return str(value)


def _terms(node: Node) -> list[Node]:
    if node.kind in {"grouped", "both"}:
        return [term for part in node.parts for term in _terms(part)]
    path, *values = (part for part in node.parts if not isinstance(part, str))
    simple = isinstance(path, Path) and len(path.parts) == 1 and all(isinstance(value, Value) for value in values)
    asked = str(node.parts[0 if node.kind == "called" else 1]) if node.kind in {"called", "compared"} else node.kind
    if not simple or asked not in {"=", "<", "<=", ">", ">=", "between", "begins_with"}:
        raise Invalid("Invalid operator used in KeyConditionExpression")
    return [node]


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
    if count < len(rows):
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
