"""The account: functions that are called, killed and called again, and IoT Core between them and the banks."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from pynamodb.exceptions import PynamoDBException

from tests.simulation.faults import CALLS_AFTER, CALLS_BEFORE, Faults
from tests.simulation.hub import Hub, Task
from tests.support.banks import rule_event
from tests.support.dynamo import Dynamo
from tests.support.faults import AFTER, BEFORE, Killed
from tests.support.world import Context, app
from toolcrib.domain.refusals import Refusal
from toolcrib.store.errors import StoreError

CALL_MS = (2, 30)
SLOW_CALL_MS = (1_000, 20_000)
TIMEOUT_MS = 25_000
RETRY_MS = (60_000, 120_000)  # Lambda's own, for what was invoked asynchronously
STREAM_RETRIES = 5
REPORTS = frozenset({"door", "fault", "status", "alarm"})
PROCESSES = 3  # of a function at the same time, each with its own memory
UNLUCKY = (ClientError, BotoCoreError, PynamoDBException, StoreError, Refusal)
"""What may leave a function when calls fail; anything else is a fault of ours and ends the simulation."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A door command that the cloud signed."""

    thing: str
    grant: str
    door: int
    purpose: str
    begins_ms: int
    ends_ms: int


@dataclass
class Cloud:
    """Calls functions as AWS does. `down` is where IoT Core hands on what functions publish."""

    hub: Hub
    dynamo: Dynamo
    faults: Faults
    down: Callable[[str, str, bytes], None]
    commands: dict[str, list[Command]] = field(default_factory=dict)
    latest: Command | None = None
    dead: list[str] = field(default_factory=list)
    in_flight: int = 0
    spoke: set[Task] = field(default_factory=set)
    unrecorded: Counter[str] = field(default_factory=Counter)
    asked: list[Callable[[str, Mapping[str, Any]], None]] = field(default_factory=list)
    retained: dict[str, bytes] = field(default_factory=dict)
    heard: list[Callable[[Task, str, str, Mapping[str, Any]], None]] = field(default_factory=list)
    _streamed: int = 0
    _memory: dict[tuple[str, int], dict[int, Any]] = field(default_factory=dict)

    def begin(self) -> None:
        """Stand between the functions and their tables."""
        self.dynamo.before.append(self._before)
        self.dynamo.after.append(self._after)
        getattr(self.dynamo, "during", []).append(lambda *_: self._let_others(1))

    def upload(self, thing: str, kind: str, payload: bytes) -> None:
        """Let a rule hand an upload to its function."""
        event = rule_event(thing, payload, self._now)
        retries, said = RETRY_MS if kind in REPORTS else (), json.loads(payload)
        for listen in self.asked:
            listen(kind, said)
        self.invoke("devices", f"on_{kind}", event, retries=retries, about=f"{kind} {said['id']}")

    def invoke(
        self, where: str, function: str, event: dict[str, Any], *, retries: tuple[int, ...] = (), about: str = ""
    ) -> None:
        """Call a function, and again after each of `retries` while it fails; then its event is dead."""

        def do() -> None:
            ended = self.attempt(lambda: getattr(app(where), function)(event, Context()))
            if ended != "done" and self.hub.task in self.spoke:
                self.unrecorded[about] += 1
            self.hub.note(f"{function} {about}: {ended}")
            if ended != "done" and retries:
                self.hub.later(retries[0], lambda: self._again(where, function, event, retries[1:], about))
                return
            self.in_flight -= 1
            if ended != "done" and function.removeprefix("on_") in REPORTS:
                self.dead.append(about)

        self.hub.happens(function, about)
        self.in_flight += 1
        self.spawn(about or function, do)

    def _again(self, where: str, function: str, event: Any, retries: tuple[int, ...], about: str) -> None:
        self.in_flight -= 1
        self.invoke(where, function, event, retries=retries, about=about)

    def spawn(self, about: str, do: Callable[[], None]) -> Task:
        """Begin a process' work, in a process that may have worked before."""
        number = self.hub.chance("process").randrange(PROCESSES)
        memory = self._memory.setdefault((about.split(" ", maxsplit=1)[0], number), {})
        if self.faults.strikes("cold start"):
            memory.clear()
        task = self.hub.spawn(about, do, delay_ms=self.hub.chance("start").randint(1, 40), own=memory)
        task.deadline_ms = self.hub.now_ms + TIMEOUT_MS
        return task

    def attempt(self, call: Callable[[], object]) -> str:
        """Return how a call ended: `done`, `killed`, or the kind of what it raised."""
        try:
            answer = call()
        except Killed:
            self.hub.tally[f"killed: {self.hub.task.about if self.hub.task else ''}"] += 1
            return "killed"
        except UNLUCKY as error:
            return type(error).__name__
        return "failed" if isinstance(answer, dict) and answer.get("batchItemFailures") else "done"

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.hub.now_ms / 1000, UTC)

    def _before(self, operation: str, request: dict[str, Any]) -> None:
        if self.hub.task is None:
            return
        if self.hub.task.killed:
            raise Killed
        slow = self.faults.strikes("slow call")
        self._let_others(self.hub.chance("call").randint(*(SLOW_CALL_MS if slow else CALL_MS)))
        fault = self.faults.first(CALLS_BEFORE)
        if fault is not None:
            self.hub.task.killed = fault.startswith("killed")  # a dead process does not tidy up behind itself
            BEFORE[fault](self.dynamo, operation, request)

    def _after(self, operation: str, request: dict[str, Any]) -> None:
        if self.hub.task is None:
            return
        self._stream()
        self._let_others(self.hub.chance("answer").randint(0, 3))
        fault = self.faults.first(CALLS_AFTER)
        if fault is not None:
            self.hub.task.killed = fault.startswith("killed")
            AFTER[fault](self.dynamo, operation, request)

    def _let_others(self, ms: int) -> None:
        task = self.hub.task
        if task is None:
            return
        self.hub.pause(ms)
        if task.deadline_ms is not None and self.hub.now_ms > task.deadline_ms:
            self.hub.tally["fault: timed out"] += 1
            raise Killed

    def publish(self, *, topic: str, qos: int, payload: bytes, retain: bool = False) -> None:
        """Be IoT Core's data plane; what is retained replaces what was, and an empty message is none."""
        assert qos == 1
        if self.faults.strikes("publish killed before"):
            raise Killed
        self._let_others(self.hub.chance("publish").randint(1, 10))
        if self.faults.strikes("publish refused"):
            raise EndpointConnectionError(endpoint_url="https://iot")
        _, _, thing, _, kind = topic.split("/")
        if retain:
            assert kind == "roster"  # nothing else is good for a bank that comes later (safety.md, *Traps*)
            self.retained[thing] = payload
        if payload:
            self._noted(thing, kind, payload)
        self.down(thing, kind, payload)
        if self.faults.strikes("publish killed after"):
            raise Killed

    def _noted(self, thing: str, kind: str, payload: bytes) -> None:
        body = json.loads(payload)
        task = self.hub.task
        self.hub.note(f"publish {thing} {kind} {body.get('code', '')} re={body.get('re')}")
        if kind == "open":
            claims = jwt.decode(body["command"], options={"verify_signature": False})
            command = Command(
                thing=thing,
                grant=claims["jti"],
                door=claims["door"],
                purpose=claims["purpose"],
                begins_ms=round(claims["iat"] * 1000),
                ends_ms=round(claims["exp"] * 1000),
            )
            self.commands.setdefault(command.grant, []).append(command)
            self.latest = command
        if kind == "notice":
            self.hub.tally[f"said: {body['code']}"] += 1
        for refusal in body.get("refusals", ()):
            self.hub.tally[f"said: {refusal['code']}"] += 1
        for listen in self.heard:
            if task is not None:
                listen(task, thing, kind, body)

    def _stream(self) -> None:
        """Let the table's stream bring notices that were written, or woken, to their function."""
        stream = getattr(self.dynamo, "stream", [])
        fresh, self._streamed = stream[self._streamed :], len(stream)
        for record in fresh:
            new, old = record.new, record.old
            if new is None or not _passes(old, new):
                continue
            image = {"NewImage": new, "SequenceNumber": str(record.number), **({"OldImage": old} if old else {})}
            event = {"Records": [{"eventID": str(record.number), "eventName": "MODIFY", "dynamodb": image}]}
            delay = self.hub.chance("stream").randint(50, 2_000)
            about = f"{new['sk']['S'].lower()} {new['pk']['S'].rsplit('#', 1)[1]}"
            self.hub.later(delay, lambda event=event, about=about: self._deliver(event, about))

    def _deliver(self, event: dict[str, Any], about: str) -> None:
        self.invoke("notices", "deliver", event, retries=(1_000,) * STREAM_RETRIES, about=about)


def _passes(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Whether the stream's filters let a change through (infra/apps/notices.yaml)."""
    kind = new["sk"]["S"]
    if kind in {"LOAN", "CASE"}:
        return old is not None and old["state"]["S"] == "open"
    return kind == "NOTICE" and (old is None or "wake" in new or "outdated_at" in new["about"]["M"])
