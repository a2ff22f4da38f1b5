"""One bank on its wall, its doors and people, and a witness who looks at every pulse (safety.md I6, I7, I12)."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

from edge.actions import Action, Unlock
from edge.config import BankConfig, Evidence
from edge.doors import Phase
from edge.drivers.base import Observation
from edge.journal import Journal
from edge.offline.dealings import LOCAL
from edge.uploads import FINAL
from tests.edge.rig import CLOUD_MS, CONFIG, Rig, only
from tests.edge.rosters import token
from tests.proof.offline.cloud import Cloud, Thing

AHEAD_MS = 10_000  # a bank's time may be ahead of the cloud's by its round trip, never behind
DOORS = range(1, 5)
PEOPLE = {"ana": ["0A0001", "0A0002"], "ben": ["0B0001"], "cem": ["0C0001"]}
THINGS = [
    Thing(f"{type_}-{number}", type_, f"E2{number}{type_[0].upper()}")
    for type_ in ("drill", "saw")
    for number in (1, 2)
]


class PowerCutError(Exception):
    """The light goes out."""


class SeenJournal(Journal):
    """A journal at whose writes the power may be cut; what reached the disk is known to the witness."""

    def __init__(self, db: sqlite3.Connection, wall: "Wall") -> None:
        self._wall = wall
        super().__init__(db)

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        wall = self._wall
        with super()._write(name):
            yield
            if wall.cut_at == (False, name):
                raise PowerCutError
        if name in {"append", "settle", "burn"}:
            rows = self._db.execute("SELECT id, boot, seq, offline FROM reports WHERE boot = ?", (self.boot,))
            wall.written |= {id_: (boot, seq, bool(offline)) for id_, boot, seq, offline in rows}
        if name in {"use", "burn"}:
            wall.marked |= {grant for (grant,) in self._db.execute("SELECT grant_id FROM used")}
        if wall.cut_at == (True, name):
            raise PowerCutError


class Wall(Rig):
    """Drives the shipped machine; every pulse without a command is held against what was signed."""

    def __init__(self, config: BankConfig = CONFIG, *, seed: int = 0) -> None:
        self.written: dict[str, tuple[int, int, bool]] = {}
        self.marked: set[str] = set()
        self.cut_at: tuple[bool, str] | None = None
        super().__init__(config, journal=lambda db: SeenJournal(db, self))
        self.random = Random(seed)
        self.inside: dict[int, str | None] = {1: "drill-1", 2: "drill-2", 3: "saw-1", 4: None}
        self.pockets: dict[str, set[str]] = {person: set() for person in PEOPLE} | {"ben": {"saw-2"}}
        things = {thing.name: thing for thing in THINGS}
        if config.evidence is not Evidence.TAGS:
            things = {name: replace(thing, tag=None) for name, thing in things.items()}
        self.cloud = Cloud(
            things, PEOPLE, dict(self.inside), loans={who: set(has) for who, has in self.pockets.items()}
        )
        self.pulsed: Counter[str] = Counter()
        self.unlocked: dict[int, dict[str, Any]] = {}
        self.takes: list[dict[str, Any]] = []
        self.moved_ms: dict[int, int] = {}
        self.returns = 0
        self._look()

    @property
    def cloud_ms(self) -> int:
        """The cloud's time, which is the true one."""
        return CLOUD_MS + self.mono_ms

    def did(self, actions: list[Action]) -> list[Action]:
        for unlock in only(actions, Unlock):
            self.pulsed[unlock.grant] += 1
            assert self.pulsed[unlock.grant] == 1, "a second pulse"
            assert self.journal.is_used(unlock.grant), "a pulse before its mark"
            if unlock.grant.startswith(LOCAL):
                self._judge(unlock)
            else:
                assert not self.bank.offline, "a command was obeyed while the bank decided by itself"
        return super().did(actions)

    def swing(self, door: int, *, is_open: bool) -> None:
        """Move a door by hand."""
        self.moved_ms[door] = self.cloud_ms
        self._look(door, is_open=is_open)
        self.move(door, is_open=is_open)

    def swap(self, who: str, door: int, thing: str | None) -> None:
        """Put a thing in, or (None) take out what is there."""
        if thing is None:
            found, self.inside[door] = self.inside[door], None
            for take in self.takes:
                take["taken"] |= not take["over"] and take["door"] == door
            self.pockets[who] |= {found} if found else set()
        elif self.inside[door] is None:
            self.pockets[who].discard(thing)
            self.inside[door] = thing
        self._look(door, is_open=True)

    def _judge(self, unlock: Unlock) -> None:
        """An opening that no command asked for has to be within a roster in force (I12)."""
        dealt = next(each for each in self.journal.dealings() if each.grant == unlock.grant)
        dealing = json.loads(dealt.body)
        signed = self.cloud.signed[dealing["roster"]]
        told, who = signed.told, self._holder(dealing["badge"])
        person = told["people"][told["badges"][dealing["badge"]]]
        assert person["display"] == who
        self.unlocked[unlock.door] = dealing | {"who": who, "at_ms": self.cloud_ms}
        if dealing["kind"] == "return":
            self.returns += 1
            assert self.inside[unlock.door] in {None, dealing["asset"]}, "a return into a door that holds something"
            return
        assert self._time_is_known, "lent without the cloud's time"
        assert self.cloud_ms < signed.exp_ms, "lent after the roster's end"
        right = next(each for each in told["rights"][person["rights"]] if each["type"] == dealing["type"])
        assert any(begin - AHEAD_MS <= self.cloud_ms < end for begin, end in right["windows"]), "lent outside a window"
        self._at_rest(unlock.door, told)
        before = [take for take in self.takes if take["who"] == who and self._counts(take, told["made_ms"])]
        assert len(before) < person["most"], "more than may be taken in all"
        assert sum(take["type"] == dealing["type"] for take in before) < right["most"], (
            "more than may be taken of a type"
        )
        self.takes.append(self.unlocked[unlock.door] | {"taken": False, "over": False, "known_ms": None})

    def looks_around(self) -> None:
        """Note which takes are over: their door is shut again, or was never opened."""
        for take in self.takes:
            door = take["door"]
            take["over"] |= not self.seen[door].is_open and self.bank.doors[door].phase is Phase.CLOSED

    def tells(self, report: dict[str, Any]) -> None:
        """Let the cloud hear a report; from the last one of a take on, rosters know of it."""
        first = report["id"] not in self.cloud.known_ms
        self.cloud.hears(report, self.cloud_ms)
        offline = report.get("offline")
        if first and offline and offline["kind"] == "take" and report["outcome"] in FINAL:
            mine = (take for take in self.takes if take["known_ms"] is None and take["asset"] == offline["asset"])
            take = next(mine, None)  # none: the power went between its mark and its pulse
            if take is not None:
                take["known_ms"] = self.cloud_ms

    def _counts(self, take: dict[str, Any], made_ms: int) -> bool:
        """Whether a roster made then does not know of a take yet."""
        happened = take["taken"] or not take["over"]
        return happened and (take["known_ms"] is None or take["known_ms"] > made_ms)

    def _at_rest(self, door: int, told: dict[str, Any]) -> None:
        moved = self.moved_ms.get(door, 0) > told["made_ms"]
        known = {content["asset"] for contents in told["doors"].values() for content in contents}
        if moved:
            assert self.config.evidence is Evidence.TAGS, "lent from a door that moved"
            assert self.inside[door] in known, "lent what the roster does not know"

    @property
    def _time_is_known(self) -> bool:
        return self.bank.base.trusted

    def _holder(self, badge: str) -> str:
        return next(person for person, uids in PEOPLE.items() if badge in map(token, uids))

    def _look(self, *doors: int, is_open: bool = False) -> None:
        for door in doors or DOORS:
            thing = self.inside[door]
            tag = self.cloud.things[thing].tag if thing else None
            self.seen[door] = Observation(
                is_open=is_open,
                present=None if self.config.evidence is Evidence.DOOR_ONLY else thing is not None,
                tags=((tag,) if tag else ()) if self.config.evidence is Evidence.TAGS else None,
            )
