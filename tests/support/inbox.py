"""The inbox as a running server in this process, on a free port."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from infra.local.inbox.app import make

NOBODY = "http://127.0.0.1:9"  # the discard port: no MiniStack there


@contextmanager
def running_inbox(data: Path, ministack: str = NOBODY) -> Iterator[str]:
    """Serve an inbox and yield its base URL."""
    with serving(uvicorn.Config(make(data, ministack), host="127.0.0.1", port=0, log_level="error")) as url:
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
