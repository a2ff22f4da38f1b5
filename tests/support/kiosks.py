"""A kiosk on a stage: the real bank, controller, kiosk and page; a cabinet and a cloud that do as a test says.

with on_stage() as stage:
    page.goto(stage.url)
    stage.tap()
    stage.cloud("session", **a_session(options=[...]))
"""

import asyncio
import json
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from edge.bank import Bank
from edge.clock import Now, system_clock
from edge.config import BankConfig
from edge.controller import Controller
from edge.drivers.base import BadgeRead, DoorJammedError, DoorMoved, DriverEvent, HealthChanged, Observation
from edge.journal import Journal
from edge.kiosk import server
from edge.kiosk.kiosk import Kiosk
from edge.kiosk.photos import Form
from edge.kiosk.settings import KioskSettings
from edge.link import Listener
from tests.edge.rig import CONFIG, UID, sign

PATIENCE_S = 30
CONVERSATION = {"tap", "choice", "code"}


class Cabinet:
    """A driver: doors are moved by the test, and stick when it says so."""

    def __init__(self, config: BankConfig) -> None:
        self.seen = {door: Observation(is_open=False, present=False, tags=()) for door in config.door_numbers}
        self.sticks = False
        self._answers = asyncio.Event()
        self._answers.set()
        self.pulsed: list[int] = []
        self._events: asyncio.Queue[DriverEvent] = asyncio.Queue()

    async def events(self) -> AsyncIterator[DriverEvent]:
        while True:
            yield await self._events.get()

    async def unlock(self, door: int) -> None:
        if self.sticks:
            raise DoorJammedError("stuck")
        self.pulsed.append(door)

    async def lock(self, door: int) -> None:
        """A spring."""

    def holds_answers(self) -> None:
        """Let sensors take their time."""
        self._answers.clear()

    async def read(self, door: int) -> Observation:
        await self._answers.wait()
        return self.seen[door]

    async def sound(self, door: int, *, on: bool) -> None:
        """No buzzer."""

    def happens(self, event: DriverEvent) -> None:
        if isinstance(event, DoorMoved):
            self.seen[event.door] = replace(self.seen[event.door], is_open=event.is_open)
        self._events.put_nowait(event)


