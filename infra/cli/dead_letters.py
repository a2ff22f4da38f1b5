"""Reports that no retry could apply, as Lambda's failure destination put them away, and giving them another chance."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from infra.cli.target import Target

MOST: Final = 1000  # in one go; the next takes more
HIDDEN_S: Final = 900  # nobody else redrives them meanwhile


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message of the queue. `payload` is what the function was called with, None where it cannot be read."""

    receipt: str
    sent_at: datetime
    function: str
    payload: Any

    @property
    def name(self) -> str:
        """The function's name, without account and version."""
        return self.function.split(":function:")[-1].split(":", 1)[0]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a letter; `reason` is why it stays, None once it is accepted."""

    letter: Letter
    reason: str | None = None


def redrive(target: Target, queue: str) -> Iterator[Outcome]:
    """Call each letter's function again, oldest first; what is accepted leaves the queue, anything else stays.

    Reports may come late, repeated and out of order: calling again what was applied after all changes nothing.
    """
    for letter in sorted(_received(target, queue), key=lambda each: each.sent_at):
        reason = _again(target, letter)
        if reason is None:
            target.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=letter.receipt)
        else:
            target.client("sqs").change_message_visibility(
                QueueUrl=queue, ReceiptHandle=letter.receipt, VisibilityTimeout=0
            )
        yield Outcome(letter=letter, reason=reason)


def _received(target: Target, queue: str) -> list[Letter]:
    letters: dict[str, Letter] = {}
    while len(letters) < MOST:
        answer = target.client("sqs").receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=1,
            VisibilityTimeout=HIDDEN_S,
            AttributeNames=["SentTimestamp"],
        )
        found = answer.get("Messages", [])
        letters.update({message["MessageId"]: _letter(message) for message in found})
        if not found:
            break
    return list(letters.values())


def _letter(message: dict[str, Any]) -> Letter:
    try:
        told = json.loads(message["Body"])
        function, payload = told["requestContext"]["functionArn"], told["requestPayload"]
    except (ValueError, TypeError, KeyError):
        function, payload = "", None
    sent_ms = int(message["Attributes"]["SentTimestamp"])
    return Letter(
        receipt=message["ReceiptHandle"],
        sent_at=datetime.fromtimestamp(sent_ms / 1000, UTC),
        function=str(function),
        payload=payload,
    )


def _again(target: Target, letter: Letter) -> str | None:
    """Return why the function refuses it: the kind of its failure only, since messages may quote what failed."""
    if letter.payload is None:
        return "it is no report that Lambda put away"
    client = target.client("lambda")
    try:
        answer = client.invoke(FunctionName=letter.function, Payload=json.dumps(letter.payload).encode())
    except client.exceptions.ResourceNotFoundException:
        return "its function is gone"
    said = answer["Payload"].read()
    if "FunctionError" not in answer:
        return None
    try:
        return str(json.loads(said)["errorType"])
    except (ValueError, TypeError, KeyError):
        return str(answer["FunctionError"])
