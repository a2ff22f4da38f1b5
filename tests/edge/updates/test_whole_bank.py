"""A real bank, a process of its own, is updated over the air: from one version to the next, and back from a bad one."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from edge.updates import bundle
from edge.updates.slots import Phase, Slots
from infra.cli import releases
from tests.edge.board import LockBoardSteel, set_up
from tests.edge.drivers.wires import plugged
from tests.edge.network import Cloud, MutualTlsBroker, Network, stop, until
from tests.edge.updates.wheels import release

UNIT = Path("edge/systemd/toolcrib-bank.service").read_text().splitlines()
THING = "acme:hq-01"


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

    def releases(self, version: str, **changed: bytes) -> dict[str, Any]:
        """Pack, sign and shelve a version; return the job's document."""
        packed = releases.packed(release(self.folder / version, version, **changed))
        self._bundles[f"/{version}"] = packed
        signed = releases.signed(packed, self.key, version=version, least="0.0", forced=False)
        url = f"http://127.0.0.1:{self._server.server_address[1]}/{version}"
        job = releases.job("j", [THING], manifest=signed, url=url, version=version, a_minute=1)
        document: dict[str, Any] = json.loads(job["document"])
        return document

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


class JobService:
    """AWS IoT Jobs for one thing, inside of the broker."""

    def __init__(self, broker: MutualTlsBroker) -> None:
        self._broker, self._jobs = broker, dict[str, dict[str, Any]]()
        broker.services = self.answers

    async def send(self, job: str, document: dict[str, Any]) -> None:
        self._jobs[job] = {"jobId": job, "status": "QUEUED", "statusDetails": {}, "jobDocument": document}
        await self._broker.tell(f"$aws/things/{THING}/jobs/notify-next", self._next())

    def told(self, job: str) -> str:
        return str(self._jobs[job]["status"])

    def why(self, job: str) -> str:
        return str(self._jobs[job]["statusDetails"].get("why"))

    def answers(self, topic: str, body: dict[str, Any]) -> Sequence[tuple[str, dict[str, Any]]]:
        job = topic.split("/")[4]
        if job == "$next":
            return [(f"{topic}/accepted", self._next())]
        self._jobs[job] |= body
        return [(f"{topic}/accepted", {})]

    def _next(self) -> dict[str, Any]:
        waiting = [each for each in self._jobs.values() if each["status"] in {"QUEUED", "IN_PROGRESS"}]
        return {"execution": waiting[0]} if waiting else {}


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


def test_a_bank_updates_itself_between_two_people_and_comes_back_from_software_that_does_not_start(
    network: Network, tmp_path: Path
) -> None:
    async def story(publisher: Publisher) -> None:
        slots = Slots(tmp_path / "opt")
        slots.root.mkdir()
        installed(slots, tmp_path / "files", release(tmp_path / "1.0", "1.0"))
        updates = f'[updates]\nroot = "{slots.root}"\nkeys = ["{publisher.public}"]'
        steel, cloud = LockBoardSteel(), Cloud(network.config(), lambda *_: [])
        async with network.broker() as broker, plugged(tmp_path, steel.answer) as wire, cloud.online():
            jobs = JobService(broker)
            systemd = Systemd(tmp_path, set_up(tmp_path, network.config(), wire.port, updates=updates), slots.root)
            async with begun(systemd):
                await until(lambda: firmware(cloud) == "toolcrib-edge 1.0 (unsigned)")
                first = systemd.pid

                await jobs.send("j-1", publisher.releases("1.1"))
                await until(publisher.asked.is_set)
                await opened(cloud, steel, jti="while-it-is-fetched", door=2)
                publisher.opened.set()
                await until(lambda: phase(slots) is Phase.READY)
                assert (jobs.told("j-1"), systemd.pid) == ("IN_PROGRESS", first)
                steel.closed[2] = True
                await until(lambda: jobs.told("j-1") == "SUCCEEDED")
                await until(lambda: firmware(cloud) == "toolcrib-edge 1.1")
                assert (slots.current, systemd.started) == ("b", 2)
                await until(lambda: cloud.outcomes() == ["opened", "closed"])

                await jobs.send("j-2", publisher.releases("1.2", cli__main=b"raise SystemExit(78)"))
                await until(lambda: jobs.told("j-2") == "FAILED")
                assert "started 3 times" in jobs.why("j-2")
                assert (slots.current, systemd.started) == ("b", 2 + 3 + 1)
                assert firmware(cloud) == "toolcrib-edge 1.1"
                await opened(cloud, steel, jti="after-all-that", door=1)

    with Publisher(tmp_path) as publisher:
        asyncio.run(story(publisher))


async def opened(cloud: Cloud, steel: LockBoardSteel, *, jti: str, door: int) -> None:
    """Open a door from afar, and find it opened once."""
    _, body = cloud.open(None, jti=jti, door=door, purpose="service")
    await cloud.say("open", **body)
    await until(lambda: steel.pulses.count(door) == 1)


def firmware(cloud: Cloud) -> str | None:
    told = cloud.kinds("status")
    return str(told[-1]["firmware"]) if told else None


def phase(slots: Slots) -> Phase | None:
    update = slots.update
    return update.phase if update else None
