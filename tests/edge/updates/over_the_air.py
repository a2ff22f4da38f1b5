"""Both ends of an update: a publisher with a shelf, and a board whose systemd obeys the unit's own lines."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from edge.updates import bundle
from edge.updates.slots import Slots
from infra.cli import releases
from tests.edge.network import stop
from tests.edge.updates.wheels import release

UNIT = Path("edge/systemd/toolcrib-bank.service").read_text().splitlines()


class Publisher:
    """Whoever releases: a key, bundles by version, and the shelf they are fetched from when it is open."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.opened, self.asked = folder, Event(), Event()
        self.key = folder / "publisher.pem"
        self.public = releases.new_key(self.key)
        self._bundles: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def releases(self, version: str, *targets: str, **changed: bytes) -> dict[str, Any]:
        """Pack, sign and shelve a version; return what IoT Core is asked for."""
        packed = releases.packed(release(self.folder / version, version, **changed))
        self._bundles[f"/{version}"] = packed
        signed = releases.signed(packed, self.key, version=version, least="0.0", forced=False)
        url = f"http://127.0.0.1:{self._server.server_address[1]}/{version}"
        return releases.job(f"v{version}", [*targets], manifest=signed, url=url, version=version, a_minute=1)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        publisher = self

        class Shelf(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.set()
                publisher.opened.wait()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(publisher._bundles[self.path])

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        return Shelf


class Systemd:
    """What systemd does with the unit's own lines: the guard, then the bank, again whenever it ends."""

    def __init__(self, folder: Path, settings: Path, root: Path) -> None:
        self._log = (folder / "bank.log").open("wb")
        guard = folder / "guard.py"
        guard.write_bytes(Path("edge/updates/guard.py").read_bytes())
        self._places = {
            "/usr/local/lib/toolcrib-bank/guard.py": str(guard),
            "/usr/bin/python3": sys._base_executable,
            "/etc/toolcrib/bank.toml": str(settings),
            "/opt/toolcrib": str(root),
        }
        self.started = 0
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        while True:
            await self._ran("ExecStartPre")
            self.started += 1
            await self._ran("ExecStart")

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        self._log.close()

    async def _ran(self, name: str) -> None:
        line = next(each.partition("=")[2] for each in UNIT if each.startswith(f"{name}="))
        for place, here in self._places.items():
            line = line.replace(place, here)
        words, out = line.removeprefix("-").split(), self._log
        process = self._process = await asyncio.create_subprocess_exec(*words, stdout=out, stderr=out)
        try:
            await process.wait()
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
                await process.wait()


@asynccontextmanager
async def begun(systemd: Systemd) -> AsyncIterator[None]:
    running = asyncio.create_task(systemd.run())
    try:
        yield
    finally:
        await stop(running)
        systemd.close()


def installed(slots: Slots, files: Path, wheels: Path) -> None:
    """Install a first version by hand, as nobody signed it."""
    tar = files.with_suffix(".tar")
    tar.write_bytes(releases.packed(wheels))
    bundle.install(bundle.unpack(tar, files), slots.root / "a")
    slots.switch("a")
