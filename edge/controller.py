"""The asyncio shell of one bank: feeds what happens to the decisions, carries out what they ask, watches the clock."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, Protocol

from edge.actions import Action, Fetch, Lock, Read, Send, Sound, Survey, Unlock
from edge.bank import Bank
from edge.clock import Clock
from edge.drivers.base import (
    AlarmRaised,
    BadgeRead,
    DoorJammedError,
    DoorMoved,
    Driver,
    DriverError,
    HealthChanged,
    Observation,
)
from edge.fetching import download
from edge.link import Link, LinkLostError
from edge.uploads import Choice, FaultReport

log = logging.getLogger(__name__)
READ_TIMEOUT_S: Final = 5
LONGEST_SLEEP_S: Final = 60.0  # the machine may be suspended: look at the clock now and then

Observer = Callable[[Action], None]


class Kiosk(Protocol):
    """A screen, where there is one."""

    def wants_further_badge(self) -> bool:
        """Whether the next badge joins what is on the screen."""
        ...

    def changed(self) -> None:
        """Called when anything was decided: actions were begun, the connection came or went."""
        ...


class Controller:
    """Runs one bank until it is cancelled or its journal fails. `observe` sees every action before it is done."""

    def __init__(
        self,
        bank: Bank,
        driver: Driver,
        link: Link,
        clock: Clock,
        observe: Observer = lambda _: None,
        kiosk: Kiosk | None = None,
    ) -> None:
        self._bank, self._driver, self._link, self._clock, self._observe = bank, driver, link, clock, observe
        self._kiosk = kiosk
        self._changed = asyncio.Event()
        self._tasks = asyncio.TaskGroup()

    async def run(self) -> None:
        """Boot: read every door, settle the past, then serve."""
        async with self._tasks as tasks:
            self._do(self._bank.starts(await self._read_all(), self._clock()))
            tasks.create_task(self._link.run(self))
            tasks.create_task(self._follow_driver())
            tasks.create_task(self._follow_clock())

    def choose(self, choice: Choice) -> None:
        """Take the person's choice from the screen."""
        self._asked(lambda: self._bank.on_choice(choice, self._clock()))

    def tap(self, uid: str, *, joins: bool = False) -> None:
        """Take a badge; `joins` when the screen asked for a further one."""
        self._do(self._bank.on_tap(uid, self._clock(), joins=joins))

    def report_fault(self, fault: FaultReport) -> None:
        """Take what somebody says is broken."""
        self._asked(lambda: self._bank.on_fault(fault, self._clock()))

    def leave(self) -> None:
        """Take the screen's word that nobody stands there any more."""
        self._asked(lambda: self._bank.on_left(self._clock()))

    def connected(self) -> None:
        """Take the link's word (see `edge.link.Listener`)."""
        log.info("%s connected", self._bank.config.thing)
        self._do(self._bank.on_connected(self._clock()))

    def disconnected(self) -> None:
        """Take the link's word."""
        log.info("%s disconnected", self._bank.config.thing)
        self._do(self._bank.on_disconnected(self._clock()))

    def received(self, kind: str, payload: bytes) -> None:
        """Take a message of the cloud."""
        self._do(self._bank.on_message(kind, payload, self._clock()))

    async def _follow_driver(self) -> None:
        async for event in self._driver.events():
            match event:
                case BadgeRead(uid=uid):
                    self.tap(uid, joins=self._kiosk is not None and self._kiosk.wants_further_badge())
                case DoorMoved(door=door, is_open=is_open):
                    self._do(self._bank.on_moved(door, self._clock(), is_open=is_open))
                case AlarmRaised(kind=kind):
                    self._do(self._bank.on_alarm(kind, self._clock()))
                case HealthChanged():  # the cloud hears now which doors it cannot rely on, not at the next status
                    self._do([Survey(begun_ms=self._clock().mono_ms)])

    async def _follow_clock(self) -> None:
        while True:
            self._changed.clear()
            due_ms = self._bank.due_at_ms()
            sleep_s = LONGEST_SLEEP_S if due_ms is None else (due_ms - self._clock().mono_ms) / 1000
            if sleep_s <= 0:
                self._do(self._bank.ticks(self._clock()))
                sleep_s = 0
            await self._wait_for_change(min(sleep_s, LONGEST_SLEEP_S))

    async def _wait_for_change(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for may swallow a cancellation (python/cpython#86296)
                await self._changed.wait()

    def _asked(self, decide: Callable[[], list[Action]]) -> None:
        """Do what a screen asks for. A journal that fails on the way ends the bank, not only the screen's request."""
        try:
            self._do(decide())
        except sqlite3.Error as error:
            self._tasks.create_task(_fail(error))
            raise

    def _do(self, actions: list[Action]) -> None:
        """Begin every action, in order. Locks and sensors may be slow: each runs in a task of its own."""
        for action in actions:
            self._observe(action)
            self._begin(action)
        self._changed.set()
        if self._kiosk is not None:
            self._kiosk.changed()

    def _begin(self, action: Action) -> None:
        begin = self._tasks.create_task
        match action:
            case Send():
                begin(self._send(action))
            case Unlock(door=door):
                begin(self._unlock(door))
            case Lock(door=door):
                begin(self._ask(self._driver.lock(door)))
            case Sound(door=door, on=on):
                begin(self._ask(self._driver.sound(door, on=on)))
            case Fetch():
                begin(self._fetch(action))
            case Read(door=door, cycle=cycle):
                begin(self._read_one(door, cycle))
            case Survey(begun_ms=begun_ms):
                begin(self._survey(begun_ms))
            case _:
                """The others are for those who look on."""

    async def _send(self, send: Send) -> None:
        try:
            await self._link.publish(send.kind, send.payload)
        except LinkLostError as error:
            log.info("%s not sent: %s", send.kind, error)
            self._do(self._bank.on_unsent(send.id, self._clock()))

    async def _fetch(self, fetch: Fetch) -> None:
        body = await download(fetch)
        self._do(self._bank.on_fetched(fetch.sha256, body, self._clock()))

    async def _unlock(self, door: int) -> None:
        try:
            await self._driver.unlock(door)
        except DoorJammedError:
            self._do(self._bank.on_jammed(door, self._clock()))
        except DriverError as error:  # whether it pulsed is unknown: the sensor and the 15 s window tell
            log.warning("door %d: %s", door, error)

    async def _ask(self, request: Coroutine[Any, Any, None]) -> None:
        try:
            await request
        except DriverError as error:
            log.warning("driver: %s", error)

    async def _read_one(self, door: int, cycle: int) -> None:
        seen = await self._read(door)
        self._do(self._bank.on_observed(door, cycle, seen, self._clock()))

    async def _survey(self, begun_ms: int) -> None:
        found = await self._read_all()
        self._do(self._bank.on_survey(begun_ms, found, self._clock()))

    async def _read_all(self) -> dict[int, Observation]:
        return {door: await self._read(door) for door in self._bank.config.door_numbers}

    async def _read(self, door: int) -> Observation:
        try:
            async with asyncio.timeout(READ_TIMEOUT_S):
                return await self._driver.read(door)
        except (DriverError, TimeoutError) as error:
            log.warning("door %d: sensors did not answer: %s", door, error)
            return Observation(is_open=self._bank.doors[door].is_open, fault=True)


async def _fail(error: Exception) -> None:
    raise error
