"""What a function's role has to allow for a call: read off the call itself, held against the packaged templates."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from tests.support.aws.http import Asked
from tests.support.stacks import as_list, effects, statements

TABLES: Final = {"state": "StateTableArn", "ledger": "LedgerTableArn"}
LEADING: Final = "dynamodb:LeadingKeys"


class Need(NamedTuple):
    """An action on a table or an index of it; `key` stands for all partitions of its kind, empty in an index."""

    action: str
    resource: str
    key: str


def needs(asked: Asked) -> Iterator[Need]:
    """Yield what a call of DynamoDB has to be allowed; the other services' roles name what they are about."""
    if asked.service != "dynamodb":
        return
    if asked.operation == "TransactWriteItems":
        for each in asked.json["TransactItems"]:
            ((kind, inner),) = each.items()
            yield _need(kind, inner)
    elif asked.operation == "BatchGetItem":
        for table, wanted in asked.json["RequestItems"].items():
            for key in wanted["Keys"]:
                yield Need("dynamodb:BatchGetItem", TABLES[table], _like(key["pk"]["S"]))
    else:
        yield _need(asked.operation.removesuffix("Item"), asked.json)


def allowed(function: str, need: Need) -> bool:
    """Whether a function's role allows it, with the conditions under which it does."""
    granted = [each for each in statements(function) if _holds(each.get("Condition", {}), need)]
    return effects(granted, need.action, need.resource) == {"Allow"}


def _need(kind: str, said: Mapping[str, Any]) -> Need:
    table, index = TABLES[said["TableName"]], said.get("IndexName")
    if kind == "Query":
        key = said["ExpressionAttributeValues"][":0"]["S"]
        return Need("dynamodb:Query", f"{table}/index/{index}" if index else table, "" if index else _like(key))
    key = said.get("Key") or said["Item"]
    return Need(f"dynamodb:{kind}Item", table, _like(key["pk"]["S"]))


def _like(key: str) -> str:
    """Return a partition of the same kind: `acme#NOTICE#x`, `PRINCIPAL#x`."""
    first, *more = key.split("#")
    return "#".join([first, *more[:-1][:1], "x"] if more else [first])


def _holds(condition: Mapping[str, Any], need: Need) -> bool:
    patterns = condition.get("ForAllValues:StringLike", {}).get(LEADING)
    return patterns is None or any(fnmatchcase(need.key, pattern) for pattern in as_list(patterns))
