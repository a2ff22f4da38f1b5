"""DynamoDB in this process: what PynamoDB asks of botocore's client, answered from dictionaries.

Stricter than moto and some thirty times faster: conditions of a transaction are judged against the record before it, a
token given again with another body is an error, indexes show what the template projects, and every call can be made to
fail before it is done or after. Expressions are parsed and applied by moto's own parser.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from marshal import dumps, loads
from threading import RLock
from typing import Any, NamedTuple

from botocore.exceptions import ClientError
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.parsing import expressions
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.key_condition_expression import parse_expression
from moto.dynamodb.parsing.validators import UpdateExpressionValidator

from tests.support.templates import template

Attributes = dict[str, Any]
Key = tuple[str, str]
Hook = Callable[[str, dict[str, Any]], None]

MOST_IN_A_TRANSACTION = 100
MOST_IN_A_BATCH = 100


class Refused(ClientError):  # noqa: N818 - an answer, not an error
    """An answer of DynamoDB that says no."""

    def __init__(self, operation: str, code: str, message: str = "", reasons: Iterable[str] = ()) -> None:
        body: Any = {"Error": {"Code": code, "Message": message or code}, "ResponseMetadata": {"HTTPHeaders": {}}}
        if reasons:
            body["CancellationReasons"] = [{"Code": reason, "Message": reason} for reason in reasons]
        super().__init__(body, operation)


class Index(NamedTuple):
    """A secondary index of the template; `shows` is None where it shows everything."""

    hash: str
    range: str
    shows: frozenset[str] | None


@dataclass
class Table:
    """One table: its items by key, and its indexes by name."""

    items: dict[Key, Attributes] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)

    # what moto's validator asks of a table
    table_key_attrs = ("pk", "sk")
    attribute_keys = ("pk", "sk", "agenda_pk", "agenda_at", "listing_pk", "listing_sk")

    @cached_property
    def attr(self) -> list[dict[str, str]]:
        return [{"AttributeName": name, "AttributeType": "S"} for name in self.attribute_keys]


def _indexes(resource: str) -> dict[str, Index]:
    properties = template("infra/foundation.yaml")["Resources"][resource]["Properties"]
    found = {}
    for each in properties.get("GlobalSecondaryIndexes", ()):
        keys = {key["KeyType"]: key["AttributeName"] for key in each["KeySchema"]}
        projection = each["Projection"]
        shows = {"pk", "sk", *keys.values(), *projection.get("NonKeyAttributes", ())}
        everything = projection["ProjectionType"] == "ALL"
        found[each["IndexName"]] = Index(keys["HASH"], keys["RANGE"], None if everything else frozenset(shows))
    return found


@dataclass
class Dynamo:
    """A botocore client for both tables. `calls` are the operations so far; hooks may raise before or after one."""

    tables: dict[str, Table] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    before: list[Hook] = field(default_factory=list)
    after: list[Hook] = field(default_factory=list)
    _tokens: dict[str, Any] = field(default_factory=dict)
    _lock: Any = field(default_factory=RLock)

    @classmethod
    def from_template(cls) -> "Dynamo":
        """Return both tables, empty."""
        resources = {"state": "StateTable", "ledger": "LedgerTable"}
        return cls(tables={name: Table(indexes=_indexes(resource)) for name, resource in resources.items()})

    def snapshot(self) -> Any:
        """Return everything as it is now; items are never changed in place."""
        return {name: dict(table.items) for name, table in self.tables.items()}

    def restore(self, snapshot: Any) -> None:
        """Go back to a snapshot."""
        for name, items in snapshot.items():
            self.tables[name].items = dict(items)
        self._tokens.clear()

    def forget_tokens(self) -> None:
        """Ten minutes pass: a request token is honoured no longer."""
        self._tokens.clear()

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, request))
        for hook in tuple(self.before):
            hook(operation, request)
        with self._lock:
            answer: dict[str, Any] = getattr(self, f"_{operation}")(_copy(request))
        for hook in tuple(self.after):
            hook(operation, request)
        return _copy(answer)  # type: ignore[no-any-return]

    def _GetItem(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as the operation
        found = self._item(request["TableName"], request["Key"])
        return {"Item": found} if found is not None else {}

    def _BatchGetItem(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        answers: dict[str, list[Attributes]] = {}
        for table, wanted in request["RequestItems"].items():
            keys = wanted["Keys"]
            if not 0 < len(keys) <= MOST_IN_A_BATCH or len({_key(key) for key in keys}) != len(keys):
                raise Refused("BatchGetItem", "ValidationException", "too many keys, none, or one of them twice")
            found = (self._item(table, key) for key in keys)
            answers[table] = [item for item in found if item is not None]
        return {"Responses": answers, "UnprocessedKeys": {}}

    def _PutItem(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._write("PutItem", request, _put)

    def _UpdateItem(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        written = self._write("UpdateItem", request, _update)
        return {"Attributes": written["Attributes"]} if request.get("ReturnValues") == "ALL_NEW" else {}

    def _DeleteItem(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._write("DeleteItem", request, _delete)

    def _write(self, operation: str, request: dict[str, Any], apply: "Apply") -> dict[str, Any]:
        table, key = self.tables[request["TableName"]], _key(request.get("Item") or request["Key"])
        before = table.items.get(key)
        if not _holds(request, before, operation):
            raise Refused(operation, "ConditionalCheckFailedException", "The conditional request failed")
        after = _applied(operation, apply, request, before, table)
        _store(table, key, after)
        return {"Attributes": after or {}}

    def _TransactWriteItems(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        orders = [next(iter(item.items())) for item in request["TransactItems"]]
        self._check_transaction(request, orders)
        token = request.get("ClientRequestToken")
        if token in self._tokens:
            if self._tokens[token] != request["TransactItems"]:
                raise Refused("TransactWriteItems", "IdempotentParameterMismatchException", "another body, same token")
            return {}
        befores = [self.tables[order["TableName"]].items.get(_key_of(order)) for _, order in orders]
        held = [_holds(order, before, "TransactWriteItems") for (_, order), before in zip(orders, befores, strict=True)]
        if not all(held):
            reasons = ["None" if each else "ConditionalCheckFailed" for each in held]
            raise Refused("TransactWriteItems", "TransactionCanceledException", str(reasons), reasons)
        afters = [
            _applied("TransactWriteItems", _APPLY[kind], order, before, self.tables[order["TableName"]])
            for (kind, order), before in zip(orders, befores, strict=True)
        ]
        for (kind, order), after in zip(orders, afters, strict=True):
            if kind != "ConditionCheck":
                _store(self.tables[order["TableName"]], _key_of(order), after)
        if token is not None:
            self._tokens[token] = request["TransactItems"]
        return {}

    def _check_transaction(self, request: dict[str, Any], orders: list[tuple[str, Any]]) -> None:
        targets = [(order["TableName"], _key_of(order)) for _, order in orders]
        if not 0 < len(orders) <= MOST_IN_A_TRANSACTION or len(set(targets)) != len(targets):
            raise Refused("TransactWriteItems", "ValidationException", f"too many, none, or one twice: {targets}")
        if len(request.get("ClientRequestToken") or "x") > 36:
            raise Refused("TransactWriteItems", "ValidationException", "the token is too long")

    def _Query(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        table = self.tables[request["TableName"]]
        index = table.indexes[request["IndexName"]] if "IndexName" in request else Index("pk", "sk", None)
        schema = [{"AttributeName": index.hash, "KeyType": "HASH"}, {"AttributeName": index.range, "KeyType": "RANGE"}]
        names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]
        hashes, ranges, _ = parse_expression(request["KeyConditionExpression"], values, names, schema)
        wanted = hashes[0][1]
        rows = [item for item in table.items.values() if item.get(index.hash) == wanted and index.range in item]
        for _, comparison, operands in ranges:
            against = [DynamoType(each) for each in operands]
            rows = [item for item in rows if DynamoType(item[index.range]).compare(comparison, against)]
        rows.sort(key=lambda item: (item[index.range]["S"], item["pk"]["S"], item["sk"]["S"]))
        return self._page(request, rows if request.get("ScanIndexForward", True) else rows[::-1], index)

    def _Scan(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        rows = list(self.tables[request["TableName"]].items.values())
        return self._page(request, rows, Index("pk", "sk", None))

    def _page(self, request: dict[str, Any], rows: list[Attributes], index: Index) -> dict[str, Any]:
        start = request.get("ExclusiveStartKey")
        if start is not None:
            rows = rows[1 + next(i for i, row in enumerate(rows) if _key(row) == _key(start)) :]
        limit = request.get("Limit", len(rows))
        page, more = rows[:limit], rows[limit:]
        shown = (_shown(row, index) for row in page)  # what an index does not project, a filter does not see
        filtered = [row for row in shown if _matches(request.get("FilterExpression"), request, row)]
        answer: dict[str, Any] = {"Items": filtered, "Count": len(filtered)}
        answer["ScannedCount"] = len(page)
        if more and page:
            answer["LastEvaluatedKey"] = {name: page[-1][name] for name in {"pk", "sk", index.hash, index.range}}
        return answer

    def _item(self, table: str, key: Any) -> Attributes | None:
        return self.tables[table].items.get(_key(key))


Apply = Callable[[dict[str, Any], Attributes | None, Table], Attributes | None]


def _put(order: dict[str, Any], _before: Attributes | None, _table: Table) -> Attributes:
    return dict(order["Item"])


def _delete(_order: dict[str, Any], _before: Attributes | None, _table: Table) -> None:
    return None


def _checked(_order: dict[str, Any], before: Attributes | None, _table: Table) -> Attributes | None:
    return before


def _update(order: dict[str, Any], before: Attributes | None, table: Table) -> Attributes:
    item = _as_item(before if before is not None else order["Key"])
    names, values = order.get("ExpressionAttributeNames", {}), order.get("ExpressionAttributeValues", {})
    parser: Any = expressions  # moto hides it from type checkers
    tree = parser.UpdateExpressionParser.make(order["UpdateExpression"])
    looks_like_motos: Any = table
    checked = UpdateExpressionValidator(tree, names, values, item, looks_like_motos).validate()
    checked.normalize()
    UpdateExpressionExecutor(checked, item, names).execute()
    whole: Attributes = {name: value.to_regular_json() for name, value in item.attrs.items()}
    return whole


_APPLY: dict[str, Apply] = {"Put": _put, "Update": _update, "Delete": _delete, "ConditionCheck": _checked}


def _applied(operation: str, apply: Apply, order: Any, before: Attributes | None, table: Table) -> Attributes | None:
    try:
        after = apply(order, before, table)
    except MockValidationException as error:
        raise Refused(operation, "ValidationException", str(error)) from error
    for name in table.attribute_keys:
        if after is not None and name in after and not after[name].get("S"):
            raise Refused(operation, "ValidationException", f"key attribute {name} is empty")
    return after


def _holds(order: dict[str, Any], before: Attributes | None, operation: str) -> bool:
    try:
        return _matches(order.get("ConditionExpression"), order, before)
    except MockValidationException as error:
        raise Refused(operation, "ValidationException", str(error)) from error


def _matches(expression: str | None, order: dict[str, Any], item: Attributes | None) -> bool:
    if expression is None:
        return True
    names, values = order.get("ExpressionAttributeNames"), order.get("ExpressionAttributeValues")
    judge = _judge(expression, dumps(names), dumps(values))
    return bool(judge.expr(_as_item(item if item is not None else {})))


@lru_cache(maxsize=4096)
def _judge(expression: str, names: bytes, values: bytes) -> Any:
    return get_filter_expression(expression, loads(names), loads(values))  # noqa: S302 - made here a moment ago


def _as_item(attributes: Attributes) -> Item:
    """Return moto's form of an item, made without its constructor, which weighs the whole item for each attribute."""
    item: Any = Item.__new__(Item)
    item.attrs = {name: DynamoType(value) for name, value in _copy(attributes).items()}
    return item  # type: ignore[no-any-return]


def _copy(plain: Any) -> Any:
    """Return a deep copy of plain data, in a fifth of `deepcopy`'s time."""
    return loads(dumps(plain))  # noqa: S302 - made here a moment ago


def _shown(row: Attributes, index: Index) -> Attributes:
    return row if index.shows is None else {name: value for name, value in row.items() if name in index.shows}


def _store(table: Table, key: Key, item: Attributes | None) -> None:
    if item is None:
        with suppress(KeyError):
            del table.items[key]
    else:
        table.items[key] = item


def _key_of(order: dict[str, Any]) -> Key:
    return _key(order.get("Item") or order["Key"])


def _key(attributes: Attributes) -> Key:
    return attributes["pk"]["S"], attributes["sk"]["S"]
