"""G10: a bank without a line for 72 hours that then tells a cloud which loses, repeats and hangs up."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from edge.actions import Send, Unlock
from edge.journal import Journal, connect
from edge.uploads import AlarmKind
from tests.edge.rig import CLOUD_MS, only
from tests.edge.rosters import EXPRESS, HOUR_MS, OfflineRig, body, content, person, right, token

HOURS: Final = 72
PEOPLE: Final = 40
DOORS: Final = 8
LOST, ACK_LOST, REPEATED, HUNG_UP, POWER_CUT = 0.05, 0.05, 0.05, 0.003, 0.001


class QuickJournal(Journal):
    """A journal that does not wait for the disk: nobody pulls the plug of this machine."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        db.execute("PRAGMA synchronous=OFF")


@dataclass(frozen=True)
class Outage:
    """What came of it. `lost` and `out_of_order` have to be 0, as `unentitled`; sizes are bytes on the disk."""

    reports: int
    offline: int
    lost: int
    out_of_order: int
    unentitled: int
    largest_bytes: int
    after_bytes: int
    replay_s: float


def outage(reports: int, folder: Path, *, seed: int = 1) -> Outage:
    """Run one bank through it; the journal is a file in `folder`."""
    chance, path = Random(seed), folder / f"bank-{seed}.db"
    db = connect(path)
    rig = _bank(db)
    unentitled = _busy_days(rig, reports, chance)
    written = db.execute("SELECT id, offline FROM reports ORDER BY boot, seq").fetchall()
    largest = size_of(path)
    begun_ms = rig.mono_ms
    heard = _replayed(rig, chance)
    in_order = [id_ for id_, offline in written if offline]
    after = size_of(path)
    rig.journal.close()
    return Outage(
        reports=len(written),
        offline=len(in_order),
        lost=len({id_ for id_, _ in written} - {each["id"] for each in heard}),
        out_of_order=sum(
            told != happened
            for told, happened in zip((each["id"] for each in heard if "offline" in each), in_order, strict=False)
        ),
        unentitled=unentitled,
        largest_bytes=largest,
        after_bytes=after,
        replay_s=(rig.mono_ms - begun_ms) / 1000,
    )


def size_of(path: Path) -> int:
    """Return the bytes of a journal's file and of what lies beside it."""
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


def _uid(number: int) -> str:
    return f"{number:06X}"


def _roster() -> dict[str, Any]:
    """Half may take, for longer than the outage; the others' rights end after a day, or they have none."""
    kinds = [[right(most=10**6, hours=(-1, HOURS + 1))], [right(most=10**6, hours=(-1, 24))], []]
    return body(
        badges={token(_uid(number)): number for number in range(PEOPLE)},
        people=[person(rights=(0, 0, 1, 2)[number % 4], most=10**6) for number in range(PEOPLE)],
        rights=kinds,
        doors={str(door): [content(f"drill-{door}", tag=f"E2{door:04d}")] for door in range(1, DOORS)},
        free=[DOORS],
    )


def _bank(db: sqlite3.Connection) -> OfflineRig:
    rig = OfflineRig(replace(EXPRESS, doors=DOORS), db, journal=QuickJournal)
    for door in range(1, DOORS):
        rig.see(door, f"E2{door:04d}")
    rig.see(DOORS)
    rig.ack(rig.boot())
    rig.give(_roster(), exp_ms=CLOUD_MS + (HOURS + 1) * HOUR_MS)
    rig.lose_line()
    return rig


def _busy_days(rig: OfflineRig, reports: int, chance: Random) -> int:
    """Let people come until so many reports are written; return how many doors opened for whom nothing entitled."""
    unentitled, visit, step_ms = (
        0,
        0,
        HOURS * HOUR_MS // (reports * 2),
    )  # one visit in two opens a door, and tells two things
    tags: dict[int, str] = {}
    while rig.journal.waiting() < reports:
        visit += 1
        rig.mono_ms += step_ms
        number = chance.randrange(PEOPLE + 4)
        rig.all.clear()
        if chance.random() < 0.01:
            rig.did(rig.bank.on_alarm(AlarmKind.TAMPER, rig.now()))
        for unlock in only(rig.shows(_uid(number)), Unlock):
            taking = unlock.purpose == "take"
            over = number % 4 == 2 and rig.mono_ms >= 24 * HOUR_MS
            unentitled += number >= PEOPLE or (taking and (over or number % 4 == 3))
            _moves_thing(rig, unlock.door, tags, number, taking=taking)
    return unentitled


def _moves_thing(rig: OfflineRig, door: int, tags: dict[int, str], number: int, *, taking: bool) -> None:
    rig.move(door, is_open=True)
    if taking:
        tags[number] = (rig.seen[door].tags or ("",))[0]
        rig.see(door, is_open=True)
    else:
        rig.see(door, tags.pop(number), is_open=True)
    rig.move(door, is_open=False)


def _replayed(rig: OfflineRig, chance: Random) -> list[dict[str, Any]]:
    """Let the bank tell everything to a cloud that is not at its best; return what was heard, each report once."""
    heard: dict[str, dict[str, Any]] = {}
    rig.all.clear()
    rig.back()
    while rig.journal.waiting():
        for send in _sent(rig):
            told = json.loads(send.payload)
            if "seq" not in told or chance.random() < LOST:
                continue
            heard.setdefault(told["id"], told)
            for _ in range(1 + (chance.random() < REPEATED)):
                if chance.random() >= ACK_LOST:
                    rig.down("ack", re=None, ids=[send.id])
        fate = chance.random()
        if fate < POWER_CUT:
            rig.boot()
        elif fate < POWER_CUT + HUNG_UP:
            rig.lose_line()
            rig.wait(30)
            rig.back()
        rig.wait(0.1)
    return list(heard.values())


def _sent(rig: OfflineRig) -> Iterator[Send]:
    sends, rig.all = only(rig.all, Send), []
    return iter(sends)
