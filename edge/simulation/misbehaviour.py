"""What can go wrong on request: people, bolts, power and the network. One misbehaviour at a time per bank."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final

import msgspec

from edge.config import BankConfig
from edge.journal import Journal
from edge.link import Link, Listener

DELAY_S: Final = 3.0
GOODBYE_S: Final = 15.0
REPORTS: Final = frozenset({"door", "fault", "status", "alarm"})


class Misbehaviour(StrEnum):
    """Who or what misbehaves, and how."""

    NEVER_OPENS = "never_opens"
    NOTHING_MOVED = "nothing_moved"
    WRONG_THING = "wrong_thing"
    UNKNOWN_TAG = "unknown_tag"
    ANOTHER_DOOR = "another_door"
    LEFT_OPEN = "left_open"
    JAM = "jam"
    POWER_CUT_BEFORE_MARK = "power_cut_before_mark"
    POWER_CUT_BEFORE_PULSE = "power_cut_before_pulse"
    POWER_CUT_AFTER_PULSE = "power_cut_after_pulse"
    POWER_CUT_WHILE_OPEN = "power_cut_while_open"
    POWER_CUT_BEFORE_CLOSED = "power_cut_before_closed"
    POWER_CUT_AFTER_CLOSED = "power_cut_after_closed"
    DUPLICATE_REPORTS = "duplicate_reports"
    DELAYED_REPORTS = "delayed_reports"
    LOST_REPORTS = "lost_reports"


CUT_BEFORE: Final = {"use": Misbehaviour.POWER_CUT_BEFORE_MARK, "settle": Misbehaviour.POWER_CUT_BEFORE_CLOSED}
CUT_AFTER: Final = {"use": Misbehaviour.POWER_CUT_BEFORE_PULSE, "settle": Misbehaviour.POWER_CUT_AFTER_CLOSED}


class PowerCutError(Exception):
    """The controller stops here; everything that is not in the journal is gone."""


class Mischief:
    """The misbehaviour a bank shows at the moment, shared by its person, driver, journal and link."""

    def __init__(self) -> None:
        self.now: Misbehaviour | None = None
        self.plugged, self.unplugged = asyncio.Event(), asyncio.Event()
        self.plugged.set()

    def cable(self, *, plugged: bool) -> None:
        """Pull the network cable, or put it back."""
        (self.plugged.set if plugged else self.plugged.clear)()
        (self.unplugged.clear if plugged else self.unplugged.set)()

    @contextmanager
    def during(self, misbehaviour: Misbehaviour | None) -> Iterator[None]:
        """Misbehave for the length of a visit."""
        self.now = misbehaviour
        try:
            yield
        finally:
            self.now = None

    def spend(self, misbehaviour: Misbehaviour | None) -> bool:
        """Whether to misbehave so now; a power is cut, a bolt sticks, only once a visit."""
        if misbehaviour is None or self.now is not misbehaviour:
            return False
        self.now = None
        return True


class CutJournal(Journal):
    """A journal beside which the power may be cut, before or after a write reached the disk."""

    def __init__(self, db: sqlite3.Connection, mischief: Mischief) -> None:
        self._mischief = mischief
        super().__init__(db)

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        with super()._write(name):
            yield
            if self._mischief.spend(CUT_BEFORE.get(name)):
                raise PowerCutError(f"before {name}")
        if self._mischief.spend(CUT_AFTER.get(name)):
            raise PowerCutError(f"after {name}")


class MischievousLink(Link):
    """A link that doubles, delays or loses reports (what it loses once, arrives when it is repeated), with a cable."""

    def __init__(self, config: BankConfig, mischief: Mischief) -> None:
        super().__init__(config)
        self._mischief = mischief
        self._lost: set[str] = set()

    async def run(self, listener: Listener) -> None:
        """Keep the connection while the cable is plugged in (see `edge.link.Link.run`)."""
        while True:
            await self._mischief.plugged.wait()
            both = asyncio.create_task(super().run(listener)), asyncio.create_task(self._mischief.unplugged.wait())
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if both[0].done():
                    both[0].result()
            finally:
                await _end(*both)

    async def publish(self, kind: str, payload: bytes) -> None:
        """Publish, or misbehave (see `edge.link.Link.publish`)."""
        misbehaviour = self._mischief.now if kind in REPORTS else None
        if misbehaviour is Misbehaviour.LOST_REPORTS and self._loses(payload):
            return
        if misbehaviour is Misbehaviour.DELAYED_REPORTS:
            await asyncio.sleep(DELAY_S)
        if misbehaviour is Misbehaviour.DUPLICATE_REPORTS:
            await super().publish(kind, payload)
        await super().publish(kind, payload)

    def _loses(self, payload: bytes) -> bool:
        upload = msgspec.json.decode(payload, type=_OnlyId).id
        first = upload not in self._lost
        self._lost.add(upload)
        return first


async def _end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, again if need be: aiomqtt's goodbye may swallow it (python/cpython#86296)."""
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=GOODBYE_S)


class _OnlyId(msgspec.Struct):
    id: str
