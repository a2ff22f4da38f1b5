"""The kiosk's page and its routes, on loopback: the view is pushed as it changes, what the person does is posted.

Nothing comes from elsewhere and nothing goes elsewhere: no CORS, a strict policy, every asset in this package.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_random_exponential

from edge.drivers.keeping import FIRST_PAUSE_S, MAX_PAUSE_S
from edge.kiosk.acts import Done
from edge.kiosk.kiosk import Kiosk
from edge.kiosk.photos import MAX_PHOTO_BYTES

log = logging.getLogger(__name__)
HOST: Final = "127.0.0.1"
STATIC: Final = Path(__file__).with_name("static")
MAX_ACT_BYTES: Final = 32_768
BEAT_S: Final = 10.0  # a page that hears nothing for longer than two of these says that it lost its bank
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors {framed}"
)
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
_ACT: Final[msgspec.json.Decoder[Done]] = msgspec.json.Decoder(Done)


class _Routes:
    """One method per route."""

    def __init__(self, kiosk: Kiosk, *, framed: bool) -> None:
        self._kiosk = kiosk
        self._headers = HEADERS | {"Content-Security-Policy": POLICY.format(framed="'self'" if framed else "'none'")}

    async def page(self, request: Request) -> Response:
        """Send the page; it is the same for everybody."""
        del request
        return FileResponse(STATIC / "kiosk.html", headers=self._headers)

    async def events(self, request: Request) -> Response:
        """Push the view now and whenever it changes, and a heartbeat."""
        del request
        return StreamingResponse(_views(self._kiosk), media_type="text/event-stream", headers=HEADERS)

    async def act(self, request: Request) -> Response:
        """Take what the person did. What was posted is never repeated in an answer or a log: it may hold a PIN."""
        body = await _bounded(request, "application/json", MAX_ACT_BYTES)
        if body is None:
            return _refused("post an act as JSON")
        try:
            self._kiosk.act(_ACT.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _refused("that is no act of this page")
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def photo(self, request: Request) -> Response:
        """Take a photo for the report that is being written."""
        body = await _bounded(request, "image/jpeg", MAX_PHOTO_BYTES)
        try:
            self._kiosk.photo(body or b"")
        except ValueError as error:
            return _refused(str(error))
        return Response(status_code=HTTPStatus.NO_CONTENT)


def app(kiosk: Kiosk, *, framed: bool = False) -> Starlette:
    """Return the kiosk as an ASGI application; `framed` lets a page of the same origin show it in a frame."""
    routes = _Routes(kiosk, framed=framed)
    return Starlette(
        routes=[
            Route("/", routes.page),
            Route("/events", routes.events),
            Route("/act", routes.act, methods=["POST"]),
            Route("/photo", routes.photo, methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


async def serve(kiosk: Kiosk, port: int) -> None:
    """Serve until cancelled. What fails (a port that is taken) is begun again with growing pauses, as devices are."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(Exception),
        wait=wait_random_exponential(multiplier=FIRST_PAUSE_S, max=MAX_PAUSE_S),
        before_sleep=before_sleep_log(log, logging.ERROR),
    ):
        with attempt:
            await _serve(kiosk, port)


async def _serve(kiosk: Kiosk, port: int) -> None:
    with socket.create_server((HOST, port)) as listening:
        web = _Quiet(app(kiosk), kiosk.bell.end)
        try:
            await web.serve([listening])
        except asyncio.CancelledError:
            if web.started:  # the pages learn the end, too
                await web.shutdown([listening])
            raise


class Server(uvicorn.Server):
    """Serves pages that listen for ever; on the way out `let_go` ends what they listen to."""

    def __init__(self, application: Starlette, let_go: Callable[[], None]) -> None:
        config = uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=2)
        super().__init__(config)
        self._let_go = let_go

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let every page go, then stop."""
        self._let_go()
        await super().shutdown(sockets)


class _Quiet(Server):
    """Leaves signals to the controller, in whose process it runs."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _views(kiosk: Kiosk) -> AsyncIterator[bytes]:
    while not kiosk.bell.ended:
        seen = kiosk.bell.rung
        shown = {"now_ms": kiosk.now_ms, "beat_ms": int(BEAT_S * 1000), "view": kiosk.view}
        yield b"data: " + msgspec.json.encode(shown) + b"\n\n"
        while not await _rung(kiosk, seen):
            yield b"event: beat\ndata: 1\n\n"


async def _rung(kiosk: Kiosk, seen: int) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BEAT_S):
            await kiosk.bell.after(seen)
            return True
    return False


async def _bounded(request: Request, kind: str, most_bytes: int) -> bytes | None:
    """Return the body; None for another kind (a form of a foreign page could send no such one) or too much of it."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != kind:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)


def _refused(why: str) -> Response:
    return JSONResponse({"detail": why}, HTTPStatus.BAD_REQUEST)
