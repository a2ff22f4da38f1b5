import asyncio

import msgspec
import pytest

from edge.actions import Forgotten, Lock, Recorded, Rostered, Send, Show, Unlock
from edge.commands import Purpose
from edge.config import Evidence
from edge.display import OFFLINE, Choosing, Idle
from edge.journal import Report
from edge.lines import KEPT, Lines, wording
from edge.messages import Session
from edge.uploads import AlarmKind, AlarmReport, DoorReport, Outcome, StatusReport, kind_of
from tests.edge.rig import EPOCH


def recorded(body: msgspec.Struct) -> Recorded:
    encoded = msgspec.json.encode(body)
    return Recorded(
        report=Report(id="U", kind=kind_of(body), at="", mono_ms=0, cloud_ms=0, body=encoded, boot=1, seq=1)
    )


def door(**seen: object) -> Recorded:
    return recorded(DoorReport(door=3, grant="g", outcome=Outcome.LEFT_OPEN, **seen))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Send(kind="tap", id="U", payload=b""), ("tap", "a badge was tapped")),
        (Send(kind="time", id="U", payload=b""), None),
        (Unlock(door=3, grant="g", purpose=Purpose.TAKE), ("door", "door 3 unlocks (take)")),
        (door(), ("door", "door 3 left open")),
        (door(evidence=Evidence.TAGS, present=True, tags=("A", "B")), ("door", "door 3 left open, 2 tags inside")),
        (door(present=True), ("door", "door 3 left open, something inside")),
        (door(present=False), ("door", "door 3 left open, empty")),
        (recorded(AlarmReport(kind=AlarmKind.TAMPER)), ("alarm", "alarm: tamper")),
        (recorded(StatusReport(firmware="", uptime_s=0, journal_depth=0, doors={}, tags={})), None),
        (Show(screen=Choosing(session=Session(session="S"))), ("session", "0 options")),
        (Show(screen=OFFLINE), ("notice", f"{OFFLINE.text} [offline]")),
        (Show(screen=Idle()), None),
        (Forgotten(ids=("U",), rejected={"U": "bad"}), ("rejected", "1 reports rejected: bad")),
        (Forgotten(ids=("U",), rejected={}), None),
        (Rostered(version="r1"), ("roster", "what it may lend without a network is known anew")),
        (Lock(door=3), None),
    ],
)
def test_what_is_worth_a_line_has_one(action: object, expected: tuple[str, str] | None) -> None:
    assert wording(action) == expected  # type: ignore[arg-type]


async def test_lines_are_numbered_and_asked_for_from_a_number_on() -> None:
    lines = Lines()
    for text in "abc":
        lines.write("hq-01", "door", text, EPOCH)
    assert [(line.number, line.text) for line in await lines.after(1, wait_s=0)] == [(2, "b"), (3, "c")]
    assert (await lines.after(0, wait_s=0))[0].at == "2026-11-21T09:00:00.000Z"


async def test_whoever_waits_gets_the_next_line_or_nothing() -> None:
    lines = Lines()
    waiting = asyncio.create_task(lines.after(0, wait_s=60))
    await asyncio.sleep(0)
    lines.write("hq-01", "door", "a", EPOCH)
    assert [line.text for line in await waiting] == ["a"]
    assert await lines.after(1, wait_s=0.01) == []


async def test_only_the_last_thousand_are_kept() -> None:
    lines = Lines()
    for number in range(KEPT + 1):
        lines.write("hq-01", "door", str(number), EPOCH)
    assert len(await lines.after(0, wait_s=0)) == KEPT
