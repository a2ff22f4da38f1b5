"""CPU of a warm tap over the CPU of bare botocore making the same calls with the same answers.

Answers are canned below botocore's HTTP layer, so that both sides do everything but wait for a network. Rounds
alternate, since shared machines drift.
"""

import base64
import contextlib
import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.session import get_session
from tests.benchmarks.checkout import workbench
from tests.benchmarks.recording import Calls
from tests.support import workplace
from tests.support.functions import function
from toolcrib import clients
from toolcrib.store.tables import connection

ROUNDS, TAPS = 7, 40


class _Body(io.BytesIO):
    """What botocore reads an answer from."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.getvalue()


def warm_tap() -> float:
    """Return the median ratio over the rounds."""
    with workbench() as bench:
        bench.upload("the function is warm", "tap", badges=[workplace.TOKEN.replace("NW", "XX")])
        answers: dict[str, bytes] = {}
        with _answers_kept(answers):
            calls = bench.upload("tap", "tap", badges=[workplace.TOKEN]).calls
        ours, bare = _tap(), _same_calls(calls)
        with _canned(answers):
            ratios = [_cpu(ours) / _cpu(bare) for _ in range(ROUNDS)]
    return median(ratios)


@contextmanager
def _answers_kept(answers: dict[str, bytes]) -> Iterator[None]:
    def keep(http_response: Any, model: Any, **_: Any) -> None:
        answers[model.name] = http_response.content

    events = connection().client.meta.events
    events.register("after-call.*.*", keep, unique_id="keep")
    yield
    events.unregister("after-call.*.*", keep, unique_id="keep")


@contextmanager
def _canned(answers: dict[str, bytes]) -> Iterator[None]:
    """Answer every request of every client with what was kept of its operation."""
    from botocore.hooks import HierarchicalEmitter

    original = HierarchicalEmitter.emit

    def answer(self: Any, event_name: str, **kwargs: Any) -> Any:
        if not event_name.startswith("before-send."):
            return original(self, event_name, **kwargs)
        operation = event_name.rsplit(".", 1)[1]
        body = answers.get(operation, b"{}")
        headers = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "bench"}
        return [(None, AWSResponse(kwargs["request"].url, 200, headers, _Body(body)))]

    HierarchicalEmitter.emit = answer
    yield
    HierarchicalEmitter.emit = original


def _tap() -> Callable[[], None]:
    app = function("devices")
    del clients.client("iot-data", "").publish  # the real one again
    body = {"id": "01K00000000000000000009999", "at": "2026-11-20T09:00:00Z", "age_ms": 1, "boot": 1}
    body |= {"journal_depth": 0, "badges": [workplace.TOKEN]}
    encoded = base64.b64encode(json.dumps(body).encode()).decode()

    def once() -> None:
        event = {"body": encoded, "thing": "acme:hq-01", "received_ms": int(datetime.now(UTC).timestamp() * 1000)}
        app.on_tap(event, None)

    return once


def _same_calls(calls: Calls) -> Callable[[], None]:
    """Bare botocore, as anybody would make it, making the same calls; and the same publish."""
    session = get_session()
    dynamodb = session.create_client("dynamodb", region_name="us-east-1")
    iot = session.create_client("iot-data", region_name="us-east-1")
    names = {"Query": "query", "BatchGetItem": "batch_get_item", "GetItem": "get_item"}
    names |= {"TransactWriteItems": "transact_write_items"}
    made = [(getattr(dynamodb, names[operation]), arguments) for operation, arguments in calls.made if operation in names]

    def once() -> None:
        for call, arguments in made:
            call(**arguments)
        iot.publish(topic="toolcrib/v1/acme:hq-01/down/open", qos=1, payload=b"x" * 500)

    return once


def _cpu(action: Callable[[], None]) -> float:
    with contextlib.redirect_stdout(io.StringIO()):
        action()
        before = time.process_time()
        for _ in range(TAPS):
            action()
        return time.process_time() - before
