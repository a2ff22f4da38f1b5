"""A bank's controller, played honestly: what it saw it journals, numbers, and sends until it is acknowledged."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.support.workplace import ORG, TOKEN

if TYPE_CHECKING:
    from tests.support.world import Heard, World

_numbers = count(1)


def ulid(number: int | None = None) -> str:
    """Return the next upload id of this run, or a certain one."""
    return f"01{next(_numbers) if number is None else number:024d}"


def rule_event(thing: str, payload: bytes, received: datetime) -> dict[str, Any]:
    """Return what the IoT rule makes of a payload."""
    received_ms = round(received.timestamp() * 1000)
    return {"body": base64.b64encode(payload).decode(), "thing": thing, "received_ms": received_ms}


@dataclass(frozen=True)
class Upload:
    """Something a bank has to say. Its age is counted when it is sent."""

    thing: str
    kind: str
    at: datetime
    body: dict[str, Any]

    def event(self, now: datetime) -> dict[str, Any]:
        """Return the rule's event of sending it at `now`."""
        age_ms = round((now - self.at).total_seconds() * 1000)
        ages = {
            name: self.body[name] + age_ms for name in ("opened_ms", "closed_ms") if self.body.get(name) is not None
        }
        return rule_event(self.thing, json.dumps({**self.body, **ages, "age_ms": age_ms}).encode(), now)


@dataclass
class FakeBank:
    """One controller. `journal` holds the reports that the cloud has not acknowledged."""

    id: str
    world: "World"
    boot: int = 1
    evidence: str = "tags"
    journal: list[Upload] = field(default_factory=list)
    _seqs: Iterator[int] = field(default_factory=lambda: count(1))

    def reboot(self) -> None:
        """Start anew: the journal is kept, reports are numbered from 1."""
        self.boot += 1
        self._seqs = count(1)

    def tap(self, *tokens: str, depth: int | None = None, **more: Any) -> "Heard":
        """Show a badge; returns the answer."""
        return self._ask("tap", depth, badges=list(tokens or (TOKEN,)), **more)

    def choose(self, session: "Heard | str", option: str, *, depth: int | None = None, **more: Any) -> "Heard":
        """Pick an option of a session; returns the answer."""
        token = session if isinstance(session, str) else session.body["session"]
        return self._ask("choice", depth, session=token, option=option, **more)

    def ask_time(self, nonce: str = "nonce-12345") -> "list[Heard]":
        """Ask what time it is."""
        return self._converse("time", None, nonce=nonce)

    def _ask(self, kind: str, depth: int | None, **body: Any) -> "Heard":
        answers = self._converse(kind, depth, **body)
        assert len(answers) == 1, f"exactly one answer, not {answers}"
        return answers[0]

    def tap_upload(self, *tokens: str) -> Upload:
        """Return a tap that was not sent yet."""
        return self._upload("tap", {"journal_depth": 0, "badges": list(tokens or (TOKEN,))})

    def choice_upload(self, session: "Heard", option: str) -> Upload:
        """Return a choice that was not sent yet."""
        return self._upload("choice", {"journal_depth": 0, "session": session.body["session"], "option": option})

    def _converse(self, kind: str, depth: int | None, **body: Any) -> "list[Heard]":
        whole = {"journal_depth": len(self.journal) if depth is None else depth, **body}
        heard = self.world.deliver(kind, self._upload(kind, whole).event(self.world.now))
        return [each for each in heard if each.bank == self.id]

    def saw(self, grant: "Heard | str | None", outcome: str, *, door: int | None = None, **more: Any) -> Upload:
        """Journal what a door did; times, sensors and level of evidence are told by name."""
        named = grant if isinstance(grant, str) or grant is None else grant.grant
        number = door if door is not None or grant is None or isinstance(grant, str) else grant.door
        seen = {"evidence": self.evidence, "present": None, "tags": None, **more}
        return self.report("door", door=number, grant=named, outcome=outcome, **seen)

    def report(self, kind: str, /, **body: Any) -> Upload:
        """Journal a report."""
        report = self._upload(kind, {"seq": next(self._seqs), **body})
        self.journal.append(report)
        return report

    def status(self, doors: dict[int, str], tags: dict[int, list[str] | None] | None = None, **more: Any) -> Upload:
        """Journal how the bank and its doors are."""
        body = {
            "firmware": "1.0",
            "uptime_s": 60,
            "journal_depth": len(self.journal),
            "doors": {str(number): state for number, state in doors.items()},
            "tags": {str(number): seen for number, seen in (tags or {}).items()},
        }
        return self.report("status", **{**body, **more})

    def send(self, *reports: Upload) -> "list[Heard]":
        """Send reports (all of the journal unless told) and forget what is acknowledged; returns what was heard."""
        heard = [each for report in reports or tuple(self.journal) for each in self._deliver(report)]
        done = {each for ack in heard if ack.kind == "ack" for each in _named(ack)}
        self.journal = [report for report in self.journal if report.body["id"] not in done]
        return heard

    def repeat(self, report: Upload) -> "list[Heard]":
        """Send a report as if its acknowledgement were lost."""
        return self._deliver(report)

    def does(self, grant: "Heard | str | None", outcome: str, **more: Any) -> "list[Heard]":
        """Journal what a door did and send it at once."""
        return self.send(self.saw(grant, outcome, **more))

    def _deliver(self, report: Upload) -> "list[Heard]":
        return self.world.deliver(report.kind, report.event(self.world.now))

    def _upload(self, kind: str, body: dict[str, Any]) -> Upload:
        at = self.world.now
        envelope = {"id": ulid(), "at": at.isoformat().replace("+00:00", "Z"), "boot": self.boot}
        age_ms = body.pop("age_ms", 0)
        return Upload(f"{ORG}:{self.id}", kind, at - timedelta(milliseconds=age_ms), {**envelope, **body})


def _named(ack: "Heard") -> list[str]:
    return [*ack.body["ids"], *(each["id"] for each in ack.body["rejected"])]
