"""The client: what PynamoDB asks of botocore's, answered by the store."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from marshal import dumps, loads
from typing import Any

from tests.support.dynamo import queries, reads, transactions, writes
from tests.support.dynamo.refused import Invalid, Refused
from tests.support.dynamo.requests import Request
from tests.support.dynamo.store import Hook, Store
from tests.support.dynamo.tables import Table

OPERATIONS: dict[str, Callable[[Store, Request], dict[str, Any]]] = {
    "GetItem": reads.get,
    "BatchGetItem": reads.batch_get,
    "TransactGetItems": reads.transact_get,
    "PutItem": partial(writes.alone, operation="PutItem"),
    "UpdateItem": partial(writes.alone, operation="UpdateItem"),
    "DeleteItem": partial(writes.alone, operation="DeleteItem"),
    "TransactWriteItems": transactions.transact_write,
    "Query": queries.query,
    "Scan": queries.scan,
}
UNLOCKED = frozenset({"TransactWriteItems"})  # takes the lock itself, and lets go of it while hooks run


@dataclass
class Dynamo(Store):
    """A botocore client for the tables. `calls` are the operations so far; hooks may raise before or after one."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    before: list[Hook] = field(default_factory=list)
    after: list[Hook] = field(default_factory=list)

    @classmethod
    def from_template(cls, **knobs: Any) -> "Dynamo":
        """Return both tables, empty; `knobs` are fields of the store."""
        resources = {"state": "StateTable", "ledger": "LedgerTable"}
        return cls(tables={name: Table.from_template(resource) for name, resource in resources.items()}, **knobs)

    def snapshot(self) -> Any:
        """Return everything as it is now; items are never changed in place."""
        return {name: table.items.snapshot() for name, table in self.tables.items()}

    def restore(self, snapshot: Any) -> None:
        """Go back to a snapshot, without tokens, locks and stream."""
        for name, items in snapshot.items():
            self.tables[name].items.restore(items)
        self.forget()

    def forget_tokens(self) -> None:
        """Ten minutes pass: a request token is honoured no longer."""
        self.tokens.clear()

    def perform(self, operation: str, request: Request) -> dict[str, Any]:
        """Answer a request without calling hooks or counting it; raises `Refused`."""
        if operation not in OPERATIONS:
            raise Refused(operation, "UnknownOperationException", f"{operation} is not modelled: add it to {__name__}")
        carry_out = OPERATIONS[operation]
        try:
            if operation in UNLOCKED:
                return _copy(carry_out(self, request))
            with self.lock:
                return _copy(carry_out(self, request))
        except Invalid as error:
            raise Refused(operation, "ValidationException", str(error)) from error

    def _make_api_call(self, operation: str, request: Request) -> dict[str, Any]:
        self.calls.append((operation, request))
        for hook in tuple(self.before):
            hook(operation, request)
        answer = self.perform(operation, request)
        for hook in tuple(self.after):
            hook(operation, request)
        return answer


def _copy(plain: Any) -> Any:
    """Return a deep copy of plain data, in a fifth of `deepcopy`'s time."""
    return loads(dumps(plain))  # noqa: S302 - made here a moment ago
