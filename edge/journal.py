"""What must survive a power cut: reports until the cloud has them, used grants forever enough, what doors did.

Also what was lent and taken back without the cloud, and the roster by which that was done.
SQLite with a write-ahead log and `synchronous=FULL`: a write that returned is on the disk. Every change is one
transaction through `_write`, so a cut falls before it or after it and never inside (safety.md I7, I8, threat 10).
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from edge.schema import give_back, prepare

KEEP_USED_MS: Final = 7 * 86_400_000  # a signature lives 30 s; a week leaves room for any mistake about time
_COLUMNS: Final = ("id", "kind", "at", "mono_ms", "cloud_ms", "body", "door", "offline", "boot", "seq")


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
    """A report about to be journalled. `mono_ms` is its event on this boot's clock, `cloud_ms` the same if known.

    `door` is the one it is about; `offline` that the bank decided by itself, so that its place among others counts.
    """

    id: str
    kind: str
    at: str
    mono_ms: int
    cloud_ms: int | None
    body: bytes
    door: int | None = None
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Report(Draft):
    """A journalled report; `seq` counts from 1 within `boot`."""

    boot: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class Dealt:
    """What was lent or taken back offline, as it was written (`body`).

    `final` is the report that ended it; `known_ms` when the cloud is known to have that, by its time.
    """

    grant: str
    body: bytes
    final: str | None = None
    known_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A door that moved: the `report` that told of it, and since when the cloud knows all that was told of the door."""

    report: str | None
    known_ms: int | None


