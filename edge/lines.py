"""Readable event lines: what the banks of a fleet do, for people who watch. Never a UID, a token or a key."""

import asyncio
from collections import deque
from datetime import datetime
from typing import Final

import msgspec

from edge.actions import Action, Forgotten, Recorded, Rostered, Send, Show, Unlock
from edge.display import Choosing, Message, Screen
from edge.journal import Report
from edge.uploads import AlarmReport, DoorReport, rfc3339

KEPT: Final = 1_000


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One event; `number` counts from 1 for the life of the fleet."""

    number: int
    at: str
    bank: str
    kind: str
    text: str


class Lines:
    """The last thousand lines, and a way to wait for the next."""

    def __init__(self) -> None:
        self._kept: deque[Line] = deque(maxlen=KEPT)
        self._written = 0
        self._more = asyncio.Event()

    def write(self, bank: str, kind: str, text: str, at: datetime) -> None:
        """Add a line and wake whoever waits."""
        self._written += 1
        self._kept.append(Line(number=self._written, at=rfc3339(at), bank=bank, kind=kind, text=text))
        self._more.set()
        self._more = asyncio.Event()

    def of(self, bank: str, most: int) -> list[Line]:
        """Return the last lines of one bank, newest first."""
        return [line for line in reversed(self._kept) if line.bank == bank][:most]

    async def after(self, number: int, *, wait_s: float) -> list[Line]:
        """Return the lines after `number`, waiting for one when there is none."""
        try:
            async with asyncio.timeout(wait_s):
                while self._written <= number:
                    await self._more.wait()
        except TimeoutError:
            return []
        return [line for line in self._kept if line.number > number]


def wording(action: Action) -> tuple[str, str] | None:
    """Return kind and text of an action worth a line."""
    match action:
        case Send(kind="tap"):
            return "tap", "a badge was tapped"
        case Unlock(door=door, purpose=purpose):
            return "door", f"door {door} unlocks ({purpose})"
        case Recorded(report=report):
            return _report(report)
        case Show(screen=screen):
            return _screen(screen)
        case Rostered():
            return "roster", "what it may lend without a network is known anew"
        case Forgotten(rejected=rejected) if rejected:
            return "rejected", f"{len(rejected)} reports rejected: {', '.join(sorted(set(rejected.values())))}"
        case _:
            return None


def _report(report: Report) -> tuple[str, str] | None:
    if report.kind == "alarm":
        return "alarm", f"alarm: {msgspec.json.decode(report.body, type=AlarmReport).kind}"
    return ("door", _door(msgspec.json.decode(report.body, type=DoorReport))) if report.kind == "door" else None


def _screen(screen: Screen) -> tuple[str, str] | None:
    match screen:
        case Choosing(session=session):
            return "session", f"{len(session.options)} options"
        case Message(code=code, text=text):
            return "notice", f"{text} [{code}]"
        case _:
            return None


def _door(told: DoorReport) -> str:
    seen = ""
    if told.tags is not None:
        seen = f", {len(told.tags)} tags inside"
    elif told.present is not None:
        seen = ", something inside" if told.present else ", empty"
    return f"door {told.door} {told.outcome.replace('_', ' ')}{seen}"
