"""The whole: functions, tables, banks, people and admins on one clock, acting out a plan, and the checks in between."""

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from unittest.mock import patch

import time_machine
from pynamodb.connection.base import Connection

from chalicelib.notices import slack
from edge.simulation.world import Cabinet
from tests.simulation import acts, workplace
from tests.simulation.admins import KEYS_KEPT, Admins
from tests.simulation.alone import Alone
from tests.simulation.bucket import Bucket
from tests.simulation.channels import Channels
from tests.simulation.checks import Checks
from tests.simulation.cloud import Cloud
from tests.simulation.deciding import Manner, Somebody
from tests.simulation.faults import Faults
from tests.simulation.hub import Hub
from tests.simulation.network import Network
from tests.simulation.plan import Act, plan
from tests.simulation.rights import Rights
from tests.simulation.services import DataPlane, Registry, Vault
from tests.simulation.station import Station
from tests.simulation.telemetry import Telemetry
from tests.simulation.truth import Truth
from tests.simulation.watches import Watches
from tests.support import http
from tests.support.dynamo import Dynamo
from tests.support.tables import ENVIRONMENT, forget
from tests.support.workplace import ORG
from toolcrib import clients
from toolcrib.domain.doors import BankState
from toolcrib.domain.ids import loan_of
from toolcrib.flows import second_factor, serving
from toolcrib.send import slow_hash
from toolcrib.store import idempotency, keys, rulebook

BEGINS_MS = 1_795_165_200_000  # 20 November 2026, 09:00 UTC
CHECK_EVERY = 40  # events between two looks at the whole record; a failing seed is run again with 1
STALE_WRITES = 12  # so many writes an eventually consistent read may not have seen yet
SWEEP_MS, WATCH_MS, ROSTERS_MS = 60_000, 300_000, 300_000
FIRST_ROSTERS_MS = 2_000
DRAIN_MS = 45 * 60_000  # reports come again within five minutes, a grant is given up after ten, a notice retried
REST_MS = 10 * 60_000  # what is on its way then, and what it leads to; what goes on for longer never ends


class Broken(AssertionError):  # noqa: N818 - the finding itself
    """An invariant does not hold."""


