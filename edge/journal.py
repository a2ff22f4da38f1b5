"""What must survive a power cut: reports until the cloud has them, used grants forever enough, which doors stood open.

SQLite with a write-ahead log and `synchronous=FULL`: a write that returned is on the disk. Every change is one
transaction through `_write`, so a cut falls before it or after it and never inside (safety.md I7, I8, threat 10).
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

SCHEMA_VERSION: Final = 1
KEEP_USED_MS: Final = 7 * 86_400_000  # a signature lives 30 s; a week leaves room for any mistake about time
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS boots (boot INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS reports (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
  mono_ms INTEGER NOT NULL, cloud_ms INTEGER, body BLOB NOT NULL, UNIQUE (boot, seq));
CREATE TABLE IF NOT EXISTS used (
  grant_id TEXT PRIMARY KEY, door INTEGER NOT NULL, cloud_ms INTEGER NOT NULL, settled INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS unsettled ON used (settled) WHERE settled = 0;
CREATE TABLE IF NOT EXISTS open_doors (door INTEGER PRIMARY KEY);
"""


class JournalError(RuntimeError):
    """The journal cannot be trusted, so no door may open. Says what to do next."""


@dataclass(frozen=True, kw_only=True)
class UsedGrant:
    """A grant that was spent at a door; `cloud_ms` is when, by the cloud's time."""

    grant: str
    door: int
    cloud_ms: int


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A report about to be journalled. `mono_ms` is its event on this boot's clock, `cloud_ms` the same if known."""

    id: str
    kind: str
    at: str
    mono_ms: int
    cloud_ms: int | None
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Report(Draft):
    """A journalled report; `seq` counts from 1 within `boot`."""

    boot: int
    seq: int


