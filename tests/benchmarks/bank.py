"""What the controller in a bank costs: its own time between a badge and a lock, and a real `run` that waits."""

import asyncio
import hashlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import psutil

from edge.actions import Send, Unlock
from edge.journal import connect
from tests.edge.board import LockBoardSteel, set_up
from tests.edge.drivers.wires import plugged
from tests.edge.network import Answer, Authority, Cloud, Network, until
from tests.edge.rig import CONFIG, UID, Rig, only, sign
from tests.edge.rosters import body, held, person, token
from tests.edge.test_fetching import replying, server

ROUNDS: Final = 300
PEOPLE: Final = 5_000
SETTLE_S: Final = 10.0
IDLE_S: Final = 30.0
MB: Final = 1_000_000


@dataclass(frozen=True)
class OwnTime:
    """Medians in milliseconds: a tap to its upload, a command to its pulse, and what the disk adds to the latter."""

    tap_ms: float
    open_ms: float
    disk_ms: float


def own_time() -> OwnTime:
    """Tap and open `ROUNDS` times on a journal in memory, and again on one on disk."""
    tap_ms, open_ms = _medians(Rig())
    with TemporaryDirectory(dir=".cache") as folder:  # a disk, where /tmp may be memory
        _, durable_ms = _medians(Rig(db=connect(Path(folder) / "journal.db")))
    return OwnTime(tap_ms=tap_ms, open_ms=open_ms, disk_ms=durable_ms - open_ms)


def _medians(rig: Rig) -> tuple[float, float]:
    rig.ack(rig.boot())
    taps, opens = [], []
    for number in range(ROUNDS):
        bank, now = rig.bank, rig.now()
        with _timed(taps):
            actions = bank.on_tap(UID, now)
        (send,) = only(actions, Send)
        payload = _command(rig, send.id, f"g{number}")
        with _timed(opens):
            actions = bank.on_message("open", payload, rig.now())
        assert only(actions, Unlock)
        rig.move(3, is_open=True)
        rig.move(3, is_open=False)
        rig.wait(1)
    rig.db.close()
    return statistics.median(taps), statistics.median(opens)


def _command(rig: Rig, re: str, grant: str) -> bytes:
    return f'{{"re": "{re}", "command": "{sign(rig.claims(re, jti=grant))}"}}'.encode()


@contextmanager
def _timed(times: list[float]) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    times.append((time.perf_counter() - begun) * 1000)


@dataclass(frozen=True)
class Resident:
    """A bank that waits: its memory in MB, and its CPU in percent of one core."""

    memory_mb: float
    cpu_percent: float


def resident() -> Resident:
    """Run `toolcrib-bank run` with all it may have to carry, and look at it for a while.

    A broker, a lock board with two doors, a screen that shows its page, and a roster of 5,000 people.
    """
    with TemporaryDirectory() as folder:
        return asyncio.run(_watched(Path(folder)))


async def _watched(folder: Path) -> Resident:
    network, page = Network(Authority(folder), _free_port()), _free_port()
    config, (told, manifest) = network.config(), _roster()
    async with (
        server(replying(told)) as (url, asked),
        network.broker(),
        plugged(folder, LockBoardSteel().answer) as wire,
        (cloud := Cloud(config, lambda _, kind, body: _where(url, kind, body))).online(),
    ):
        settings = set_up(folder, config, wire.port, mode="kiosk", page=page)
        settings.write_text(settings.read_text().replace("poll_ms = 50", "poll_ms = 200"))
        process = subprocess.Popen(  # noqa: ASYNC220 - starting is not what is measured
            [Path(sys.executable).with_name("toolcrib-bank"), "run", "--config", settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            await until(lambda: cloud.kinds("status") and cloud.kinds("time"))
            await cloud.say("roster", manifest=manifest)
            await until(lambda: asked)
            async with httpx.AsyncClient() as screen, screen.stream("GET", f"http://127.0.0.1:{page}/events") as shown:
                shown.raise_for_status()
                return await _measured(psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _where(url: str, kind: str, upload: dict[str, Any]) -> list[Answer]:
    return [(kind, {"re": upload["id"], "url": url})] if kind == "fetch" else []


def _roster() -> tuple[bytes, str]:
    """Return what the cloud makes for so many people, a badge and a loan each, and its manifest."""
    now_ms = int(time.time() * 1000)
    lent = {"type": "drill", "most": 1, "windows": [[0, 2**52]]}
    badges = {token(f"04{number:012X}"): number for number in range(PEOPLE)}
    who = {"badges": badges, "people": [person(loans=(held(f"saw-{number}"),)) for number in range(PEOPLE)]}
    told = json.dumps(body(made_ms=now_ms, rights=[[lent]], doors={}, free=[1, 2], **who)).encode()
    claims = {"aud": CONFIG.thing, "version": "r1", "bytes": len(told), "exp": now_ms // 1000 + 3600}
    return told, sign(claims | {"sha256": hashlib.sha256(told).hexdigest()})


async def _measured(process: psutil.Process) -> Resident:
    await asyncio.sleep(SETTLE_S)
    before = process.cpu_times()
    begun = time.perf_counter()
    await asyncio.sleep(IDLE_S)
    after = process.cpu_times()
    spent_s = after.user + after.system - before.user - before.system
    return Resident(memory_mb=process.memory_info().rss / MB, cpu_percent=100 * spent_s / (time.perf_counter() - begun))
