"""The journal's file: the step from version 1, its size over 72 hours, and whatever of it survives a power cut."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from edge import schema
from edge.journal import Draft, Journal, JournalError, UsedGrant

VERSION_1 = """
CREATE TABLE boots (boot INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE reports (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
  mono_ms INTEGER NOT NULL, cloud_ms INTEGER, body BLOB NOT NULL, UNIQUE (boot, seq));
CREATE TABLE used (
  grant_id TEXT PRIMARY KEY, door INTEGER NOT NULL, cloud_ms INTEGER NOT NULL, settled INTEGER NOT NULL);
CREATE INDEX unsettled ON used (settled) WHERE settled = 0;
CREATE TABLE open_doors (door INTEGER PRIMARY KEY);
INSERT INTO boots VALUES (7);
INSERT INTO reports VALUES ('a', 'door', 7, 1, 't', 5, NULL, CAST('{"door": 3, "grant": "g1"}' AS BLOB));
INSERT INTO reports VALUES ('b', 'alarm', 7, 2, 't', 6, 9, CAST('{"kind": "tamper"}' AS BLOB));
INSERT INTO used VALUES ('g1', 3, 5, 1);
INSERT INTO used VALUES ('g2', 4, 5, 0);
INSERT INTO open_doors VALUES (3);
PRAGMA user_version = 1;
"""
KIB = 1_024
REPORT = b'{"door":12,"grant":null,"outcome":"closed","opened_ms":8123,"closed_ms":0,"evidence":"tags","present":true,'
REPORT += b'"tags":["E28011606000020612345678"],"offline":{"kind":"return","badge":"1.' + b"x" * 43
REPORT += b'","asset":"makita-ddf485-0042","roster":"01KABCDEFGHJKMNPQRSTVWXYZ0"}}'


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.executescript(VERSION_1)
    db.close()
    return path


def drafts(count: int, first: int = 0) -> list[Draft]:
    ids = (f"01KABCDEFGHJKMNPQR{number:08d}" for number in range(first, first + count))
    at = "2026-11-21T09:00:00.000Z"
    return [Draft(id=id_, kind="door", at=at, mono_ms=1, cloud_ms=2, body=REPORT, door=12, offline=True) for id_ in ids]


def size_of(path: Path) -> int:
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


def test_a_journal_of_version_1_keeps_all_it_knew(old: Path) -> None:
    journal = Journal.open(old)
    assert journal.boot == 8
    assert journal.pending() == ["a", "b"]
    assert journal.pending(offline=True) == []
    assert [journal.find(id_).door for id_ in ("a", "b")] == [3, None]
    assert (journal.is_used("g1"), journal.unsettled()) == (True, [UsedGrant(grant="g2", door=4, cloud_ms=5)])
    assert journal.open_doors() == {3}
    assert list(journal.moved()) == [3]  # what the cloud has not heard of it yet
    journal.close()


def test_the_step_is_taken_once_and_the_file_can_shrink_from_then_on(old: Path) -> None:
    for boot in (8, 9):
        journal = Journal.open(old)
        pragmas = [journal._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "auto_vacuum")]
        assert (journal.boot, pragmas) == (boot, [schema.SCHEMA_VERSION, 2])
        journal.close()


def test_a_new_file_and_an_old_one_have_the_same_tables(old: Path, tmp_path: Path) -> None:
    tables = []
    for path in (old, tmp_path / "new.db"):
        journal = Journal.open(path)
        names = [name for (name,) in journal._db.execute("SELECT name FROM sqlite_master ORDER BY name")]
        columns = sorted(tuple(row[1:4]) for row in journal._db.execute("PRAGMA table_info(reports)"))
        tables.append((names, columns))
        journal.close()
    assert tables[0] == tables[1]


def test_the_step_happens_as_a_whole_or_not_at_all(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_MOVED_BEFORE", "INSERT INTO nowhere VALUES (1);")
    with pytest.raises(JournalError):
        Journal.open(old)
    monkeypatch.undo()
    journal = Journal.open(old)
    assert journal.pending() == ["a", "b"]
    journal.close()


def test_ten_thousand_reports_take_no_more_than_is_promised(tmp_path: Path) -> None:
    """docs/mqtt.md promises 1 KiB a report, beside 2 MiB for the file itself and its log."""
    path = tmp_path / "journal.db"
    journal = Journal.open(path)
    for first in range(0, 10_000, 100):
        journal.append(drafts(100, first), door=(12, True))
    assert size_of(path) <= 10_000 * KIB + 2 * KIB * KIB
    journal.close()


def test_what_was_acknowledged_gives_its_room_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal.open(path)
    for first in range(0, 1_000, 100):
        journal.append(drafts(100, first))
    for id_ in journal.pending():
        journal.acknowledge([id_], cloud_ms=3)
    journal.close()
    assert size_of(path) <= (schema.FREE_PAGES_KEPT + 20) * 4 * KIB
    journal = Journal.open(path)
    assert journal.depth() == 0
    journal.close()


def test_the_log_beside_the_file_stays_short(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = Journal.open(path)
    for number in range(200):
        journal.keep_roster("token", bytes([number % 256]) * 100 * KIB, made_ms=number)
    assert Path(f"{path}-wal").stat().st_size <= 2 * schema.WAL_BYTES
    assert size_of(path) < 4 * KIB * KIB
    journal.close()


WRITER = """
import sys
from pathlib import Path
from edge.journal import Draft, Journal, UsedGrant
journal = Journal.open(Path(sys.argv[1]))
print(flush=True)
for number in range(100_000):
    grant = f"offline:{journal.boot}-{number}"
    journal.use(UsedGrant(grant=grant, door=number % 64 + 1, cloud_ms=1), b"{}")
    print("pulse", grant, flush=True)
    draft = Draft(id=f"r{journal.boot}-{number}", kind="door", at="t", mono_ms=1, cloud_ms=1, body=b"{}", offline=True)
    journal.append([draft], settles=grant, door=(number % 64 + 1, False))
    print("told", draft.id, flush=True)
    if number % 3 == 0:
        journal.acknowledge([draft.id], cloud_ms=2)
        print("forgot", draft.id, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 7, 40, 200])
