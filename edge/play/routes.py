"""Routes of the panel for people, one page a bank at `/play/{bank}`; the bank's own kiosk is at `/kiosk/{bank}/`."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from edge.kiosk import server
from edge.play import hands
from edge.play.state import drawn
from edge.simulation.bank import SimulatedBank
from edge.simulation.fleet import Fleet
from edge.stack import NoSuchBankError

STATIC: Final = Path(__file__).with_name("static")
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
DOORS: Final = {"pull": hands.pull, "push": hands.push, "pry": hands.pry}
MOVES: Final = {"take": hands.take, "put": hands.put}
Body = TypeVar("Body")


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose card."""

    uid: str


class Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which thing, and who has it in their hands before or after."""

    thing: str
    uid: str


class Switch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether it is to be on."""

    on: bool


class Swap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two things whose tags change places."""

    one: str
    other: str


class Play:
    """One method per route; each is parse, act, ring."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def page(self, request: Request) -> Response:
        """Send the page of a bank."""
        self._bank(request)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return FileResponse(STATIC / "play.html", headers=headers)

    async def events(self, request: Request) -> Response:
        """Push the bank's state now and whenever it changes."""
        return StreamingResponse(self._states(self._bank(request)), media_type="text/event-stream")

    async def badge(self, request: Request) -> Response:
        """Hold a card to the reader."""
        self._bank(request).show_badge((await _body(request, Card)).uid)
        return _done(self._bank(request))

    async def door(self, request: Request) -> Response:
        """Pull, push or pry a door."""
        bank, door = self._bank(request), self._door(request)
        DOORS[request.url.path.rpartition("/")[2]](bank, door)
        return _done(bank)

    async def move(self, request: Request) -> Response:
        """Take a thing out of a door, or put it in."""
        bank, door, moved = self._bank(request), self._door(request), await _body(request, Move)
        MOVES[request.url.path.rpartition("/")[2]](bank, self._fleet.world, door, moved.thing, moved.uid)
        return _done(bank)

    async def network(self, request: Request) -> Response:
        """Pull the network cable, or put it back."""
        self._bank(request).plug(plugged=(await _body(request, Switch)).on)
        return _done(self._bank(request))

    async def power(self, request: Request) -> Response:
        """Cut the power, or switch it on again."""
        self._bank(request).power(on=(await _body(request, Switch)).on)
        return _done(self._bank(request))

    async def swap(self, request: Request) -> Response:
        """Let two things change their tags."""
        swapped = await _body(request, Swap)
        self._fleet.world.swap(swapped.one, swapped.other)
        return _done(self._bank(request))

    async def names(self, request: Request) -> Response:
        """Say what is written on things, by their tags."""
        self._fleet.world.name(await _body(request, dict[str, str]))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def kiosk(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the kiosk of a bank that has one."""
        kiosk = self._fleet.bank(scope["path_params"]["bank"]).kiosk
        if kiosk is None:
            raise NoSuchBankError("this bank has no screen")
        await server.app(kiosk, framed=True)(scope, receive, send)

    def _bank(self, request: Request) -> SimulatedBank:
        return self._fleet.bank(request.path_params["bank"])

    def _door(self, request: Request) -> int:
        bank, door = self._bank(request), int(request.path_params["door"])
        if door not in bank.config.door_numbers:
            raise NoSuchBankError(f"{bank.config.bank} has doors 1 to {bank.config.doors}")
        return door

    async def _states(self, bank: SimulatedBank) -> AsyncIterator[bytes]:
        badges = self._fleet.badges()
        while not bank.bell.ended:
            rung = bank.bell.rung
            yield b"data: " + msgspec.json.encode(drawn(bank, self._fleet.world, badges, self._fleet.lines)) + b"\n\n"
            await bank.bell.after(rung)


def routes(fleet: Fleet) -> list[BaseRoute]:
    """Return the routes for an application that turns errors into problems (`edge.panel.app`)."""
    play = Play(fleet)
    posts = {"badge": play.badge, "network": play.network, "power": play.power, "swap": play.swap}
    return [
        Mount("/play/static", StaticFiles(directory=STATIC)),
        Route("/play/names", play.names, methods=["POST"]),
        Route("/play/{bank}", play.page),
        Route("/play/{bank}/events", play.events),
        *(Route(f"/play/{{bank}}/{name}", do, methods=["POST"]) for name, do in posts.items()),
        *(Route(f"/play/{{bank}}/doors/{{door:int}}/{how}", play.door, methods=["POST"]) for how in DOORS),
        *(Route(f"/play/{{bank}}/doors/{{door:int}}/{how}", play.move, methods=["POST"]) for how in MOVES),
        Mount("/kiosk/{bank}", app=play.kiosk),
    ]


async def _body(request: Request, type_: type[Body]) -> Body:
    """Return what was posted; only JSON is read, which a form of a foreign page cannot send."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise ValueError("post JSON")
    return msgspec.json.decode(await request.body(), type=type_)


def _done(bank: SimulatedBank) -> Response:
    bank.bell.ring()
    return Response(status_code=HTTPStatus.NO_CONTENT)