class Journal:
    """The durable memory of one bank. Making one is a boot: it takes the next boot number.

    Raises JournalError when the file is damaged, from a newer version, or in use by another controller.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._seq = 0
        try:
            prepare(self._db)
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
        db = connect(path)
        try:
            return cls(db)
        except JournalError:
            db.close()
            raise

    def close(self) -> None:
        """Let go of the file. What was written stays written."""
        self._db.close()

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        settles: str | None = None,
        door: tuple[int, bool] | None = None,
        void: bool = False,
    ) -> list[Report]:
        """Number and store reports; in the same transaction settle a grant and remember whether a door is open.

        `void` says of an offline dealing that nothing changed hands, so that it is forgotten.
        """
        reports = [
            Report(**vars(draft), boot=self.boot, seq=self._seq + number) for number, draft in enumerate(drafts, 1)
        ]
        with self._write("append" if settles is None else "settle"):
            self._insert(reports)
            if settles is not None:
                self._settle(settles, reports[-1].id, void=void)
            if door is not None:
                self._set_door(*door, report=reports[-1].id)
        self._seq += len(reports)
        return reports

    def use(self, used: UsedGrant, dealing: bytes | None = None) -> None:
        """Mark a grant used, before its pulse, with what is dealt where the bank decided by itself.

        Raises JournalError when it already was.
        """
        try:
            with self._write("use"):
                self._mark(used, settled=False)
                if dealing is not None:
                    self._db.execute("INSERT INTO dealings (grant_id, body) VALUES (?, ?)", (used.grant, dealing))
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

    def acknowledge(self, ids: Sequence[str], cloud_ms: int | None = None) -> None:
        """Forget reports that the cloud has committed, or rejected for good, at `cloud_ms` of its time (if known)."""
        with self._write("acknowledge"):
            self._db.executemany("DELETE FROM reports WHERE id = ?", [(id_,) for id_ in ids])
            if cloud_ms is not None:
                known = [(cloud_ms, id_) for id_ in ids]
                self._db.executemany("UPDATE dealings SET known_ms = ? WHERE final = ?", known)
                self._doors_are_known(cloud_ms)
            give_back(self._db)

    def remember_door(self, door: int, *, is_open: bool) -> None:
        """Remember that a door stands open (and is explained), or is closed again."""
        with self._write("door"):
            self._set_door(door, is_open, report=None)

    def date(self, ahead_ms: int, cloud_ms: int) -> None:
        """Give this boot's undated reports their cloud time (`mono_ms` + `ahead_ms`); drop marks older than a week."""
        with self._write("date"):
            self._db.execute(
                "UPDATE reports SET cloud_ms = mono_ms + ? WHERE boot = ? AND cloud_ms IS NULL", (ahead_ms, self.boot)
            )
            self._db.execute("DELETE FROM used WHERE settled = 1 AND cloud_ms < ?", (cloud_ms - KEEP_USED_MS,))
            self._db.execute(
                "UPDATE dealings SET known_ms = ? WHERE known_ms IS NULL AND final IS NOT NULL "
                "AND NOT EXISTS (SELECT 1 FROM reports WHERE id = final)",
                (cloud_ms,),
            )
            self._doors_are_known(cloud_ms)

    def keep_roster(self, manifest: str, body: bytes, made_ms: int) -> None:
        """Replace the roster, and forget the dealings that the cloud knew of when it made this one."""
        with self._write("roster"):
            self._db.execute("INSERT OR REPLACE INTO roster VALUES (1, ?, ?)", (manifest, body))
            self._db.execute("DELETE FROM dealings WHERE known_ms < ?", (made_ms,))
            give_back(self._db)

    def roster(self) -> tuple[str, bytes] | None:
        """Return the manifest and the body that were kept last."""
        row: tuple[str, bytes] | None = self._db.execute("SELECT manifest, body FROM roster").fetchone()
        return row

    def dealings(self) -> list[Dealt]:
        """Return what was dealt offline and no roster accounts for yet, oldest first."""
        rows = self._db.execute("SELECT grant_id, body, final, known_ms FROM dealings ORDER BY rowid")
        return [Dealt(grant=grant, body=body, final=final, known_ms=known) for grant, body, final, known in rows]

    def moved(self) -> dict[int, Moved]:
        """Return the doors that ever moved."""
        rows = self._db.execute("SELECT door, report, known_ms FROM moved")
        return {door: Moved(report=report, known_ms=known_ms) for door, report, known_ms in rows}

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

    def waiting(self) -> int:
        """Return how many reports are not yet acknowledged."""
        return int(self._db.execute("SELECT count(*) FROM reports").fetchone()[0])

    def pending(self, *, offline: bool | None = None) -> list[str]:
        """Return the ids of reports not yet acknowledged, oldest first: all, or those (not) decided offline."""
        sql = "SELECT id FROM reports WHERE ?1 IS NULL OR offline = ?1 ORDER BY boot, seq"
        return [id_ for (id_,) in self._db.execute(sql, (offline,))]

    def find(self, id_: str) -> Report | None:
        """Return one report, or None once it is forgotten."""
        row = self._db.execute(f"SELECT {', '.join(_COLUMNS)} FROM reports WHERE id = ?", (id_,)).fetchone()  # noqa: S608
        if row is None:
            return None
        fields = dict(zip(_COLUMNS, row, strict=True))
        return Report(**fields | {"offline": bool(fields["offline"])})

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        """One durable transaction. `name` tells power-cut tests which one it is."""
        del name
        with self._db:
            yield

    def _insert(self, reports: Iterable[Report]) -> None:
        values = ", ".join(f":{name}" for name in _COLUMNS)
        self._db.executemany(
            f"INSERT INTO reports ({', '.join(_COLUMNS)}) VALUES ({values})",  # noqa: S608 - our own names
            [vars(report) for report in reports],
        )

    def _mark(self, used: UsedGrant, *, settled: bool) -> None:
        self._db.execute("INSERT INTO used VALUES (?, ?, ?, ?)", (used.grant, used.door, used.cloud_ms, settled))

    def _settle(self, grant: str, report: str, *, void: bool) -> None:
        self._db.execute("UPDATE used SET settled = 1 WHERE grant_id = ?", (grant,))
        if void:
            self._db.execute("DELETE FROM dealings WHERE grant_id = ?", (grant,))
        else:
            self._db.execute("UPDATE dealings SET final = ? WHERE grant_id = ?", (report, grant))

    def _set_door(self, door: int, is_open: bool, *, report: str | None) -> None:  # noqa: FBT001 - a stored column
        sql = "INSERT OR IGNORE INTO open_doors VALUES (?)" if is_open else "DELETE FROM open_doors WHERE door = ?"
        self._db.execute(sql, (door,))
        self._db.execute("INSERT OR REPLACE INTO moved VALUES (?, ?, NULL)", (door, report))

    def _doors_are_known(self, cloud_ms: int) -> None:
        """Note that the cloud has heard all that was told of some doors: a roster made after this knows them."""
        self._db.execute(
            "UPDATE moved SET known_ms = ? WHERE known_ms IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM reports WHERE reports.door = moved.door)",
            (cloud_ms,),
        )


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to a journal's file, made with its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite3.connect(path, timeout=1)
