"""The inbox in this process: as a client's transport, or as a running server on a free port."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from infra.local import ports
from infra.local.inbox.app import make
from infra.local.inbox.calling import App

NOBODY = "http://127.0.0.1:9"  # the discard port: no MiniStack there


class _InProcess(httpx.BaseTransport):
    """Calls an ASGI application without a socket."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._ask(request))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await httpx.ASGITransport(self.app).handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


SIGNING = "what-the-inbox-signs-with"


def inbox(data: Path, ministack: str = NOBODY, app: App | None = None) -> httpx.Client:
    """Return a client of an inbox that keeps its messages in `data`."""
    made = make(data, ministack, app or App(stack=None, signing_secret=SIGNING, own="http://127.0.0.1"))
    return httpx.Client(transport=_InProcess(made), base_url="http://127.0.0.1")


@contextmanager
def running_inbox(
    data: Path,
    ministack: str = NOBODY,
    *,
    stack: Path | None = None,
    signing_secret: str = SIGNING,
    clock: Callable[[], float] = time.time,
) -> Iterator[str]:
    """Serve an inbox and yield its base URL."""
    port = ports._any_free()
    app = App(stack=stack, signing_secret=signing_secret, own=f"http://127.0.0.1:{port}", clock=clock)
    with serving(uvicorn.Config(make(data, ministack, app), host="127.0.0.1", port=port, log_level="error")) as url:
        yield url


@contextmanager
def serving(config: uvicorn.Config) -> Iterator[str]:
    """Run a server in a thread and yield its base URL once it listens."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