@dataclass
class Simulation:
    """One seed. `acts` may be fewer than the plan's, `without` are faults that never strike."""

    seed: int
    acts: Sequence[Act]
    without: frozenset[str] = frozenset()
    check_every: int = CHECK_EVERY
    dynamo: Dynamo = field(default_factory=Dynamo.from_template)
    people: dict[str, Somebody] = field(default_factory=dict)
    copies: dict[str, Somebody] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)
    ends: bool = False
    began_ms: int = BEGINS_MS

    def __post_init__(self) -> None:
        swapped = (
            (rulebook, "_kept", dict),
            (http.app(), "current_request", lambda: None),
            (http.app(), "lambda_context", lambda: None),
        )
        self.hub = Hub(self.seed, BEGINS_MS, swapped=swapped, moved=self._move_clocks)
        self.faults = Faults(self.hub, without=self.without)
        self.network = Network(self.hub, self.faults, self.stations)
        self.cloud = Cloud(self.hub, self.dynamo, self.faults, down=self.network.down)
        self.network.up_to, self.network.retained = self.cloud.upload, self.cloud.retained
        self.bucket = Bucket(self.hub, self.faults)
        self.channels = Channels(self.hub, self.faults, self.cloud.spoke)
        self.admins = Admins(self.hub, self.cloud)
        self.watches = Watches(self.hub, self.cloud, workplace.people_by_token())
        self.alone = Alone(
            self.hub, self.bucket.objects, self._cabinet, workplace.people_by_token(), self.watches.since
        )
        self.truth = Truth(self.cloud.commands, self._is_on_record, self.alone)
        self.rights = Rights(self.hub, self.dynamo, alone=self.alone.reports)
        self.checks = Checks(self)
        self._clock: Any = None

    def run(self) -> "Simulation":
        """Act the plan out, let everything come to rest, and look at the record all along; raises `Broken`."""
        with self._installed():
            try:
                self._act()
            except Broken:
                raise
            except Exception as error:
                raise Broken(f"crash: {type(error).__name__}: {error}") from error
        return self

    def _act(self) -> None:
        workplace.prepare()
        self.dynamo.staleness = lambda: self.hub.chance("stale").randrange(STALE_WRITES)
        self.cloud.begin()
        self.watches.begin()
        self.cloud.heard.append(self.alone.hears)
        self.rights.begin()
        self._people_and_banks()
        for act in self.acts:
            self.hub.later(act.at_ms, lambda act=act: acts.begin(self, act))
        last_ms = self.acts[-1].at_ms if self.acts else 0
        self.hub.later(SWEEP_MS, self._sweep)
        self.hub.later(WATCH_MS, self._watch)
        self.hub.later(FIRST_ROSTERS_MS, self._rosters)
        self._until(BEGINS_MS + last_ms + 180_000)
        self._drain()

    def comes(
        self, who: Somebody, bank: str, chance: Random, *, wants: str | None, manner: Manner = Manner.PROPER
    ) -> None:
        """Let somebody come to a bank for something."""
        acts.comes(self, who, bank, chance, wants=wants, manner=manner)

    def _until(self, end_ms: int) -> None:
        while self.hub.now_ms < end_ms:
            next_look = self.hub.events + self.check_every
            self.hub.run(lambda upto=next_look: self.hub.now_ms >= end_ms or self.hub.events >= upto)
            self._check(drained=False)

    def _drain(self) -> None:
        """Nothing goes wrong any more, everybody goes home, every door is closed; then nothing may be left."""
        self.faults.off = True
        for station in self.stations.values():
            station.line(up=True)
            station.rusty = False
            for door in tuple(station.cabinet.opened):
                station.cabinet.swing(door, is_open=False)
        self._until(self.hub.now_ms + DRAIN_MS)
        self.ends = True  # no more clocks tick: what is on its way arrives
        latest_ms = self.hub.now_ms + REST_MS
        self.hub.run(lambda: self._at_rest() or self.hub.now_ms > latest_ms)
        self._check(drained=True)

    def _at_rest(self) -> bool:
        """Whether no call is under way, and no bank waits for an acknowledgement, which may be on its way as well.

        A bank that is revoked does not know the time, and so holds back for ever what it has to tell.
        """
        waiting = (bank for bank, station in self.stations.items() if station.pending)
        return self.cloud.in_flight == 0 and not any(self._is_active(bank) for bank in waiting)

    def _is_active(self, bank: str) -> bool:
        state = self.dynamo.tables["state"].items[keys.bank(ORG, bank)]["state"]["S"]
        return bool(state == BankState.ACTIVE)

    def _check(self, *, drained: bool) -> None:
        wrong = self.checks.violations(drained=drained)
        if wrong:
            raise Broken(wrong[0])

    def _people_and_banks(self) -> None:
        for person, uid in workplace.UIDS.items():
            self.people[person] = Somebody(id=person, uid=uid, pin=workplace.PINS.get(person))
        for number, bank in enumerate(workplace.BANKS):
            config = workplace.config(bank)
            contents = workplace.stocked(bank)
            cabinet = Cabinet(bank=bank, doors=config.door_numbers, evidence=config.evidence, contents=contents)
            station = Station(config, self.hub, self.faults, self.truth, cabinet, send=self.network.up)
            station.connected, station.download = self.network.subscribed, self.bucket.download
            self.stations[bank] = station
            self.hub.later(number * 100, station.power_on)

    def _sweep(self) -> None:
        if self.ends:
            return
        self.hub.later(SWEEP_MS, self._sweep)
        times = 0 if self.faults.strikes("sweep missed") else 2 if self.faults.strikes("sweep doubled") else 1
        for _ in range(times):
            self.cloud.invoke("schedules", "sweep", {"time": self._now.isoformat()})

    def _watch(self) -> None:
        if self.ends:
            return
        self.hub.later(WATCH_MS, self._watch)
        self.cloud.invoke("schedules", "watch_banks", {"time": self._now.isoformat()})

    def _rosters(self) -> None:
        if self.ends:
            return
        self.hub.later(ROSTERS_MS, self._rosters)
        times = 0 if self.faults.strikes("rosters missed") else 2 if self.faults.strikes("rosters doubled") else 1
        for _ in range(times):
            self.cloud.invoke("schedules", "rosters", {"time": self._now.isoformat()})

    def _cabinet(self, thing: str) -> Cabinet:
        return self.stations[thing.partition(":")[2]].cabinet

    def _is_on_record(self, thing: str, door: int, grant: str) -> bool:
        """Whether a grant is its door's, or its loan remembers it."""
        items = self.dynamo.tables["state"].items
        of_door = items[keys.door(ORG, thing.partition(":")[2], door)].get("grant", {}).get("M", {})
        loan = items.get(keys.loan(ORG, loan_of(grant) or ""), {})
        return of_door.get("id", {}).get("S") == grant or grant in loan.get("grants", {"M": {}})["M"]

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.hub.now_ms / 1000, UTC)

    def _move_clocks(self, now_ms: int) -> None:
        if self._clock is not None:
            self._clock.move_to(now_ms / 1000, tick=False)

    @contextmanager
    def _installed(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(patch.dict("os.environ", {**ENVIRONMENT, "LOCAL_STACK": ""}))
            logging.disable(logging.CRITICAL)
            stack.callback(logging.disable, logging.NOTSET)
            forget()
            stack.callback(forget)
            stack.enter_context(patch.object(Connection, "client", property(lambda _: self.dynamo)))
            stack.enter_context(patch.object(clients, "session", lambda: _Session(self)))
            stack.enter_context(patch.object(slack, "bot", lambda *_: self.channels))
            stack.enter_context(patch.object(idempotency, "KEEP", KEYS_KEPT))
            stack.enter_context(patch.multiple(slow_hash, MEMORY_KIB=8, ITERATIONS=1))
            stack.enter_context(patch.object(second_factor, "matches", self.watches.compares))
            stack.enter_context(patch.object(serving, "_second_reader", AtOnce))
            stack.enter_context(patch.object(time, "monotonic", lambda: self.hub.now_ms / 1000))
            stack.enter_context(patch.object(time, "sleep", self._sleep))
            stack.enter_context(Telemetry(self.hub).listening())
            self._clock = stack.enter_context(time_machine.travel(BEGINS_MS / 1000, tick=False))
            yield
            self._clock = None

    def _sleep(self, seconds: float) -> None:
        if self.hub.task is not None:
            self.hub.pause(seconds * 1000)


class AtOnce(Executor):
    """Runs what is submitted here and now: the second reader of a tap is no second thread."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the finished future of a call."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@dataclass
class _Session:
    here: Simulation

    def create_client(self, service: str, **_: Any) -> Any:
        """Be botocore."""
        offered = {
            "iot-data": DataPlane(self.here.cloud),
            "iot": Registry(self.here.cloud),
            "secretsmanager": Vault(),
            "sesv2": self.here.channels,
            "s3": self.here.bucket,
        }
        return offered[service]


def simulate(seed: int, events: int, **more: Any) -> Simulation:
    """Run a seed for about so many events; raises `Broken`."""
    return Simulation(seed, plan(seed, events), **more).run()