class Line:
    """A link without a network: the cloud at its other end signs the time, acknowledges, and hears the rest."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.listener: Listener | None = None
        self.acknowledges = True

    async def run(self, listener: Listener) -> None:
        self.listener = listener
        listener.connected()
        await asyncio.Event().wait()

    async def publish(self, kind: str, payload: bytes) -> None:
        body = json.loads(payload)
        self.heard.append((kind, body))
        if kind == "time":
            now = int(datetime.now(UTC).timestamp() * 1000)
            self.says("time", re=body["id"], time=sign({"nonce": body["nonce"], "now": now}))
        elif kind not in CONVERSATION and self.acknowledges:
            self.says("ack", re=body["id"], ids=[body["id"]])

    def says(self, kind: str, **body: Any) -> None:
        assert self.listener is not None
        self.listener.received(kind, json.dumps(body).encode())


class Stage:
    """Everything around one kiosk; its methods may be called from the test's thread."""

    def __init__(self, config: BankConfig, settings: KioskSettings) -> None:
        self.config, self.settings = config, settings
        self.url = ""
        self.line = Line()
        self.photos: list[tuple[Form, bytes]] = []
        self._ahead_ms = 0
        self._loop = asyncio.new_event_loop()
        self._grants = 0

    def build(self) -> None:
        self.cabinet = Cabinet(self.config)
        self.kiosk = Kiosk(self.config.bank, self.settings, self.clock, self._posted)
        db = sqlite3.connect(":memory:", check_same_thread=False)
        self.bank = Bank(self.config, Journal(db), started=self.clock())
        self.controller = Controller(
            self.bank, self.cabinet, self.line, self.clock, self.kiosk.observe, kiosk=self.kiosk
        )

    def clock(self) -> Now:
        now = system_clock()
        ahead = timedelta(milliseconds=self._ahead_ms)
        return Now(mono_ms=now.mono_ms + self._ahead_ms, wall=now.wall + ahead)

    async def _posted(self, form: Form, photo: bytes) -> None:
        self.photos.append((form, photo))

    def do(self, act: Callable[[], Any]) -> Any:
        """Do something in the bank's thread, and wait until it is done."""

        async def there() -> Any:
            return act()

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(PATIENCE_S)

    def tap(self, uid: str = UID) -> None:
        """Hold a badge to the reader, and wait until the bank has sent it."""
        before = len(self.uploads("tap"))
        self.do(lambda: self.cabinet.happens(BadgeRead(uid=uid)))
        self.until(lambda: len(self.uploads("tap")) > before or not self.bank.connected)

    def cloud(self, kind: str, **body: Any) -> None:
        """Let the cloud answer the last conversation."""
        said = [each for heard, each in self.line.heard if heard in CONVERSATION]
        self.do(lambda: self.line.says(kind, **{"re": said[-1]["id"] if said else None, **body}))

    def opens(self, door: int = 3, purpose: str = "take") -> str:
        """Let the cloud command a door; return its grant."""
        self._grants += 1
        grant, now = f"grant-{self._grants}", datetime.now(UTC).timestamp() + self._ahead_ms / 1000
        re = next(each["id"] for heard, each in reversed(self.line.heard) if heard in CONVERSATION)
        claims = {"jti": grant, "aud": self.config.thing, "door": door, "purpose": purpose, "re": re}
        self.cloud("open", command=sign(claims | {"iat": now, "exp": now + 30}))
        return grant

    def door(self, number: int, *, is_open: bool) -> None:
        self.do(lambda: self.cabinet.happens(DoorMoved(door=number, is_open=is_open)))

    def cut(self) -> None:
        """Pull the network cable."""
        self.do(self.controller.disconnected)

    def plug(self) -> None:
        """Put the network cable back; the bank learns the time from the cloud."""
        self.do(self.controller.connected)

    def holds(self, things: Mapping[int, str]) -> None:
        """Let tags lie behind doors, and the bank see them."""

        def put() -> None:
            for door, tag in things.items():
                self.cabinet.seen[door] = Observation(is_open=False, present=True, tags=(tag,))
            self.cabinet.happens(HealthChanged())

        before = len(self.uploads("status"))
        self.do(put)
        self.until(lambda: len(self.uploads("status")) > before)

    def roster(self, *, lasts_s: float = 86_400, **body: Any) -> None:
        """Give the bank a roster (tests/edge/rosters.py has the shape of its body)."""
        now_ms = int((datetime.now(UTC).timestamp() + self._ahead_ms / 1000) * 1000)
        told = {"version": f"r{now_ms}", "thing": self.config.thing, "made_ms": now_ms, **body}
        raw = json.dumps(told).encode()
        claims = {"aud": self.config.thing, "version": told["version"], "bytes": len(raw)}
        claims |= {"sha256": sha256(raw).hexdigest(), "exp": int(now_ms / 1000 + lasts_s)}
        before = len(self.uploads("fetch"))
        self.do(lambda: self.line.says("roster", manifest=sign(claims)))
        self.until(lambda: len(self.uploads("fetch")) > before)
        self.do(lambda: self.controller._do(self.bank.on_fetched(claims["sha256"], raw, self.clock())))
        assert self.bank.roster is not None

    def forgets_the_time(self) -> None:
        """Let the bank know no time, as one that was switched on without a network."""
        self.bank.base._ahead_ms = None

    def passes(self, seconds: float) -> None:
        """Let time pass for the bank and its screen."""

        def later() -> None:
            self._ahead_ms += int(seconds * 1000)
            self.controller._do(self.bank.ticks(self.clock()))
            self.kiosk.bell.ring()  # a page counts by itself from what it was told last

        self.do(later)

    def uploads(self, kind: str) -> list[dict[str, Any]]:
        return [body for heard, body in self.line.heard if heard == kind]

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for something that must come."""

        async def wait() -> None:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():  # noqa: ASYNC110 - it happens in other tasks
                    await asyncio.sleep(0.005)

        asyncio.run_coroutine_threadsafe(wait(), self._loop).result(PATIENCE_S + 5)

    async def _play(self, listening: socket.socket, up: threading.Event) -> None:
        self.web = server._Quiet(server.app(self.kiosk), self.kiosk.bell.end)
        running = asyncio.create_task(self.controller.run())
        self.kiosk.attach(self.bank, self.controller)
        serving = asyncio.create_task(self.web.serve([listening]))
        while not (self.web.started and self.bank.base.trusted):  # noqa: ASYNC110 - other tasks
            await asyncio.sleep(0.005)
        up.set()
        await serving
        running.cancel()
        await asyncio.wait([running])

    def run(self, listening: socket.socket, up: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self.build()
        self._loop.run_until_complete(self._play(listening, up))
        self._loop.close()

    def stop(self) -> None:
        """End the controller and its page, if they have not ended."""

        def end() -> None:
            self.web.should_exit = True

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(end)


@contextmanager
def on_stage(*, settings: KioskSettings | None = None, **changes: Any) -> Iterator[Stage]:
    """Play a bank of 12 doors with a kiosk until the end of the block."""
    stage, up = Stage(replace(CONFIG, **{"doors": 12} | changes), settings or KioskSettings()), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stage.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread = threading.Thread(target=stage.run, args=(listening, up), daemon=True)
        thread.start()
        assert up.wait(PATIENCE_S), "the bank did not come up"
        try:
            yield stage
        finally:
            stage.stop()
            thread.join(PATIENCE_S)


def an_option(kind: str, title: str, **more: Any) -> dict[str, Any]:
    return {"option": f"{kind}:{title}", "kind": kind, "title": title, **more}


def a_session(*options: dict[str, Any], name: str = "Lena H.", language: str = "en", **more: Any) -> dict[str, Any]:
    person = {"display": name, "language": language}
    return {"session": f"s-{name}-{len(options)}", "expires_at": "", "person": person, "options": options, **more}