class Journal:
    """The durable memory of one bank. Making one is a boot: it takes the next boot number.

    Raises JournalError when the file is damaged, from a newer version, or in use by another controller.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._seq = 0
        try:
            self._prepare()
            with self._write("boot"):
                self.boot = int(self._db.execute("INSERT INTO boots DEFAULT VALUES").lastrowid or 0)
                self._db.execute("DELETE FROM boots WHERE boot < ?", (self.boot,))
        except sqlite3.Error as error:
            raise JournalError(
                f"journal unusable ({error}): stop the other controller, or move the file away "
                "and enrol the bank again so that old commands lose their key"
            ) from error

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the journal at `path` and count a boot."""
        return cls(connect(path))

    def close(self) -> None:
        """Let go of the file. What was written stays written."""
        self._db.close()

    def append(
        self, drafts: Sequence[Draft], *, settles: str | None = None, door: tuple[int, bool] | None = None
    ) -> list[Report]:
        """Number and store reports; in the same transaction settle a grant and remember whether a door is open."""
        reports = [
            Report(**vars(draft), boot=self.boot, seq=self._seq + number) for number, draft in enumerate(drafts, 1)
        ]
        with self._write("append" if settles is None else "settle"):
            self._insert(reports)
            if settles is not None:
                self._db.execute("UPDATE used SET settled = 1 WHERE grant_id = ?", (settles,))
            if door is not None:
                self._set_door(*door)
        self._seq += len(reports)
        return reports

    def use(self, used: UsedGrant) -> None:
        """Mark a grant used, before its pulse. Raises JournalError when it already was."""
        try:
            with self._write("use"):
                self._mark(used, settled=False)
        except sqlite3.IntegrityError as error:
            raise JournalError("grant already used: no second pulse") from error

    def burn(self, used: UsedGrant, draft: Draft) -> Report:
        """Mark a grant used that will never open its door, together with the report that says so."""
        report = Report(**vars(draft), boot=self.boot, seq=self._seq + 1)
        with self._write("burn"):
            self._mark(used, settled=True)
            self._insert([report])
        self._seq += 1
        return report

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Forget reports that the cloud has committed, or rejected for good."""
        with self._write("acknowledge"):
            self._db.executemany("DELETE FROM reports WHERE id = ?", [(id_,) for id_ in ids])

    def remember_door(self, door: int, *, is_open: bool) -> None:
        """Remember that a door stands open (and is explained), or is closed again."""
        with self._write("door"):
            self._set_door(door, is_open)

    def date(self, ahead_ms: int, cloud_ms: int) -> None:
        """Give this boot's undated reports their cloud time (`mono_ms` + `ahead_ms`); drop marks older than a week."""
        with self._write("date"):
            self._db.execute(
                "UPDATE reports SET cloud_ms = mono_ms + ? WHERE boot = ? AND cloud_ms IS NULL", (ahead_ms, self.boot)
            )
            self._db.execute("DELETE FROM used WHERE settled = 1 AND cloud_ms < ?", (cloud_ms - KEEP_USED_MS,))

    def is_used(self, grant: str) -> bool:
        """Whether the grant was ever spent or burnt here."""
        return self._db.execute("SELECT 1 FROM used WHERE grant_id = ?", (grant,)).fetchone() is not None

    def unsettled(self) -> list[UsedGrant]:
        """Return used grants whose door's story has no end yet."""
        rows = self._db.execute("SELECT grant_id, door, cloud_ms FROM used WHERE settled = 0 ORDER BY rowid")
        return [UsedGrant(grant=grant, door=door, cloud_ms=cloud_ms) for grant, door, cloud_ms in rows]

    def open_doors(self) -> frozenset[int]:
        """Return doors that were last known to stand open."""
        return frozenset(door for (door,) in self._db.execute("SELECT door FROM open_doors"))

    def depth(self) -> int:
        """Return reports not yet acknowledged plus used grants without a final report (`journal_depth`)."""
        sql = "SELECT (SELECT count(*) FROM reports) + (SELECT count(*) FROM used WHERE settled = 0)"
        return int(self._db.execute(sql).fetchone()[0])

    def pending(self) -> list[str]:
        """Return the ids of reports not yet acknowledged, oldest first."""
        return [id_ for (id_,) in self._db.execute("SELECT id FROM reports ORDER BY boot, seq")]

    def find(self, id_: str) -> Report | None:
        """Return one report, or None once it is forgotten."""
        sql = "SELECT id, kind, at, mono_ms, cloud_ms, body, boot, seq FROM reports WHERE id = ?"
        row = self._db.execute(sql, (id_,)).fetchone()
        names = ("id", "kind", "at", "mono_ms", "cloud_ms", "body", "boot", "seq")
        return None if row is None else Report(**dict(zip(names, row, strict=True)))

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        """One durable transaction. `name` tells power-cut tests which one it is."""
        del name
        with self._db:
            yield

    def _prepare(self) -> None:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL", "fullfsync=1"):
            self._db.execute(f"PRAGMA {pragma}")
        if self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("the file is damaged")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, SCHEMA_VERSION}:
            raise sqlite3.DatabaseError(f"schema {version} is not {SCHEMA_VERSION}")
        self._db.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")

    def _insert(self, reports: Iterable[Report]) -> None:
        columns = "(:id, :kind, :boot, :seq, :at, :mono_ms, :cloud_ms, :body)"
        self._db.executemany(
            f"INSERT INTO reports (id, kind, boot, seq, at, mono_ms, cloud_ms, body) VALUES {columns}",  # noqa: S608
            [vars(report) for report in reports],
        )

    def _mark(self, used: UsedGrant, *, settled: bool) -> None:
        self._db.execute("INSERT INTO used VALUES (?, ?, ?, ?)", (used.grant, used.door, used.cloud_ms, settled))

    def _set_door(self, door: int, is_open: bool) -> None:  # noqa: FBT001 - a stored column, not a switch
        sql = "INSERT OR IGNORE INTO open_doors VALUES (?)" if is_open else "DELETE FROM open_doors WHERE door = ?"
        self._db.execute(sql, (door,))


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to a journal's file, made with its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite3.connect(path, timeout=1)
