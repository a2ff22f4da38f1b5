"""`toolcrib redrive`: reports that were put away get another chance, oldest first; poison stays with a reason."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.cli import dead_letters
from infra.cli.dead_letters import redrive
from infra.cli.verbs import redrive as verb

ARN = "arn:aws:lambda:us-east-1:123456789012:function:toolcrib-on-door:$LATEST"


class GoneError(Exception):
    """Lambda's ResourceNotFoundException."""


class Exceptions:
    """What a client of Lambda raises."""

    ResourceNotFoundException = GoneError


@dataclass
class Functions:
    """Lambda, as far as redriving goes: `poison` holds the payloads that every function fails on."""

    poison: list[Any] = field(default_factory=list)
    called: list[tuple[str, Any]] = field(default_factory=list)
    exceptions: Any = Exceptions

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - as botocore has it
        if "gone" in FunctionName:
            raise GoneError
        payload = json.loads(Payload)
        self.called.append((FunctionName, payload))
        if payload in self.poison:
            said = {"errorType": "KeyError", "errorMessage": "1.SECRETTOKEN"}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(said).encode())}
        return {"Payload": io.BytesIO(b"null")}


@dataclass
class Place:
    """A deployment with one queue."""

    queue: str
    functions: Functions = field(default_factory=Functions)

    @property
    def target(self) -> Any:
        return self

    def resource(self, stack: str, logical_id: str) -> str:
        assert (stack, logical_id) == ("devices", "DeadReports")
        return self.queue

    def client(self, service: str) -> Any:
        return self.functions if service == "lambda" else boto3.client(service, region_name="us-east-1")

    def put_away(self, payload: Any, function: str = ARN) -> None:
        context = {
            "requestId": "r",
            "functionArn": function,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        }
        letter = {"version": "1.0", "requestContext": context, "requestPayload": payload, "responsePayload": {}}
        self.put(json.dumps(letter))

    def put(self, body: str) -> None:
        self.client("sqs").send_message(QueueUrl=self.queue, MessageBody=body)

    def left(self) -> int:
        asked = {"QueueUrl": self.queue, "AttributeNames": ["ApproximateNumberOfMessages"]}
        return int(self.client("sqs").get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with mock_aws():
        found = Place(boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="dead")["QueueUrl"])
        monkeypatch.setattr(verb, "deployment", lambda _: found)
        yield found


def test_what_is_accepted_leaves_the_queue_oldest_first(place: Place) -> None:
    for number in range(25):
        place.put_away({"received_ms": number})
    outcomes = list(redrive(place.target, place.queue))
    assert [payload["received_ms"] for _, payload in place.functions.called] == list(range(25))
    assert {function for function, _ in place.functions.called} == {ARN}
    assert all(outcome.reason is None for outcome in outcomes)
    assert place.left() == 0
    assert list(redrive(place.target, place.queue)) == []


def test_poison_stays_for_the_next_time_and_blocks_nobody(place: Place) -> None:
    place.functions.poison.append({"received_ms": 1})
    for number in range(3):
        place.put_away({"received_ms": number})
    reasons = [outcome.reason for outcome in redrive(place.target, place.queue)]
    assert (reasons, place.left()) == ([None, "KeyError", None], 1)
    place.functions.poison.clear()
    assert [outcome.reason for outcome in redrive(place.target, place.queue)] == [None]


@pytest.mark.parametrize("body", ["hello", "[]", "null", '{"requestContext": {}}', '{"requestPayload": {}}'])
def test_what_lambda_did_not_put_away_stays(place: Place, body: str) -> None:
    place.put(body)
    (outcome,) = redrive(place.target, place.queue)
    assert (outcome.reason, place.left()) == ("it is no report that Lambda put away", 1)
    assert place.functions.called == []


def test_a_function_that_is_gone_is_a_reason_too(place: Place) -> None:
    place.put_away({}, function=ARN.replace("on-door", "gone"))
    assert [outcome.reason for outcome in redrive(place.target, place.queue)] == ["its function is gone"]


def test_one_go_is_bounded(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "MOST", 10)
    for number in range(25):
        place.put_away({"received_ms": number})
    assert len(list(redrive(place.target, place.queue))) == 10
    assert place.left() == 15


def test_the_verb_tells_what_it_did_and_nothing_of_what_was_in_it(place: Place, toolcrib: Callable[..., Any]) -> None:
    place.functions.poison.append({"body": "1.SECRETTOKEN"})
    place.put_away({"body": "1.SECRETTOKEN"})
    place.put_away({"body": "fine"})
    result = toolcrib("redrive")
    assert result.exit_code == 1
    assert "toolcrib-on-door stays: KeyError" in result.output
    assert "1 accepted, 1 stayed." in result.output
    assert "SECRET" not in result.output
    place.functions.poison.clear()
    assert toolcrib("redrive").exit_code == 0
    assert toolcrib("redrive").output == "No report was put away.\n"
