"""Requests of the HTTP API, repeated with the same `Idempotency-Key` until there is a final answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.proof.faults.ends import plain
from tests.proof.faults.stage import BROKE_OFF, Stage, cold
from tests.support.http import Client, Reply

NOT_FINAL = frozenset({"in_progress", "answer_not_kept"})
"""Refusals that say how to go on: wait a few seconds, or ask for new secrets under a new key."""


@dataclass
class Ask:
    """A client that repeats a request after a failure, once the lease of whoever died over it has run out."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    subject: str = "admin"
    keyless: bool = False

    def deliver(self, stage: Stage, nth: int) -> bool:
        client = Client(self.subject, at=stage.later(seconds=31 * nth))
        cold()
        key = None if self.keyless or self.method == "GET" else self._key()
        try:
            reply = client.ask(self.method, self.path, self.body, headers=self.headers, key=key)
        except BROKE_OFF:
            return False
        finally:
            stage.settle()
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return False
        return self._final(reply, stage)

    def _key(self) -> str:
        return "key"

    def _final(self, reply: Reply, stage: Stage) -> bool:
        if reply.status >= HTTPStatus.BAD_REQUEST and reply.json.get("code") in NOT_FINAL:
            return False
        stage.told.append(f"{reply.status} {plain(reply.text, stage.known)}")
        return True


@dataclass
class AskForSecrets(Ask):
    """The same for an answer that is not kept: where it was lost, the client asks for new secrets under a new key."""

    _tries: int = 0

    def deliver(self, stage: Stage, nth: int) -> bool:
        self._tries = 0 if nth == 0 else self._tries
        return super().deliver(stage, nth)

    def _key(self) -> str:
        return f"key-{self._tries}"

    def _final(self, reply: Reply, stage: Stage) -> bool:
        if reply.status >= HTTPStatus.BAD_REQUEST and reply.json.get("code") == "answer_not_kept":
            self._tries += 1
            return False
        if reply.status == HTTPStatus.CREATED:
            given = {name: type(value).__name__ for name, value in reply.json.items()}
            stage.told.append(f"{reply.status} {given}")
            return True
        return super()._final(reply, stage)
