"""The shell between the decisions and the world, with a driver and a link that tests play."""

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from edge import controller as controller_module
from edge.actions import Action, Fetch, Forgotten, Sound
from edge.bank import Bank
from edge.clock import system_clock
from edge.config import BankConfig, Windows
from edge.controller import Controller
from edge.drivers.base import (
    AlarmRaised,
    BadgeRead,
    DoorJammedError,
    DoorMoved,
    DriverError,
    DriverEvent,
    HealthChanged,
    Observation,
)
from edge.journal import Journal
from edge.link import LinkLostError, Listener
from edge.tokens import token
from edge.uploads import AlarmKind
from tests.edge.network import stop, until
from tests.edge.rig import CONFIG, UID, sign
from tests.edge.rosters import body


class FakeLink:
    """Connected from the start; keeps what is published."""

    def __init__(self) -> None:
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.broken = False

    async def run(self, listener: Listener) -> None:
        listener.connected()
        await asyncio.Event().wait()

    async def publish(self, kind: str, payload: bytes) -> None:
        if self.broken:
            raise LinkLostError("gone")
        self.published.append((kind, json.loads(payload)))

    def kinds(self, kind: str) -> list[dict[str, Any]]:
        return [body for published, body in self.published if published == kind]


class FakeDriver:
    """Yields what tests put in; remembers what it was asked."""

    def __init__(self) -> None:
        self.events_in: asyncio.Queue[DriverEvent] = asyncio.Queue()
        self.asked: list[tuple[str, int]] = []
        self.failing: dict[str, DriverError] = {}
        self.silent = False

    async def events(self) -> AsyncIterator[DriverEvent]:
        while True:
            yield await self.events_in.get()

    async def unlock(self, door: int) -> None:
        self._ask("unlock", door)

    async def lock(self, door: int) -> None:
        self._ask("lock", door)

    async def read(self, door: int) -> Observation:
        if self.silent:
            await asyncio.Event().wait()
        self._ask("read", door)
        return Observation(is_open=False, present=True)

    async def sound(self, door: int, *, on: bool) -> None:
        self._ask("sound on" if on else "sound off", door)

    def _ask(self, what: str, door: int) -> None:
        self.asked.append((what, door))
        if what in self.failing:
            raise self.failing[what]


class Bench:
    """A controller on a fake driver and a fake link."""

    def __init__(self, config: BankConfig) -> None:
        self.driver, self.link, self.seen = FakeDriver(), FakeLink(), list[Action]()
        self.bank = Bank(config, Journal.open(config.journal), started=system_clock())
        self.controller = Controller(self.bank, self.driver, self.link, system_clock, self.seen.append)  # type: ignore[arg-type]

    async def ready(self) -> None:
        await until(lambda: self.link.kinds("time") and self.link.kinds("status"))
        self.say("time", time=sign({"nonce": self.link.kinds("time")[0]["nonce"], "now": 1_000_000}))

    def say(self, kind: str, **fields: Any) -> None:
        self.controller.received(kind, json.dumps(fields).encode())

    def open(self, re: str) -> None:
        claims = {"jti": "g1", "aud": "acme:hq-01", "door": 3, "purpose": "take", "re": re, "iat": 1_000, "exp": 1_030}
        self.say("open", command=sign(claims))

    async def tap(self) -> str:
        before = len(self.link.kinds("tap"))
        self.driver.events_in.put_nowait(BadgeRead(uid=UID))
        await until(lambda: len(self.link.kinds("tap")) > before)
        return str(self.link.kinds("tap")[-1]["id"])

    def outcomes(self) -> list[str]:
        return [body["outcome"] for body in self.link.kinds("door")]


