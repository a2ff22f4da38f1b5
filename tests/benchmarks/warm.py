"""CPU of a warm tap over the CPU of bare botocore making the same calls with the same answers.

A process of its own answers both over real HTTP on loopback; only the callers' CPU is counted. Rounds alternate, since
shared machines drift.
"""

import base64
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from botocore.session import get_session

from tests.benchmarks.checkout import workbench
from tests.benchmarks.recording import Calls
from tests.support import workplace
from tests.support.functions import function
from tests.support.tables import ENVIRONMENT, MASTER, forget
from toolcrib.store import rulebook
from toolcrib.store.tables import connection

ROUNDS, TAPS = 9, 40
CALLS = {
    "Query": "query",
    "BatchGetItem": "batch_get_item",
    "GetItem": "get_item",
    "TransactWriteItems": "transact_write_items",
}


def warm_tap() -> float:
    """Return the median ratio over the rounds."""
    answers: dict[str, str] = {"GetSecretValue": json.dumps({"SecretString": json.dumps({"hex": MASTER})})}
    with workbench() as bench, _answers_kept(answers):
        rulebook._kept.clear()
        rulebook.rule_book(workplace.ORG)
        answers["Query#RULES"] = answers["Query"]
        calls = bench.upload("tap", "tap", badges=[workplace.TOKEN]).calls
    with _aws(answers) as endpoint, patch.dict("os.environ", {**ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint}):
        forget()
        ours, bare = _tap(), _same_calls(calls)
        ratios = [_cpu(ours) / _cpu(bare) for _ in range(ROUNDS)]
    forget()
    return median(ratios)


@contextmanager
def _answers_kept(answers: dict[str, str]) -> Iterator[None]:
    def keep(http_response: Any, model: Any, **_: Any) -> None:
        answers[model.name] = http_response.content.decode()

    events = connection().client.meta.events
    events.register("after-call.*.*", keep, unique_id="keep")
    yield
    events.unregister("after-call.*.*", keep, unique_id="keep")


@contextmanager
def _aws(answers: dict[str, str]) -> Iterator[str]:
    """Start the process that answers, and stop it."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder, "answers.json")
        kept.write_text(json.dumps(answers))
        command = [sys.executable, str(Path(__file__).with_name("canned.py")), str(kept)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield f"http://127.0.0.1:{int(process.stdout.readline())}"
            finally:
                process.terminate()


def _tap() -> Callable[[], None]:
    app = function("devices")
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
    made = [(getattr(dynamodb, CALLS[name]), arguments) for name, arguments in calls.made if name in CALLS]

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
