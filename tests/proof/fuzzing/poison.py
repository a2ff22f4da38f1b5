"""One poison record in a batch of ten: nine are applied at once, one is set aside, and the stream is told which."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.notices import deliver_notice
from chalicelib.notices.stream import heard
from tests.proof.fuzzing.nasty import mangled
from tests.support.tables import ENVIRONMENT
from tests.support.world import Context, app

BATCH = 10
IMAGE = {"pk": {"S": "acme#NOTICE#n"}, "sk": {"S": "NOTICE"}, "wake": {"S": "2026-11-21T09:00:00Z"}}


@dataclass
class Batches:
    """How many batches held poison, how many of its neighbours were applied or not, how much of it was set aside."""

    poisoned: int = 0
    applied: int = 0
    blocked: int = 0
    set_aside: int = 0


def tried(examples: int, *, repeatable: bool) -> Batches:
    """Hand so many batches to the function; the poison is a notice's image mangled, at any place among good ones."""
    counted = Batches()

    @settings(max_examples=examples, deadline=None, derandomize=repeatable, database=None)
    @given(mangled((json.dumps(IMAGE).encode(),)), st.integers(0, BATCH - 1))
    def batch(image: bytes, place: int) -> None:
        poison = _record(place, _json(image))
        if _is_poison(poison):
            records = [_record(number, _good(number)) for number in range(BATCH)]
            records[place] = poison
            _count(counted, records, place)

    with patch.dict("os.environ", ENVIRONMENT):
        batch()
    return counted


def _count(counted: Batches, records: list[dict[str, Any]], place: int) -> None:
    with _delivered() as delivered:
        failed = [
            each["itemIdentifier"]
            for each in app("notices").deliver({"Records": records}, Context())["batchItemFailures"]
        ]
    counted.poisoned += 1
    counted.applied += len(delivered)
    counted.blocked += len({f"n{number}" for number in range(BATCH) if number != place} - set(delivered))
    counted.set_aside += failed == [str(place)]


@contextmanager
def _delivered() -> Iterator[list[str]]:
    delivered: list[str] = []
    with patch.object(deliver_notice, "deliver", lambda notice, _org, _now: delivered.append(notice)):
        yield delivered


def _good(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"acme#NOTICE#n{number}"}, "sk": {"S": "NOTICE"}}


def _record(number: int, image: Any) -> dict[str, Any]:
    changed = {"SequenceNumber": str(number), "StreamViewType": "NEW_AND_OLD_IMAGES", "NewImage": image}
    return {"eventID": f"e{number}", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": changed}


def _json(image: bytes) -> Any:
    """Return what an image says, or text that is none: the stream's own records are always JSON."""
    try:
        return json.loads(image)
    except ValueError:
        return image.decode("latin-1")


def _is_poison(record: dict[str, Any]) -> bool:
    try:
        heard(record)
    except (msgspec.ValidationError, ValueError):
        return True
    return False