def test_a_killed_process_leaves_a_journal_that_opens_and_knows_every_pulse(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "journal.db"
    said: list[tuple[str, str]] = []
    for _ in range(2):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        writer.stdout.readline()
        said += [tuple(writer.stdout.readline().split()) for _ in range(lines)]
        os.kill(writer.pid, signal.SIGKILL)
        said += [tuple(line.split()) for line in writer.stdout.read().splitlines() if len(line.split()) == 2]
        writer.stdout.close()
        writer.wait()
    journal = Journal.open(path)
    pulsed = [grant for what, grant in said if what == "pulse"]
    told = {id_ for what, id_ in said if what == "told"}
    forgotten = {id_ for what, id_ in said if what == "forgot"}
    assert all(journal.is_used(grant) for grant in pulsed)
    assert told - forgotten <= set(journal.pending())
    with pytest.raises(JournalError, match="no second pulse"):
        journal.use(UsedGrant(grant=pulsed[-1], door=1, cloud_ms=1))
    journal.close()


def written(folder: Path) -> tuple[list[str], list[tuple[int, int]]]:
    """Use grants one after the other without folding the log back; return them and the log's size after each."""
    journal = Journal.open(folder / "journal.db")
    journal._db.execute("PRAGMA wal_autocheckpoint=0")
    grants, sizes = [], []
    for number in range(8):
        grants.append(f"offline:{number}")
        journal.use(UsedGrant(grant=grants[-1], door=1, cloud_ms=1), b"{}")
        sizes.append((number, (folder / "journal.db-wal").stat().st_size))
        if number % 2:
            draft = Draft(id=f"r{number}", kind="door", at="t", mono_ms=1, cloud_ms=1, body=b"{}", offline=True)
            journal.append([draft], settles=grants[-1], door=(1, False))
    (folder / "cut").mkdir()
    for file in ("journal.db", "journal.db-wal"):
        shutil.copy(folder / file, folder / "cut" / file)
    journal.close()
    return grants, sizes


def test_whatever_prefix_of_the_log_survives_the_journal_opens_and_knows_what_was_promised_by_then(
    tmp_path: Path,
) -> None:
    grants, sizes = written(tmp_path)
    log = (tmp_path / "cut" / "journal.db-wal").read_bytes()
    steps = {0, 1, 31, 32, 33, len(log) - 1, len(log), *range(0, len(log), 9_973)}
    for at in sorted(steps | {size + more for _, size in sizes for more in (-1, 0, 1) if size + more <= len(log)}):
        cut = tmp_path / f"at-{at}"
        cut.mkdir()
        shutil.copy(tmp_path / "cut" / "journal.db", cut / "journal.db")
        (cut / "journal.db-wal").write_bytes(log[:at])
        journal = Journal.open(cut / "journal.db")
        promised = [grants[number] for number, size in sizes if size <= at]
        assert all(journal.is_used(grant) for grant in promised), at
        known = [grant for grant in grants if journal.is_used(grant)]
        assert known == grants[: len(known)], at
        assert {dealt.grant for dealt in journal.dealings()} == set(known), at
        journal.close()
        shutil.rmtree(cut)


def test_a_log_whose_tail_is_garbage_is_as_good_as_its_beginning(tmp_path: Path) -> None:
    grants, sizes = written(tmp_path)
    log = (tmp_path / "cut" / "journal.db-wal").read_bytes()
    half = sizes[3][1]
    (tmp_path / "cut" / "journal.db-wal").write_bytes(log[:half] + bytes(reversed(log[half:])))
    journal = Journal.open(tmp_path / "cut" / "journal.db")
    assert [grant for grant in grants if journal.is_used(grant)] == grants[:4]
    journal.close()
