"""One bank on its wall: the shipped controller on its journal, a cabinet, power and a line to the broker.

The controller's machine is driven as `edge.controller` drives it, one event after the other; each write of its journal
is a place where others go first, or the power is cut.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ulid import ULID

from edge.actions import Action, Fetch, Lock, Read, Recorded, Send, Show, Survey, Unlock
from edge.bank import Bank, Chance
from edge.clock import Now
from edge.config import BankConfig
from edge.display import Message, Screen
from edge.drivers.base import Observation
from edge.journal import Journal
from edge.simulation.world import Cabinet
from tests.simulation.faults import Faults
from tests.simulation.hub import Hub, Task
from tests.simulation.truth import Truth

DRIFT_PPM = 100  # a cheap quartz
HIGHEST_BOOT_MS = 10_000_000


class PowerCut(BaseException):
    """The controller stops here; what is not in the journal is gone."""


class WatchedJournal(Journal):
    """A journal that stops at each write: others go first, or the power is cut before or after it is durable."""

    def __init__(self, db: sqlite3.Connection, stop: Callable[[str], None]) -> None:
        self._stop = stop
        super().__init__(db)

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        self._stop(name)
        with super()._write(name):
            yield
        self._stop(name)


@dataclass
class Station:
    """A bank. `send` is its line up, `shown` those who stand in front of its screen.

    `connected` tells the broker that it is there, `download` reads what lies at an address.
    """

    config: BankConfig
    hub: Hub
    faults: Faults
    truth: Truth
    cabinet: Cabinet
    send: Callable[[str, str, bytes, Callable[[], None]], None]
    connected: Callable[[str], None] = lambda _: None
    download: Callable[[Fetch, Callable[[int, bytes | None], None]], None] = lambda *_: None
    shown: list[Callable[[Screen], None]] = field(default_factory=list)
    bank: Bank | None = None
    on_line: bool = True
    unlocked: set[int] = field(default_factory=set)
    wall_off: timedelta = timedelta()
    held_back_ms: int = 0
    rusty: bool = False
    _db: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    _events: deque[tuple[str, Callable[[Bank, Now], list[Action]]]] = field(default_factory=deque)
    _task: Task | None = None
    _boots: int = 0
    _booted_ms: int = 0
    _first_mono_ms: int = 0
    _drift: float = 0.0

    @property
    def id(self) -> str:
        return self.config.bank

    @property
    def has_power(self) -> bool:
        return self.cabinet.sensor is not None

    @property
    def is_free(self) -> bool:
        """Whether it works, and nobody stands in front of it."""
        return self.on_line and self.has_power and not self.shown

    @property
    def pending(self) -> list[str]:
        """The reports that the cloud has not acknowledged."""
        rows = self._db.execute("SELECT kind || ' ' || id FROM reports ORDER BY boot, seq")
        return [str(told) for (told,) in rows]

    def power_on(self) -> None:
        """Boot the shipped controller on its journal."""
        chance = self.hub.chance(f"{self.id}/boot")
        self._boots += 1
        self._booted_ms, self._first_mono_ms = self.hub.now_ms, chance.randrange(HIGHEST_BOOT_MS)
        self._drift = chance.uniform(-DRIFT_PPM, DRIFT_PPM) / 1e6
        self.cabinet.sensor = self._moved
        self.hub.happens("boot", self.id)
        self._task = self.hub.spawn(f"{self.id} controller", self._works)

    def cut_power(self, for_ms: float) -> None:
        """Pull the plug, and put it in again after a time."""
        if not self.has_power:
            return
        self.hub.happens("power cut", self.id)
        self.cabinet.sensor, self.bank = None, None
        self._events.clear()
        self.unlocked.clear()
        task, self._task = self._task, None
        self.hub.later(for_ms, self.power_on)
        if task is not None:
            self.hub.end(task, PowerCut())

    def enrolled(self, kid: str, key: bytes) -> None:
        """Take over what an enrolment gave, and begin anew with it."""
        self.config = replace(self.config, command_keys={kid: key})
        self.cut_power(2_000)

    def line(self, *, up: bool) -> None:
        """Cut the line to the broker, or mend it."""
        if up is self.on_line:
            return
        self.on_line = up
        self.hub.happens("connected" if up else "disconnected", self.id)
        self.feed("line", lambda bank, now: bank.on_connected(now) if up else bank.on_disconnected(now))
        if up:
            self.connected(self.config.thing)

    def receive(self, kind: str, payload: bytes) -> None:
        """Take a message from the cloud; nothing waits for a bank that is away."""
        if self.on_line and self.has_power:
            self.hub.happens(f"down {kind}", self.id)
            self.feed(kind, lambda bank, now: bank.on_message(kind, payload, now))

    def feed(self, about: str, event: Callable[[Bank, Now], list[Action]]) -> None:
        """Let the machine take an event when it is done with those before."""
        if not self.has_power:
            return
        self._events.append((about, event))
        if self._task is None:
            self._task = self.hub.spawn(f"{self.id} controller", self._works)

    def now(self) -> Now:
        """Read the bank's clocks: one drifts, the other is whatever somebody set it to."""
        elapsed_ms = self.hub.now_ms - self._booted_ms
        wall = datetime.fromtimestamp(self.hub.now_ms / 1000, UTC) + self.wall_off
        return Now(mono_ms=self._first_mono_ms + round(elapsed_ms * (1 + self._drift)), wall=wall)

    def _works(self) -> None:
        try:
            if self.bank is None:
                self._starts()
            while self._events and self.bank is not None:
                _, event = self._events.popleft()
                self._do(event(self.bank, self.now()))
        except PowerCut:
            return
        self._task = None
        self._wake()

    def _starts(self) -> None:
        journal = WatchedJournal(self._db, self._stop)
        for left in filter(None, map(journal.find, journal.pending())):  # the power may have gone right after the write
            self.truth.recorded(self.id, left)
        self.bank = Bank(self.config, journal, started=self.now(), chance=self._chance())
        found = self._observed()
        self._do(self.bank.starts(found, self.now()))
        if self.on_line:
            self._do(self.bank.on_connected(self.now()))
            self.connected(self.config.thing)

    def _stop(self, _write: str) -> None:
        """A journal write: the power may be cut here, or others go first."""
        if self.hub.task is None:
            return
        if self.faults.strikes("power cut at a write"):
            task, self._task = self._task, None
            assert task is self.hub.task
            self.cut_power(self.hub.chance(f"{self.id}/off").randint(500, 60_000))
            raise PowerCut
        self.hub.pause(0)

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            self._begin(action)

    def _begin(self, action: Action) -> None:
        match action:
            case Send(kind=kind, id=upload, payload=payload):
                self.send(self.config.thing, kind, payload, lambda: self._unsent(upload))
            case Unlock(door=door, grant=grant):
                self._unlocks(door, grant)
            case Lock(door=door):
                self.unlocked.discard(door)
            case Read() | Survey() | Fetch():
                self._asks(action)
            case Show(screen=screen):
                self._shows(screen)
            case Recorded(report=report):
                self.truth.recorded(self.id, report)

    def _asks(self, action: Read | Survey | Fetch) -> None:
        """Ask for what takes its time."""
        slow = self.hub.chance(f"{self.id}/sensors")
        match action:
            case Read(door=door, cycle=cycle):
                if not self.faults.strikes("sensor silent"):
                    self._soon(slow.randint(5, 900), lambda: self._read(door, cycle))
            case Survey(begun_ms=begun_ms):
                self._soon(slow.randint(5, 900), lambda: self._survey(begun_ms))
            case Fetch():
                self.download(action, lambda delay_ms, body: self._soon(delay_ms, lambda: self._fetched(action, body)))

    def _shows(self, screen: Screen) -> None:
        if isinstance(screen, Message) and self.bank is not None and self.bank.offline:
            self.hub.tally[f"said alone: {screen.code}"] += 1
        for look in tuple(self.shown):
            self.hub.later(0, lambda look=look: look(screen))

    def _unlocks(self, door: int, grant: str) -> None:
        self.hub.happens("unlock", f"{self.id} {door} {grant}")
        if self.rusty or self.faults.strikes("bolt stuck"):
            self.feed("jammed", lambda bank, now: bank.on_jammed(door, now))
            return
        marked = self._db.execute("SELECT 1 FROM used WHERE grant_id = ?", (grant,)).fetchone() is not None
        self.truth.pulsed(self.config.thing, door, grant, self.hub.now_ms, marked=marked, dealt=self._dealt(grant))
        self.unlocked.add(door)

    def _dealt(self, grant: str) -> bytes | None:
        """Return what the journal on the disk says of an opening that no command asked for."""
        row = self._db.execute("SELECT body FROM dealings WHERE grant_id = ?", (grant,)).fetchone()
        return None if row is None else bytes(row[0])

    def _fetched(self, fetch: Fetch, body: bytes | None) -> None:
        read = body if self.on_line else None
        self.feed("fetched", lambda bank, now: bank.on_fetched(fetch.sha256, read, now))

    def _read(self, door: int, cycle: int) -> None:
        seen = self.cabinet.observe(door)
        self.feed("observed", lambda bank, now: bank.on_observed(door, cycle, seen, now))

    def _survey(self, begun_ms: int) -> None:
        found = self._observed()
        self.feed("survey", lambda bank, now: bank.on_survey(begun_ms, found, now))

    def _observed(self) -> Mapping[int, Observation]:
        return {door: self.cabinet.observe(door) for door in self.config.door_numbers}

    def _unsent(self, upload: str) -> None:
        self.feed("unsent", lambda bank, now: bank.on_unsent(upload, now))

    def _moved(self, door: int, is_open: bool) -> None:
        self.feed("moved", lambda bank, now: bank.on_moved(door, now, is_open=is_open))

    def _soon(self, delay_ms: float, do: Callable[[], None]) -> None:
        """Do something of this boot after a time; a power cut forgets it."""
        boot = self._boots
        self.hub.later(delay_ms, lambda: do() if boot == self._boots and self.has_power else None)

    def _wake(self) -> None:
        """Let the machine act when it is due, unless something else wakes it before."""
        due_ms = self.bank.due_at_ms() if self.bank is not None else None
        if due_ms is None:
            return
        wait_ms = max(1, (due_ms - self.now().mono_ms) * (1 + DRIFT_PPM / 1e6) + 1)
        self._soon(wait_ms, self._tick)

    def _tick(self) -> None:
        due_ms = self.bank.due_at_ms() if self.bank is not None and self._task is None else None
        if due_ms is not None and due_ms <= self.now().mono_ms:
            self.feed("tick", lambda bank, now: bank.ticks(now))

    def _chance(self) -> Chance:
        stream = self.hub.chance(f"{self.id}/ids")
        return Chance(
            new_id=lambda: str(ULID.from_int(stream.getrandbits(120))),
            new_nonce=lambda: f"nonce-{stream.getrandbits(64):x}",
            jitter=stream.random,
        )
