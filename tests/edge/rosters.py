"""Rosters as the cloud makes them, and a bank that has one: what the tests of offline lending stand on."""

import hashlib
import json
import sqlite3
from dataclasses import replace
from typing import Any

from edge.actions import Action, Fetch, Recorded, Send
from edge.config import BankConfig, Evidence, Mode
from edge.drivers.base import Observation
from edge.tokens import badge_tokens
from tests.edge.rig import BADGE_KEY, CLOUD_MS, CONFIG, Rig, only, sign

HOUR_MS = 3_600_000
ANA, BEN, CEM, NOBODY = "04A2246B1F9080", "04B2246B1F9080", "04C2246B1F9080", "04D2246B1F9080"
DRILL, SAW, LASER = "E200AA01", "E200AA02", "E200AA03"
EXPRESS = replace(CONFIG, mode=Mode.EXPRESS)
DOOR_ONLY = replace(CONFIG, evidence=Evidence.DOOR_ONLY)
PRESENCE = replace(CONFIG, evidence=Evidence.PRESENCE)
Body = dict[str, Any]


def token(uid: str) -> str:
    return badge_tokens(uid, (BADGE_KEY,))[0]


def right(type_: str = "drill", most: int = 1, hours: tuple[float, float] = (-1, 8)) -> Body:
    window = [CLOUD_MS + int(hour * HOUR_MS) for hour in hours]
    return {"type": type_, "most": most, "windows": [window]}


def content(asset: str = "drill-1", type_: str = "drill", tag: str | None = DRILL) -> Body:
    return {"asset": asset, "type": type_, "title": asset.replace("-", " ").title(), "tag": tag}


def held(asset: str = "saw-1", due_at: str | None = "2026-11-21T17:00:00Z", doors: tuple[int, ...] = (4,)) -> Body:
    return {"asset": asset, "title": asset.replace("-", " ").title(), "tag": SAW, "due_at": due_at, "doors": doors}


def person(*, rights: int = 0, most: int = 3, loans: tuple[Body, ...] = ()) -> Body:
    return {"display": "Ana", "language": "de", "most": most, "rights": rights, "loans": loans}


def body(**changes: Any) -> Body:
    """Ana may take one drill of the two that lie in doors 1 and 2; Ben has the saw; 3 and 4 are free."""
    told = {
        "version": "r1",
        "thing": "acme:hq-01",
        "made_ms": CLOUD_MS,
        "badges": {token(ANA): 0, token(BEN): 1},
        "people": [person(), person(rights=1, loans=(held(),))],
        "rights": [[right()], []],
        "doors": {"1": [content()], "2": [content("drill-2", tag=LASER)]},
        "free": [4, 3],
    }
    return told | changes


class OfflineRig(Rig):
    """A bank with a roster. What it sees fits the default roster unless told."""

    def __init__(self, config: BankConfig = CONFIG, db: sqlite3.Connection | None = None, **more: Any) -> None:
        super().__init__(config, db, **more)
        for door, tags in {1: (DRILL,), 2: (LASER,), 3: (), 4: ()}.items():
            self.see(door, *tags)

    def see(self, door: int, *tags: str, present: bool | None = None, is_open: bool = False) -> None:
        """Say what lies in a door; the sensors are those that the bank has."""
        inside = bool(tags) if present is None else present
        evidence = self.config.evidence
        self.seen[door] = Observation(
            is_open=is_open,
            present=None if evidence is Evidence.DOOR_ONLY else inside,
            tags=tags if evidence is Evidence.TAGS else None,
        )

    def promise(self, told: bytes, *, exp_ms: int | None = None, **claims: Any) -> list[Action]:
        exp_s = (CLOUD_MS + 24 * HOUR_MS if exp_ms is None else exp_ms) // 1000
        version = json.loads(told)["version"]
        signed = {"aud": "acme:hq-01", "version": version, "bytes": len(told), "exp": exp_s}
        return self.down("roster", manifest=sign(signed | {"sha256": hashlib.sha256(told).hexdigest()} | claims))

    def give(self, told: Body | None = None, *, exp_ms: int | None = None) -> None:
        """Let the bank have a roster: manifest, question, address, body."""
        raw = json.dumps(told or body()).encode()
        (asked,) = self.sent(self.promise(raw, exp_ms=exp_ms), "fetch")
        (fetch,) = only(self.down("fetch", re=asked["id"], url="https://bucket.example/roster"), Fetch)
        self.did(self.bank.on_fetched(fetch.sha256, raw, self.now()))

    def bank_ms(self) -> int:
        """Return the cloud's time as the bank reckons it."""
        cloud_ms = self.bank.base.cloud_ms(self.now())
        assert cloud_ms is not None
        return cloud_ms

    def lose_line(self) -> None:
        self.did(self.bank.on_disconnected(self.now()))

    def shows(self, uid: str) -> list[Action]:
        return self.did(self.bank.on_tap(uid, self.now()))

    def use(self, door: int, *tags: str) -> list[Action]:
        """Open an unlocked door, leave these tags inside, close it."""
        opening = self.move(door, is_open=True)
        self.see(door, *tags, is_open=True)
        return opening + self.move(door, is_open=False)

    def told(self, actions: list[Action] | None = None) -> list[tuple[int, str, str | None]]:
        """Return door, outcome and kind of what was reported of doors, whether sent or not."""
        reports = [action.report for action in only(self.all if actions is None else actions, Recorded)]
        bodies = [json.loads(report.body) for report in reports if report.kind == "door"]
        return [(each["door"], each["outcome"], each.get("offline", {}).get("kind")) for each in bodies]

    def back(self) -> list[Action]:
        """Come back on line and learn the time."""
        actions = self.connect()
        return actions + self.date(actions)

    def settle(self) -> list[Action]:
        """Acknowledge whatever is sent until nothing waits; return what was sent."""
        sent: list[Action] = []
        for _ in range(10_000):
            if not self.journal.waiting():
                return sent
            self.down("ack", re=None, ids=[send.id for send in only(self.all, Send)])
            sent += only(self.wait(0.2), Send)
        raise AssertionError("the journal never drains")


def alone(config: BankConfig = CONFIG, told: Body | None = None, **more: Any) -> OfflineRig:
    """A bank that has its roster, has nothing left to say, and loses its line."""
    rig = OfflineRig(config, **more)
    rig.ack(rig.boot())
    rig.give(told)
    rig.lose_line()
    return rig
