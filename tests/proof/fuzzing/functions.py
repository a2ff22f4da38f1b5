"""The functions whole: bytes arrive as the gateway and IoT Core would hand them over, the tables are in memory."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.proof.fuzzing.cloud import KINDS, seeds_of
from tests.proof.fuzzing.parser import Feed, Parser, text
from tests.support.banks import rule_event
from tests.support.filled import filled_orgs
from tests.support.http import Client
from tests.support.requests import BODIES, ROUTES, headers, path
from tests.support.workplace import TOKEN, bank, drill, person
from tests.support.world import world
from toolcrib.wire.arrivals import BadUpload

UPLOADS = tuple(KINDS)
SENDING = tuple(sorted(BODIES))
ASKING = tuple(sorted(name for name, route in ROUTES.items() if route.row.scope is not None))
MINE = b"@session"  # in a payload: the token of a session that runs
QUERIES = (b"limit=1&cursor=x", b"state=open", b"limit=101", b"limit=1&limit=2", b"person=hq&name=%00&since=2026")


@contextmanager
def _devices() -> Iterator[Feed]:
    """An upload of any kind at a workplace where somebody has a session and a thing lies behind door 1."""
    with world() as here:
        hq = here.place(bank(), stowed={1: drill()})
        here.meet(person(), TOKEN)
        session = hq.tap().body.get("session", "none").encode()
        assert here.dynamo is not None
        before = here.dynamo.snapshot()

        def feed(data: bytes) -> None:
            kind = UPLOADS[data[0] % len(UPLOADS)] if data else UPLOADS[0]
            try:
                here.deliver(kind, rule_event("acme:hq-01", data[1:].replace(MINE, session), here.now))
            finally:
                assert here.dynamo is not None
                here.dynamo.restore(before)
                here.published.clear()

        yield feed


@contextmanager
def _api() -> Iterator[Client]:
    with filled_orgs() as dynamo:
        yield Client(dynamo=dynamo)


@contextmanager
def _bodies() -> Iterator[Feed]:
    """A body for any route that takes one."""
    with _api() as client:
        before = client.dynamo.snapshot()

        def feed(data: bytes) -> None:
            route = ROUTES[SENDING[data[0] % len(SENDING)] if data else SENDING[0]]
            _answered(
                client,
                before,
                route.method,
                path(route),
                raw=b64encode(data[1:]).decode(),
                encoded=True,
                headers=headers(route),
            )

        yield feed


@contextmanager
def _queries() -> Iterator[Feed]:
    """A query for any route."""
    with _api() as client:
        before = client.dynamo.snapshot()

        def feed(data: bytes) -> None:
            route = ROUTES[ASKING[data[0] % len(ASKING)] if data else ASKING[0]]
            where = f"{path(route)}?{text(data[1:])}"
            _answered(client, before, route.method, where, BODIES.get(route.name), headers=headers(route))

        yield feed


@contextmanager
def _paths() -> Iterator[Feed]:
    """Anything in place of an id, with an Idempotency-Key and an If-Match of the same stuff."""
    with _api() as client:
        before = client.dynamo.snapshot()

        def feed(data: bytes) -> None:
            name = ASKING[data[0] % len(ASKING)] if data else ASKING[0]
            route, said = ROUTES[name], text(data[1:])
            given = {part[1:-1]: said for part in route.path.split("/") if part.startswith("{")}
            _answered(
                client,
                before,
                route.method,
                "/",
                BODIES.get(name),
                resource=f"/v1{route.path}",
                parameters=given,
                headers={"If-Match": said, "Idempotency-Key": said if len(said) % 2 else "key"},
            )

        yield feed


class BrokeError(AssertionError):
    """The API answered that something failed."""


def _answered(client: Client, before: Any, method: str, where: str, body: Any = None, **more: Any) -> None:
    reply = client.ask(method, where, body, **more)
    if reply.status >= 400:
        assert reply.json["status"] == reply.status
    if reply.status >= 500:
        raise BrokeError(f"{method} {where}: {reply.text}")
    client.dynamo.restore(before)


def _sent(kind: str) -> tuple[bytes, ...]:
    return tuple(bytes([UPLOADS.index(kind)]) + seed for seed in seeds_of(kind))


PARSERS = (
    Parser(
        name="devices function",
        opened=_devices,
        refusals=(BadUpload,),
        seeds=tuple(seed for kind in UPLOADS for seed in _sent(kind)),
    ),
    Parser(
        name="HTTP body",
        opened=_bodies,
        refusals=(),
        seeds=tuple(bytes([n]) + json.dumps(BODIES[name]).encode() for n, name in enumerate(SENDING)),
    ),
    Parser(
        name="HTTP query",
        opened=_queries,
        refusals=(),
        seeds=tuple(bytes([n]) + query for n in range(len(ASKING)) for query in QUERIES),
    ),
    Parser(
        name="HTTP path and headers",
        opened=_paths,
        refusals=(),
        seeds=tuple(bytes([n]) + said for n in range(len(ASKING)) for said in (b"hq", b"*", b'"1"', b"..", b"a#b")),
    ),
)
