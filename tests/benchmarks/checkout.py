"""One checkout and one return through the real handlers on moto: round trips, transactions, write and read units."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import jwt

from tests.benchmarks import sizes
from tests.benchmarks.recording import Calls, recorded
from tests.support import workplace
from tests.support.functions import function
from toolcrib.clients import client

Snapshot = dict[tuple[str, str, str], Any]


@dataclass
class Step:
    """What one upload cost."""

    name: str
    calls: Calls
    write_units: int
    read_units: float


class Bench:
    """A bank of eight doors with one drill in it, and somebody who takes it and brings it back."""

    def __init__(self) -> None:
        self.app = function("devices")
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.dynamodb = boto3.client("dynamodb")
        self._seq = 0
        workplace.rules(workplace.site(), workplace.DRILL, workplace.CREW, workplace.FALLBACK)
        workplace.put_bank(workplace.bank(), doors=8, stowed={1: workplace.drill(1)})
        workplace.put_person(workplace.person(1), workplace.TOKEN)
        client("iot-data", "").publish = self._publish
        self.upload("the function is warm", "tap", badges=[workplace.TOKEN[:-1] + "x"])

    def _publish(self, *, topic: str, payload: bytes, **_: Any) -> None:
        self.published.append((topic.rsplit("/", 1)[1], json.loads(payload)))

    def upload(self, name: str, kind: str, **body: Any) -> Step:
        """Send one upload through its handler and count what it did."""
        self._seq += 1
        ulid = f"01K0000000000000000000{self._seq:04d}"
        whole = {"id": ulid, "at": "2026-11-20T09:00:00Z", "age_ms": 1, "boot": 1, **body}
        whole |= {"journal_depth": 0} if kind == "tap" else {"seq": self._seq}
        event = {
            "body": base64.b64encode(json.dumps(whole).encode()).decode(),
            "thing": "acme:hq-01",
            "received_ms": int(datetime.now(UTC).timestamp() * 1000),
        }
        before = self.snapshot()
        with recorded() as calls:
            getattr(self.app, f"on_{kind}")(event, None)
        return Step(name, calls, self._written(calls, before, self.snapshot()), self._read(calls, before))

    def command(self) -> str:
        """Return the grant of the last door command."""
        last = next(message for kind, message in reversed(self.published) if kind == "open")
        return str(jwt.decode(last["command"], options={"verify_signature": False})["jti"])

    def checkout_and_return(self) -> list[Step]:
        """Take the drill and bring it back: two taps, four door reports."""
        steps = []
        for verb, tags in (("take", []), ("return", ["E2000001"])):
            steps.append(self.upload(f"{verb}: tap", "tap", badges=[workplace.TOKEN]))
            grant = self.command()
            door = {"door": 1, "grant": grant, "evidence": "tags", "present": None}
            steps.append(self.upload(f"{verb}: opened", "door", outcome="opened", tags=None, **door))
            steps.append(self.upload(f"{verb}: closed", "door", outcome="closed", tags=tags, **door))
        return steps

    def snapshot(self) -> Snapshot:
        """Return every item of both tables."""
        return {
            (table, item["pk"]["S"], item["sk"]["S"]): item
            for table in ("state", "ledger")
            for page in self.dynamodb.get_paginator("scan").paginate(TableName=table)
            for item in page["Items"]
        }

    def _written(self, calls: Calls, before: Snapshot, after: Snapshot) -> int:
        units = 0
        for transaction, key in _writes(calls):
            units += sizes.write_units(before.get(key), after.get(key), transaction=transaction)
        return units

    def _read(self, calls: Calls, items: Snapshot) -> float:
        return sum(sizes.read_units(read, consistent=consistent) for read, consistent in _reads(calls, items))


def _writes(calls: Calls) -> Iterator[tuple[bool, tuple[str, str, str]]]:
    for operation, arguments in calls.made:
        if operation == "TransactWriteItems":
            for entry in arguments["TransactItems"]:
                ((_, write),) = entry.items()
                yield True, _key(write["TableName"], write.get("Item") or write["Key"])
        elif operation in {"UpdateItem", "PutItem"}:
            yield False, _key(arguments["TableName"], arguments.get("Item") or arguments["Key"])


def _reads(calls: Calls, items: Snapshot) -> Iterator[tuple[int, bool]]:
    """Yield bytes and consistency of each read; of a batch every item is a read of its own."""
    for operation, arguments in calls.made:
        if operation == "GetItem":
            yield sizes.size(items.get(_key(arguments["TableName"], arguments["Key"]), {})), True
        elif operation == "BatchGetItem":
            for table, wanted in arguments["RequestItems"].items():
                for key in wanted["Keys"]:
                    yield sizes.size(items.get(_key(table, key), {})), True
        elif operation == "Query":
            partition = next(iter(arguments["ExpressionAttributeValues"].values()))["S"]
            found = (
                item for (table, pk, _), item in items.items() if (table, pk) == (arguments["TableName"], partition)
            )
            yield sum(sizes.size(item) for item in found), bool(arguments.get("ConsistentRead"))


def _key(table: str, item: dict[str, Any]) -> tuple[str, str, str]:
    return table, item["pk"]["S"], item["sk"]["S"]


@contextmanager
def workbench() -> Iterator[Bench]:
    """A bench on empty tables."""
    from tests.support.tables import tables_in_memory

    with tables_in_memory():
        yield Bench()
