"""What can go wrong with one call to DynamoDB, once; and every call of a handler, found by running it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.support.dynamo import Dynamo, Refused

Fault = Callable[[Dynamo, str, dict[str, Any]], None]


class Killed(BaseException):
    """The function ends here, as if the machine had been switched off."""


def _not_sent(_dynamo: Dynamo, _operation: str, _request: dict[str, Any]) -> None:
    raise EndpointConnectionError(endpoint_url="https://dynamodb")


def _throttled(_dynamo: Dynamo, operation: str, _request: dict[str, Any]) -> None:
    raise Refused(operation, "ProvisionedThroughputExceededException")


def _internal(_dynamo: Dynamo, operation: str, _request: dict[str, Any]) -> None:
    raise Refused(operation, "InternalServerError")


def _conflict(_dynamo: Dynamo, operation: str, request: dict[str, Any]) -> None:
    if operation == "TransactWriteItems":
        reasons = ["TransactionConflict", *["None"] * (len(request["TransactItems"]) - 1)]
        raise Refused(operation, "TransactionCanceledException", str(reasons), reasons)


def _in_progress(_dynamo: Dynamo, operation: str, _request: dict[str, Any]) -> None:
    if operation == "TransactWriteItems":
        raise Refused(operation, "TransactionInProgressException")


def _killed(_dynamo: Dynamo, _operation: str, _request: dict[str, Any]) -> None:
    raise Killed


def _answer_lost(_dynamo: Dynamo, _operation: str, _request: dict[str, Any]) -> None:
    raise ReadTimeoutError(endpoint_url="https://dynamodb")


def _sent_twice(dynamo: Dynamo, operation: str, request: dict[str, Any]) -> None:
    """The answer is lost and botocore asks again: the same request, to a table that has been written already."""
    dynamo.perform(operation, request)


def _sent_twice_much_later(dynamo: Dynamo, operation: str, request: dict[str, Any]) -> None:
    dynamo.forget_tokens()
    dynamo.perform(operation, request)


BEFORE: Mapping[str, Fault] = {
    "not sent": _not_sent,
    "throttled": _throttled,
    "an error of theirs": _internal,
    "another transaction": _conflict,
    "still in progress": _in_progress,
    "killed before": _killed,
}
AFTER: Mapping[str, Fault] = {
    "answer lost": _answer_lost,
    "answer lost, sent again": _sent_twice,
    "answer lost, sent again after ten minutes": _sent_twice_much_later,
    "killed after": _killed,
}
FAULTS = (*BEFORE, *AFTER)
DISTURBED = (Killed, ClientError, EndpointConnectionError, ReadTimeoutError)


@contextmanager
def failing(dynamo: Dynamo, fault: str, at: int) -> Iterator[None]:
    """Let the `at`-th call (from 0) fail in a way, once."""
    countdown = iter(range(at, -2, -1))

    def hook(operation: str, request: dict[str, Any]) -> None:
        if next(countdown, None) == 0:
            (BEFORE.get(fault) or AFTER[fault])(dynamo, operation, request)

    hooks = dynamo.before if fault in BEFORE else dynamo.after
    hooks.append(hook)
    try:
        yield
    finally:
        hooks.remove(hook)
