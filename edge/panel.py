"""The panel of a fleet of simulated banks: a small HTTP service on loopback, for `toolcrib tap`, tests and browsers.

Not part of the product's API: it plays the people and the steel that a workplace has and a laptop has not.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from edge.play import routes as play
from edge.simulation.bank import SimulatedBank
from edge.simulation.fleet import Fleet
from edge.simulation.transcript import TapRequest
from edge.stack import BankEntry, NoSuchBankError
from edge.uploads import AlarmKind

MAX_WAIT_S: Final = 30.0
Body = TypeVar("Body")


class NewBank(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bank to simulate; without `entry` it is read from `stack.json`.

    `contents` lie behind its doors before it boots: what it reports first is what the record says.
    """

    bank: str
    entry: BankEntry | None = None
    contents: dict[int, list[str]] = {}


class Carry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the holder of a badge carries from now on."""

    uid: str
    things: list[str]


class Alarm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alarm of the cabinet."""

    kind: AlarmKind


class Panel:
    """One method per route; each is parse, act, answer."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def banks(self, request: Request) -> Response:
        """List the banks: connection, doors, contents."""
        del request
        return JSONResponse({"banks": [bank.state() for bank in self._fleet.banks()]})

    async def add(self, request: Request) -> Response:
        """Start a bank, or start it again."""
        wanted = await _body(request, NewBank)
        bank = await self._fleet.start(wanted.bank, wanted.entry, wanted.contents)
        return JSONResponse(bank.state(), 201)

    async def remove(self, request: Request) -> Response:
        """Switch a bank off."""
        await self._fleet.stop(request.path_params["bank"])
        return Response(status_code=204)

    async def tap(self, request: Request) -> Response:
        """Play a visit and return its transcript."""
        transcript = await self._bank(request).tap(await _body(request, TapRequest))
        return JSONResponse(transcript.as_json())

    async def contents(self, request: Request) -> Response:
        """Say what lies behind doors: {door: [thing, …]}."""
        bank = self._bank(request)
        contents = await _body(request, dict[int, list[str]])
        for door in contents:
            _known(bank, door)
        self._fleet.world.stock(bank.config.bank, contents)
        return JSONResponse(bank.state())

    async def force(self, request: Request) -> Response:
        """Break a door open and push it shut again."""
        bank = self._bank(request)
        await bank.force(_known(bank, request.path_params["door"]))
        return JSONResponse(bank.state())

    async def alarm(self, request: Request) -> Response:
        """Let the cabinet raise an alarm."""
        bank = self._bank(request)
        bank.raise_alarm((await _body(request, Alarm)).kind)
        return JSONResponse(bank.state(), 202)

    async def carry(self, request: Request) -> Response:
        """Say what the holder of a badge carries."""
        wanted = await _body(request, Carry)
        self._fleet.world.carry(wanted.uid, wanted.things)
        return Response(status_code=204)

    async def lines(self, request: Request) -> Response:
        """Return event lines after `after`, waiting up to `wait_s` seconds for one."""
        after = msgspec.convert(request.query_params.get("after", "0"), int, strict=False)
        wait_s = msgspec.convert(request.query_params.get("wait_s", "0"), float, strict=False)
        lines = await self._fleet.lines.after(after, wait_s=min(wait_s, MAX_WAIT_S))
        return JSONResponse({"lines": msgspec.to_builtins(lines), "next": lines[-1].number if lines else after})

    def _bank(self, request: Request) -> SimulatedBank:
        return self._fleet.bank(request.path_params["bank"])


def app(fleet: Fleet) -> Starlette:
    """Return the panel as an ASGI application."""
    panel = Panel(fleet)
    routes = [
        Route("/banks", panel.banks, methods=["GET"]),
        Route("/banks", panel.add, methods=["POST"]),
        Route("/banks/{bank}", panel.remove, methods=["DELETE"]),
        Route("/banks/{bank}/tap", panel.tap, methods=["POST"]),
        Route("/banks/{bank}/contents", panel.contents, methods=["POST"]),
        Route("/banks/{bank}/doors/{door:int}/force", panel.force, methods=["POST"]),
        Route("/banks/{bank}/alarm", panel.alarm, methods=["POST"]),
        Route("/carry", panel.carry, methods=["POST"]),
        Route("/lines", panel.lines, methods=["GET"]),
        *play.routes(fleet),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={
            NoSuchBankError: _problem(404),
            msgspec.MsgspecError: _problem(400),
            ValueError: _problem(400),
        },
    )


async def _body(request: Request, type_: type[Body]) -> Body:
    return msgspec.json.decode(await request.body(), type=type_, strict=False)


def _known(bank: SimulatedBank, door: int) -> int:
    if door not in bank.config.door_numbers:
        raise NoSuchBankError(f"{bank.config.bank} has doors 1 to {bank.config.doors}")
    return door


def _problem(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        del request
        fields: dict[str, Any] = {"title": type(error).__name__, "status": status, "detail": str(error)}
        return JSONResponse(fields, status, media_type="application/problem+json")

    return answer
