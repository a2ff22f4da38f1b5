"""Watches the calls that functions make to DynamoDB and IoT, on moto: round trips, transactions, items, bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.session import Session

from toolcrib import clients
from toolcrib.store.tables import connection


@dataclass
class Calls:
    """The calls of one step, in order: (operation, arguments)."""

    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def count(self, *operations: str) -> int:
        """Return how many calls of these operations were made; of all if none is named."""
        return sum(1 for operation, _ in self.made if not operations or operation in operations)

    def transactions(self) -> list[list[dict[str, Any]]]:
        """Return the items of each transaction."""
        return [arguments["TransactItems"] for operation, arguments in self.made if operation == "TransactWriteItems"]


@contextmanager
def recorded() -> Iterator[Calls]:
    """Record what is called inside the block, through whichever client."""
    calls = Calls()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.made.append((model.name, params))

    watched = [connection().client.meta.events, clients.client("iot-data", "").meta.events]
    for events in watched:
        events.register("provide-client-params.*.*", note, unique_id="benchmark")
    try:
        yield calls
    finally:
        for events in watched:
            events.unregister("provide-client-params.*.*", note, unique_id="benchmark")


def bare(session: Session, region: str, endpoint: str) -> Any:
    """Return a DynamoDB client as anybody would make it."""
    return session.create_client("dynamodb", region_name=region, endpoint_url=endpoint)
