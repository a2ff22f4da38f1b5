"""Admins at the HTTP API: each request is repeated with its `Idempotency-Key` until it has a definite answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from tests.simulation.cloud import Cloud
from tests.simulation.hub import Hub
from tests.support.http import Client, Reply

MOST_TRIES = 40  # of somebody who does not give up within a lease, nor goes on for as long as a key is kept
AGAIN_MS = (1_000, 5_000)
CUSTODY = ("stow", "move", "claim-returned")
KEYS_KEPT = timedelta(minutes=5)  # shorter than in production, so that keys run out within a run
MINUTE_MS = 60_000
KEPT_MS = 5 * MINUTE_MS


@dataclass
class Request:
    """Something asked of the API. `op` is the operation that the product made of it."""

    method: str
    path: str
    body: Any
    key: str
    then: Callable[[Reply], None] = lambda _: None
    by: str = "admin"
    tries: int = 0
    op: str | None = None
    answer: Reply | None = None
    at_ms: int = 0
    last_ms: int = 0

    @property
    def verb(self) -> str:
        """What kind of request it is: `PATCH people`, `POST renew`."""
        parts = [part for part in self.path.partition("?")[0].split("/") if part]
        return f"{self.method} {parts[-1] if self.method == 'POST' else parts[-1 - (len(parts) + 1) % 2]}"

    @property
    def about_custody(self) -> bool:
        """Whether its success is a custody event."""
        verb = self.path.rsplit("/", 1)[-1]
        return verb in CUSTODY or (verb == "resolve" and "move" in self.body)


@dataclass
class Admins:
    """The admins' side of the API. `requests` are all that were made."""

    hub: Hub
    cloud: Cloud
    requests: list[Request] = field(default_factory=list)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        then: Callable[[Reply], None] = lambda _: None,
        *,
        by: str = "admin",
    ) -> None:
        """Ask `by` somebody until there is a definite answer."""
        request = Request(method, path, body, key=self._key(), then=then, by=by, at_ms=self.hub.now_ms)
        self.requests.append(request)
        self._send(request)

    def _key(self) -> str:
        """Return a new key, or one so old that it is forgotten: scripts number their requests anew."""
        old = [each.key for each in self.requests if self.hub.now_ms - each.last_ms > KEPT_MS + MINUTE_MS]
        if old and self.hub.chance("key").random() < 0.5:
            return self.hub.chance("key").choice(old)
        return f"key-{len(self.requests)}"

    def change(self, path: str, patch: Mapping[str, Any], then: Callable[[Reply], None] = lambda _: None) -> None:
        """Read a thing and patch it, with what was read as the condition."""
        self.ask("PATCH", path, dict(patch), then)

    def revoke_badges(self, person: str, then: Callable[[], None]) -> None:
        """Revoke every badge of a person; `then` once all are."""

        def done(reply: Reply) -> None:
            if reply.status < HTTPStatus.BAD_REQUEST:
                then()

        def each(reply: Reply) -> None:
            for badge in reply.json.get("items", ()):
                if badge["state"] == "active":
                    self.ask("DELETE", f"/people/{person}/badges/{badge['id']}", then=done)

        self.ask("GET", f"/people/{person}/badges", then=each)

    def _send(self, request: Request) -> None:
        self.hub.happens("request", f"{request.method} {request.path}")
        for same in self.requests:
            same.last_ms = self.hub.now_ms if same.key == request.key else same.last_ms
        request.tries += 1
        self.cloud.in_flight += 1
        self.cloud.spawn("api", lambda: self._asks(request))

    def _asks(self, request: Request) -> None:
        replies: list[Reply] = []
        ended = self.cloud.attempt(lambda: replies.append(self._once(request)))
        reply = replies[0] if replies else None
        self.cloud.in_flight -= 1
        self.hub.note(f"{request.method} {request.path} {ended} {reply.status if reply else ''}")
        if reply is None or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or _once_more(reply):
            if request.tries < MOST_TRIES:
                self.hub.later(self.hub.chance("again").randint(*AGAIN_MS), lambda: self._send(request))
            return
        request.answer = reply
        code = reply.json.get("code", "") if reply.status >= HTTPStatus.BAD_REQUEST else ""
        self.hub.tally[f"answer: {reply.status} {code}"] += 1
        self.hub.tally[f"asked: {request.verb}: {code or 'done'}"] += 1
        request.then(reply)

    def _once(self, request: Request) -> Reply:
        task = self.hub.task
        assert task is not None
        task.request = request
        client = Client(request.by, at=datetime.fromtimestamp(self.hub.now_ms / 1000, UTC))
        if request.method != "PATCH":
            return client.ask(request.method, request.path, request.body, key=request.key)
        seen = client.get(request.path)
        if seen.status != HTTPStatus.OK:
            return seen
        return client.patch(request.path, request.body, seen.etag)


def _once_more(reply: Reply) -> bool:
    """Whether to ask again: somebody else is at work on it, or what was read has changed."""
    at_work = reply.status == HTTPStatus.CONFLICT and reply.json.get("code") == "in_progress"
    return at_work or reply.status == HTTPStatus.PRECONDITION_FAILED
