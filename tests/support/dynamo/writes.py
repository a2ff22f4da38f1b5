"""Put, update and delete: what they would leave behind, and whether that may be."""

from typing import Any, NamedTuple

from tests.support.dynamo.documents import projected
from tests.support.dynamo.refused import Invalid, Refused, Unfit
from tests.support.dynamo.requests import Expressions, Request, expressions
from tests.support.dynamo.sizes import checked, not_too_heavy
from tests.support.dynamo.store import Store, Target
from tests.support.dynamo.tables import PRIMARY, Table, key_of
from tests.support.dynamo.values import Attributes

LONGEST_HASH_BYTES = 2048
LONGEST_RANGE_BYTES = 1024
CONFLICT = "Transaction is ongoing for the item"
FAILED = "The conditional request failed"


class Write(NamedTuple):
    """A write that is well-formed. `request` is it as sent, alone or in a transaction."""

    kind: str
    request: Request
    table: Table
    target: Target
    expressions: Expressions
    item: Attributes | None  # of a put, as it will be kept

    def told(self, before: Attributes | None) -> Attributes | None:
        """Return what a request whose condition failed wants to be told of the item."""
        return before if self.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" else None

    def after(self, before: Attributes | None) -> Attributes | None:
        """Return what is there afterwards; raises `Unfit`."""
        if self.kind == "Delete":
            return None
        if self.kind == "ConditionCheck":
            return before
        if self.kind == "Put":
            return self.item
        update, names, values = self.expressions.update, self.expressions.names, self.expressions.values
        item = dict(before if before is not None else self.request["Key"])
        if update is None:
            return item
        after = update.apply(item, names, values)
        try:
            check_indexed(after, self.table)
            not_too_heavy(after)
        except Invalid as error:
            raise Unfit(str(error)) from error
        return after


def write(store: Store, kind: str, request: Request) -> Write:
    """Return a write, checked as far as the item it meets does not matter; raises `Invalid`."""
    table, parsed = store.table(request["TableName"]), expressions(request)
    attributes = request["Item"] if kind == "Put" else request["Key"]
    if kind != "Put" and attributes.keys() != {PRIMARY.hash, PRIMARY.range}:
        raise Invalid("The provided key element does not match the schema")
    check_key(attributes)
    if kind == "Put":
        check_indexed(attributes, table)
    if parsed.update is not None:
        for way in parsed.update.ways(parsed.names):
            if way[0] in {PRIMARY.hash, PRIMARY.range}:
                raise Invalid(f"Cannot update attribute {way[0]}. This attribute is part of the key")
    return Write(
        kind,
        request,
        table,
        (request["TableName"], key_of(attributes)),
        parsed,
        checked(attributes) if kind == "Put" else None,
    )


def check_key(item: Attributes) -> None:
    """Raise `Invalid` where a part of the table's key is missing or cannot be one."""
    for name, longest in ((PRIMARY.hash, LONGEST_HASH_BYTES), (PRIMARY.range, LONGEST_RANGE_BYTES)):
        if name not in item:
            raise Invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
        _check_part(item[name], name, longest)


def check_indexed(item: Attributes, table: Table) -> None:
    """Raise `Invalid` where an attribute that an index sorts by is there and cannot be a key."""
    for index in table.indexes.values():
        for name, longest in ((index.hash, LONGEST_HASH_BYTES), (index.range, LONGEST_RANGE_BYTES)):
            if name in item:
                _check_part(item[name], name, longest)


def _check_part(value: Attributes, name: str, longest: int) -> None:
    if "S" not in value:
        raise Invalid(f"One or more parameter values were invalid: Type mismatch for key {name}")
    if not value["S"]:
        raise Invalid(f"One or more parameter values are not valid. Key attribute {name} is an empty string value")
    if len(value["S"].encode()) > longest:
        raise Invalid(f"One or more parameter values were invalid: Size of {name} has exceeded {longest} bytes")


def alone(store: Store, request: Request, *, operation: str) -> dict[str, Any]:
    """Carry out a PutItem, UpdateItem or DeleteItem; raises `Refused` and `Invalid`."""
    one = write(store, operation.removesuffix("Item"), request)
    if one.target in store.locked:
        raise Refused(operation, "TransactionConflictException", CONFLICT)
    before = one.table.items.get(one.target[1])
    if not one.expressions.holds(before):
        raise Refused(operation, "ConditionalCheckFailedException", FAILED, item=one.told(before))
    after = one.after(before)
    store.write(*one.target, after)
    return _returned(one, before, after)


def _returned(one: Write, before: Attributes | None, after: Attributes | None) -> dict[str, Any]:
    wanted = one.request.get("ReturnValues", "NONE")
    if wanted == "NONE":
        return {}
    if wanted not in ({"ALL_OLD"} if one.kind != "Update" else {"ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"}):
        raise Invalid("Return values set to invalid value")
    item = before if wanted.endswith("OLD") else after
    if item is not None and wanted.startswith("UPDATED"):
        update = one.expressions.update
        item = projected(item, update.ways(one.expressions.names)) if update is not None else None
    return {"Attributes": item} if item else {}
