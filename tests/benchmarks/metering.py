"""What is asked of the store meanwhile, in requests and units, and the CPU that everything but the store takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import process_time
from typing import Any
from unittest.mock import patch

from tests.benchmarks import sizes
from tests.support.dynamo import Dynamo


@dataclass
class Meter:
    """What it came to; `cpu_s` is complete when the metering is over."""

    requests: int = 0
    read_units: float = 0
    write_units: int = 0
    cpu_s: float = 0


@contextmanager
def metered(dynamo: Dynamo) -> Iterator[Meter]:
    """Count while this is open. The store in memory looks through a whole index, so its time is left out."""
    meter, perform = Meter(), dynamo.perform

    def counted(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        begun, written = process_time(), len(dynamo.stream)
        answer = perform(operation, request)
        meter.requests += 1
        meter.read_units += _read_units(dynamo, operation, request, answer)
        for each in dynamo.stream[written:]:
            meter.write_units += sizes.write_units(each.old, each.new, transaction=operation.startswith("Transact"))
        meter.cpu_s -= process_time() - begun
        return answer

    with patch.object(dynamo, "perform", counted):
        begun = process_time()
        yield meter
        meter.cpu_s += process_time() - begun


def _read_units(dynamo: Dynamo, operation: str, request: dict[str, Any], answer: dict[str, Any]) -> float:
    """Return the read units of one call, by what it had to look at and not by what it was shown."""
    if operation == "GetItem":
        return _of_keys(dynamo, request["TableName"], {**request, "Keys": [request["Key"]]})
    if operation == "BatchGetItem":
        return sum(_of_keys(dynamo, table, wanted) for table, wanted in request["RequestItems"].items())
    if operation != "Query":
        return 0
    weight = sum(map(sizes.size, answer["Items"]))
    if "IndexName" not in request:
        partition = next(value["S"] for value in request["ExpressionAttributeValues"].values())
        primary = dynamo.tables[request["TableName"]].items
        weight = sum(sizes.size(item) for (pk, _), item in primary.items() if pk == partition)
    return sizes.read_units(weight, consistent=request.get("ConsistentRead", False))


def _of_keys(dynamo: Dynamo, table: str, wanted: dict[str, Any]) -> float:
    """Return the read units of items that are asked for by key, each rounded up by itself, there or not."""
    items, consistent = dynamo.tables[table].items, wanted.get("ConsistentRead", False)
    found = (items.get((key["pk"]["S"], key["sk"]["S"])) or {} for key in wanted["Keys"])
    return sum(sizes.read_units(sizes.size(item), consistent=consistent) for item in found)
