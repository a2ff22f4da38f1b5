"""GetItem, BatchGetItem and TransactGetItems."""

from typing import Any

from tests.support.dynamo.refused import Invalid, cancelled
from tests.support.dynamo.requests import Request, expressions
from tests.support.dynamo.sizes import heavier
from tests.support.dynamo.store import Store
from tests.support.dynamo.tables import PRIMARY, Key, key_of
from tests.support.dynamo.transactions import IN_CONFLICT, MOST_BYTES, MOST_ITEMS, NOTHING_WRONG
from tests.support.dynamo.values import Attributes
from tests.support.dynamo.writes import check_key

MOST_IN_A_BATCH = 100
MOST_BATCH_BYTES = 16 * 1024 * 1024


def get(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a GetItem."""
    store.table(request["TableName"])
    parsed, key = expressions(request), _key(request["Key"])
    found = _find(store, request["TableName"], key, consistent=request.get("ConsistentRead", False))
    return {"Item": parsed.shown(found)} if found is not None else {}


def _key(attributes: Attributes) -> Key:
    if attributes.keys() != {PRIMARY.hash, PRIMARY.range}:
        raise Invalid("The provided key element does not match the schema")
    check_key(attributes)
    return key_of(attributes)


def _find(store: Store, table: str, key: Key, *, consistent: bool) -> Attributes | None:
    found: Attributes | None = store.tables[table].items.get(key)
    return found if consistent else store.unseen(table).get(key, found)


def batch_get(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a BatchGetItem: each key is read by itself; what is too much is left for the next one."""
    wanted = [(table, key) for table, each in request["RequestItems"].items() for key in each["Keys"]]
    unique = {(table, _key(key)) for table, key in wanted}
    if not 0 < len(wanted) <= MOST_IN_A_BATCH or len(unique) != len(wanted):
        raise Invalid("Too many items requested for the BatchGetItem call, none, or one of them twice")
    parsed = {table: expressions(each) for table, each in request["RequestItems"].items() if store.table(table)}
    consistent = {table: each.get("ConsistentRead", False) for table, each in request["RequestItems"].items()}
    found = [_find(store, table, key_of(key), consistent=consistent[table]) for table, key in wanted]
    count = _at_once(store, found)
    answers: dict[str, list[Attributes]] = {table: [] for table in request["RequestItems"]}
    for (table, _), item in zip(wanted[:count], found[:count], strict=True):
        if item is not None:
            answers[table].append(parsed[table].shown(item))
    left: dict[str, Any] = {}
    for table, key in wanted[count:]:
        left.setdefault(table, {**request["RequestItems"][table], "Keys": []})["Keys"].append(key)
    return {"Responses": answers, "UnprocessedKeys": left}


def _at_once(store: Store, found: list[Attributes | None]) -> int:
    count = max(1, len(found) - store.unprocessed())
    while heavier([item or {} for item in found[:count]], MOST_BATCH_BYTES):
        count -= 1
    return count


def transact_get(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a TransactGetItems; cancelled where a transaction is writing."""
    orders = [each["Get"] for each in request["TransactItems"]]
    targets = [(order["TableName"], _key(order["Key"])) for order in orders]
    parsed = [expressions(order) for order in orders]
    if not 0 < len(orders) <= MOST_ITEMS or len(set(targets)) != len(targets):
        raise Invalid("Too many items requested for the TransactGetItems call, none, or one of them twice")
    reasons = [IN_CONFLICT if target in store.locked else NOTHING_WRONG for target in targets]
    if IN_CONFLICT in reasons:
        raise cancelled("TransactGetItems", reasons)
    found = [store.table(table).items.get(key) for table, key in targets]
    if heavier([item or {} for item in found], MOST_BYTES):
        raise Invalid("Transaction request cannot be larger than 4 MB")
    shown = zip(parsed, found, strict=True)
    return {"Responses": [{} if item is None else {"Item": each.shown(item)} for each, item in shown]}
