"""The ways in which one call to AWS can go wrong (safety.md, G3), as botocore meets them on the wire.

    not sent        the connection is refused
    throttled       the service says: not now
    500, 503        the service fails
    conflict        another transaction is at the same item
    in progress     the same transaction is still at work
    answer lost     it was done, and nobody was told
    killed before   the function ends before it asked, as if the machine had been switched off
    killed after    the function ends before it heard

Three more are DynamoDB's own: a transaction throttled inside, a batch left unprocessed, and an answer lost for so long
that the client's request token is not honoured any more when it is sent again.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from tests.support.aws.cloud import Proceed
from tests.support.aws.http import Asked, No, no, yes

Does = Callable[[Asked, Proceed], AWSResponse]
SINGLE_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})


class Killed(BaseException):
    """The function ends here."""


@dataclass(frozen=True)
class Way:
    """`lasts`: it can go on for as long as the delivery does, whatever is tried again; else it happens once."""

    name: str
    does: Does
    fits: Callable[[str, str], bool] = lambda _service, _operation: True
    lasts: bool = False

    def __str__(self) -> str:
        return self.name


def _not_sent(asked: Asked, _: Proceed) -> AWSResponse:
    raise EndpointConnectionError(endpoint_url=asked.request.url)


THROTTLES: Mapping[str, tuple[str, int]] = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "sesv2": ("TooManyRequestsException", 429),
    "s3": ("SlowDown", 503),
}


def _throttled(asked: Asked, _: Proceed) -> AWSResponse:
    return no(asked, No(*THROTTLES.get(asked.service, ("ThrottlingException", 429))))


def _internal(asked: Asked, _: Proceed) -> AWSResponse:
    return no(asked, No("InternalServerError" if asked.service == "dynamodb" else "InternalFailure", 500))


def _unavailable(asked: Asked, _: Proceed) -> AWSResponse:
    return no(asked, No("ServiceUnavailable", 503))


def _conflict(asked: Asked, _: Proceed) -> AWSResponse:
    if asked.operation == "TransactWriteItems":
        return no(asked, _cancelled(asked, "TransactionConflict"))
    return no(asked, No("TransactionConflictException"))


def _throttled_inside(asked: Asked, _: Proceed) -> AWSResponse:
    return no(asked, _cancelled(asked, "ThrottlingError"))


def _cancelled(asked: Asked, code: str) -> No:
    others = [{"Code": "None"}] * (len(asked.json["TransactItems"]) - 1)
    return No("TransactionCanceledException", CancellationReasons=[{"Code": code, "Message": code}, *others])


def _in_progress(asked: Asked, _: Proceed) -> AWSResponse:
    return no(asked, No("TransactionInProgressException"))


def _unprocessed(asked: Asked, proceed: Proceed) -> AWSResponse:
    """Answer with the first item that was found, and leave all other keys for later."""
    found = json.loads(proceed().content)["Responses"]
    first = {table: items[:1] for table, items in found.items()}
    left = {table: {**wanted, "Keys": _but(first.get(table, []), wanted["Keys"])} for table, wanted in _asked(asked)}
    return yes(
        asked, {"Responses": first, "UnprocessedKeys": {table: each for table, each in left.items() if each["Keys"]}}
    )


def _asked(asked: Asked) -> Iterable[tuple[str, Any]]:
    return asked.json["RequestItems"].items()


def _but(items: list[Any], keys: list[Any]) -> list[Any]:
    got = [(item["pk"], item["sk"]) for item in items]
    return [key for key in keys if (key["pk"], key["sk"]) not in got]


def _answer_lost(asked: Asked, proceed: Proceed) -> AWSResponse:
    proceed()
    raise ReadTimeoutError(endpoint_url=asked.request.url)


def _killed_before(_: Asked, __: Proceed) -> AWSResponse:
    raise Killed


def _killed_after(_: Asked, proceed: Proceed) -> AWSResponse:
    proceed()
    raise Killed


def _is_transaction(_: str, operation: str) -> bool:
    return operation == "TransactWriteItems"


def _writes_items(service: str, operation: str) -> bool:
    return service == "dynamodb" and (operation in SINGLE_WRITES or operation == "TransactWriteItems")


WAYS = (
    Way("not sent", _not_sent, lasts=True),
    Way("throttled", _throttled, lasts=True),
    Way("500", _internal, lasts=True),
    Way("503", _unavailable, lasts=True),
    Way("conflict", _conflict, _writes_items, lasts=True),
    Way("in progress", _in_progress, _is_transaction, lasts=True),
    Way("answer lost", _answer_lost, lasts=True),
    Way("killed before", _killed_before),
    Way("killed after", _killed_after),
    Way("throttled inside", _throttled_inside, _is_transaction, lasts=True),
    Way("left unprocessed", _unprocessed, lambda _, operation: operation == "BatchGetItem"),
)