Play = Callable[[Callable[[Bench], Awaitable[None]]], None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    def run(story: Callable[[Bench], Awaitable[None]], **changes: Any) -> None:
        async def whole() -> None:
            bench = Bench(CONFIG.__class__(**{**vars(CONFIG), "journal": tmp_path / "journal.db", **changes}))
            running = asyncio.create_task(bench.controller.run())
            await story(bench)
            await stop(running)
            assert running.cancelled()
            bench.bank.journal.close()

        asyncio.run(whole())

    return run


def test_a_tap_becomes_an_unlocked_door_and_its_edges_become_reports(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        bench.open(await bench.tap())
        await until(lambda: ("unlock", 3) in bench.driver.asked)
        bench.driver.events_in.put_nowait(DoorMoved(door=3, is_open=True))
        bench.driver.events_in.put_nowait(DoorMoved(door=3, is_open=False))
        await until(lambda: bench.outcomes() == ["opened", "closed"])
        assert bench.link.kinds("door")[-1]["present"] is True
        bench.say("ack", ids=[body["id"] for _, body in bench.link.published])
        assert any(isinstance(action, Forgotten) for action in bench.seen)
        assert bench.bank.journal.depth() == 0

    play(story)


def test_a_stuck_bolt_is_reported_as_jammed(play: Play) -> None:
    async def story(bench: Bench) -> None:
        bench.driver.failing = {"unlock": DoorJammedError("bolt"), "lock": DriverError("bus")}
        await bench.ready()
        bench.open(await bench.tap())
        await until(lambda: bench.outcomes() == ["jammed"])

    play(story)


def test_a_driver_that_does_not_know_whether_it_pulsed_leaves_it_to_the_sensor(play: Play) -> None:
    async def story(bench: Bench) -> None:
        bench.driver.failing = {"unlock": DriverError("no answer")}
        await bench.ready()
        bench.open(await bench.tap())
        await until(lambda: ("unlock", 3) in bench.driver.asked)
        bench.driver.events_in.put_nowait(DoorMoved(door=3, is_open=True))
        await until(lambda: bench.outcomes() == ["opened"])

    play(story)


def test_sensors_that_fail_or_never_answer_make_a_faulty_door_not_a_dead_bank(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller_module, "READ_TIMEOUT_S", 0.01)

    async def story(bench: Bench) -> None:
        bench.driver.silent = True
        await until(lambda: bench.link.kinds("status"))
        assert set(bench.link.kinds("status")[0]["doors"].values()) == {"fault"}

    play(story)


def test_hardware_that_is_lost_or_back_is_in_a_status_at_once(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        statuses = len(bench.link.kinds("status"))
        bench.driver.failing = {"read": DriverError("gone")}
        bench.driver.events_in.put_nowait(HealthChanged())
        await until(lambda: len(bench.link.kinds("status")) > statuses)
        assert set(bench.link.kinds("status")[-1]["doors"].values()) == {"fault"}
        bench.driver.failing = {}
        bench.driver.events_in.put_nowait(HealthChanged())
        await until(lambda: set(bench.link.kinds("status")[-1]["doors"].values()) == {"closed"})

    play(story)


def test_a_tap_that_the_broker_does_not_take_is_told_to_the_person(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        bench.link.broken = True
        bench.driver.events_in.put_nowait(BadgeRead(uid=UID))
        await until(lambda: "offline" in repr(bench.bank.screen))

    play(story)


def test_alarms_become_reports_and_the_buzzer_is_asked_for(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        bench.driver.events_in.put_nowait(AlarmRaised(kind=AlarmKind.TAMPER))
        bench.driver.events_in.put_nowait(DoorMoved(door=2, is_open=True))
        await until(lambda: bench.link.kinds("alarm") and ("sound on", 2) in bench.driver.asked)
        assert Sound(door=2, on=True) in bench.seen

    play(story)


def test_windows_end_by_the_clock_alone(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        bench.open(await bench.tap())
        await until(lambda: bench.outcomes() == ["not_opened"])

    play(story, windows=Windows(open_ms=20))  # type: ignore[call-arg]


def test_after_a_lost_connection_reports_wait_and_are_repeated(play: Play) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        bench.controller.disconnected()
        bench.driver.events_in.put_nowait(DoorMoved(door=2, is_open=True))
        await until(bench.bank.journal.open_doors)
        assert bench.outcomes() == []
        bench.controller.connected()
        await until(lambda: bench.outcomes() == ["forced"])
        bench.controller.disconnected()
        bench.controller.connected()
        await until(lambda: bench.outcomes() == ["forced", "forced"])
        assert len({body["id"] for body in bench.link.kinds("door")}) == 1

    play(story)


def test_nothing_secret_is_logged_on_the_way_from_tap_to_door(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    async def story(bench: Bench) -> None:
        await bench.ready()
        bench.open(await bench.tap())
        await until(lambda: ("unlock", 3) in bench.driver.asked)

    with caplog.at_level(logging.DEBUG):
        play(story)
    for secret in (
        UID,
        token(UID, CONFIG.badge_keys[0]),
        CONFIG.command_keys["1"].hex(),
        CONFIG.badge_keys[0].key.hex(),
    ):
        assert secret not in caplog.text


def test_a_roster_is_fetched_and_kept(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps(body()).encode()
    wanted: list[Fetch] = []

    async def download(fetch: Fetch) -> bytes:
        wanted.append(fetch)
        return told

    monkeypatch.setattr(controller_module, "download", download)

    async def story(bench: Bench) -> None:
        await bench.ready()
        digest = hashlib.sha256(told).hexdigest()
        claims = {"aud": "acme:hq-01", "version": "r1", "sha256": digest, "bytes": len(told), "exp": 9_999_999_999}
        bench.say("roster", re=None, manifest=sign(claims))
        await until(lambda: bench.link.kinds("fetch"))
        bench.say("fetch", re=bench.link.kinds("fetch")[0]["id"], url="https://bucket.example/roster")
        await until(lambda: bench.bank.roster is not None)
        assert [(fetch.url, fetch.bytes) for fetch in wanted] == [("https://bucket.example/roster", len(told))]

    play(story)
