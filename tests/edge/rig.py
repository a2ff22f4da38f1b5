"""A bank without asyncio, network or hardware: its machine, a journal in memory, a clock that tests move, a cloud."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import jwt
from ulid import ULID

from edge.actions import Action, Read, Send, Show, Survey, Unlock
from edge.bank import Bank, Chance
from edge.clock import Now
from edge.config import BadgeKey, BankConfig, Evidence, Mode
from edge.display import Screen
from edge.drivers.base import Observation
from edge.journal import Journal

UID = "04A2246B1F9080"
COMMAND_KEY = bytes(range(32, 64))
BADGE_KEY = BadgeKey(version="1", key=bytes(range(32)))
CONFIG = BankConfig(
    org="acme",
    bank="hq-01",
    host="localhost",
    port=8883,
    ca=Path("ca.pem"),
    cert=Path("cert.pem"),
    key=Path("key.pem"),
    command_keys={"1": COMMAND_KEY},
    badge_keys=(BADGE_KEY,),
    doors=4,
    evidence=Evidence.TAGS,
    mode=Mode.KIOSK,
    journal=Path("journal.db"),
)
EPOCH = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CLOUD_MS = int(EPOCH.timestamp() * 1000)  # the cloud's time when the rig's monotonic clock shows 0

Wanted = TypeVar("Wanted", bound=Action)


def only(actions: list[Action], kind: type[Wanted]) -> list[Wanted]:
    return [action for action in actions if isinstance(action, kind)]


def sign(claims: dict[str, Any], *, key: bytes = COMMAND_KEY, kid: str = "1") -> str:
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})


def chance() -> Chance:
    numbers = count(1)
    return Chance(
        new_id=lambda: str(ULID.from_int(next(numbers))),
        new_nonce=lambda: f"nonce-{next(numbers)}",
        jitter=lambda: 0.0,
    )


class Rig:
    """Drives one bank; `boot` makes a new one on the same journal, as a power cut does."""

    def __init__(
        self,
        config: BankConfig = CONFIG,
        db: sqlite3.Connection | None = None,
        journal: Callable[[sqlite3.Connection], Journal] = Journal,
    ) -> None:
        self.config = config
        self.db = db or sqlite3.connect(":memory:")
        self._journal = journal
        self.mono_ms = 0
        self.chance = chance()
        self.seen = {door: Observation(is_open=False, present=False, tags=()) for door in config.door_numbers}
        self.journal: Journal
        self.bank: Bank
        self.all: list[Action] = []

    def now(self) -> Now:
        return Now(mono_ms=self.mono_ms, wall=EPOCH + timedelta(milliseconds=self.mono_ms))

    @property
    def cloud_s(self) -> float:
        return (CLOUD_MS + self.mono_ms) / 1000

    def boot(self, *, connect: bool = True, dated: bool = True) -> list[Action]:
        self.journal = self._journal(self.db)
        self.bank = Bank(self.config, self.journal, started=self.now(), chance=self.chance)
        actions = self.did(self.bank.starts(self.seen, self.now()))
        if connect:
            actions += self.connect()
        if connect and dated:
            actions += self.date(actions)
        return actions

    def connect(self) -> list[Action]:
        return self.did(self.bank.on_connected(self.now()))

    def date(self, actions: list[Action]) -> list[Action]:
        """Answer the request for the time among `actions`."""
        nonce = self.sent(actions, "time")[-1]["nonce"]
        return self.down("time", time=sign({"nonce": nonce, "now": CLOUD_MS + self.mono_ms}))

    def did(self, actions: list[Action]) -> list[Action]:
        """Answer surveys and sensor reads at once, as quick hardware would."""
        self.all += actions
        for action in list(actions):
            match action:
                case Survey(begun_ms=begun_ms):
                    self.mono_ms += 1
                    actions = actions + self.did(self.bank.on_survey(begun_ms, self.seen, self.now()))
                case Read(door=door, cycle=cycle):
                    actions = actions + self.did(self.bank.on_observed(door, cycle, self.seen[door], self.now()))
        return actions

    def down(self, kind: str, **body: Any) -> list[Action]:
        return self.did(self.bank.on_message(kind, json.dumps(body).encode(), self.now()))

    def tap(self, uid: str = UID) -> str:
        """Tap and return the upload's id."""
        sends = only(self.did(self.bank.on_tap(uid, self.now())), Send)
        return sends[0].id

    def claims(self, re: str | None, **changes: Any) -> dict[str, Any]:
        iat = self.cloud_s
        claims = {"jti": "g1", "aud": "acme:hq-01", "door": 3, "purpose": "take", "re": re, "iat": iat, "exp": iat + 30}
        return claims | changes

    def command(self, re: str | None, **changes: Any) -> list[Action]:
        return self.down("open", re=re, command=sign(self.claims(re, **changes)))

    def tap_and_open(self, **changes: Any) -> list[Action]:
        return self.command(self.tap(), **changes)

    def move(self, door: int, *, is_open: bool) -> list[Action]:
        self.seen[door] = replace(self.seen[door], is_open=is_open)
        return self.did(self.bank.on_moved(door, self.now(), is_open=is_open))

    def wait(self, seconds: float) -> list[Action]:
        """Let time pass, ticking whenever the bank asks to be ticked."""
        actions: list[Action] = []
        end_ms = self.mono_ms + int(seconds * 1000)
        while (due_ms := self.bank.due_at_ms()) is not None and due_ms <= end_ms:
            ticked_ms = self.mono_ms = max(self.mono_ms, due_ms)
            actions += self.did(self.bank.ticks(self.now()))
            next_ms = self.bank.due_at_ms()
            assert next_ms is None or next_ms > ticked_ms, "a bank that is due at once again would never sleep"
        self.mono_ms = end_ms
        return actions

    def ack(self, actions: list[Action]) -> list[Action]:
        return self.down("ack", re=None, ids=[send.id for send in only(actions, Send)])

    @staticmethod
    def sent(actions: list[Action], kind: str) -> list[dict[str, Any]]:
        return [json.loads(send.payload) for send in only(actions, Send) if send.kind == kind]

    @staticmethod
    def screens(actions: list[Action]) -> list[Screen]:
        return [show.screen for show in only(actions, Show)]

    @staticmethod
    def pulses(actions: list[Action]) -> list[int]:
        return [unlock.door for unlock in only(actions, Unlock)]


def ready() -> Rig:
    """A bank that booted, connected, knows the time, and has nothing left to say."""
    rig = Rig()
    rig.ack(rig.boot())
    return rig
