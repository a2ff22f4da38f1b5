"""The journal's file: its tables, the step from an older one, and how much room it takes on the disk."""

import sqlite3
from typing import Final

SCHEMA_VERSION: Final = 2
WAL_BYTES: Final = 1_048_576  # the log beside the file is folded back at this size, and cut to it
FREE_PAGES_KEPT: Final = 64  # of 4 KiB: what acknowledged reports leave above this is given back to the disk
_INCREMENTAL: Final = 2
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS boots (boot INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS reports (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
  mono_ms INTEGER NOT NULL, cloud_ms INTEGER, body BLOB NOT NULL, door INTEGER, offline INTEGER NOT NULL DEFAULT 0,
  UNIQUE (boot, seq));
CREATE TABLE IF NOT EXISTS used (
  grant_id TEXT PRIMARY KEY, door INTEGER NOT NULL, cloud_ms INTEGER NOT NULL, settled INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS unsettled ON used (settled) WHERE settled = 0;
CREATE TABLE IF NOT EXISTS open_doors (door INTEGER PRIMARY KEY);
"""
_SINCE_2: Final = """
CREATE INDEX IF NOT EXISTS of_door ON reports (door) WHERE door IS NOT NULL;
CREATE TABLE IF NOT EXISTS moved (door INTEGER PRIMARY KEY, report TEXT, known_ms INTEGER);
CREATE TABLE IF NOT EXISTS dealings (grant_id TEXT PRIMARY KEY, body BLOB NOT NULL, final TEXT, known_ms INTEGER);
CREATE INDEX IF NOT EXISTS by_final ON dealings (final) WHERE final IS NOT NULL;
CREATE TABLE IF NOT EXISTS roster (one INTEGER PRIMARY KEY CHECK (one = 1), manifest TEXT NOT NULL, body BLOB NOT NULL);
"""
_FROM_1: Final = """
ALTER TABLE reports ADD COLUMN door INTEGER;
ALTER TABLE reports ADD COLUMN offline INTEGER NOT NULL DEFAULT 0;
UPDATE reports SET door = json_extract(CAST(body AS TEXT), '$.door') WHERE kind = 'door';
"""
_MOVED_BEFORE: Final = "INSERT INTO moved SELECT DISTINCT door, NULL, NULL FROM reports WHERE door IS NOT NULL;"


def prepare(db: sqlite3.Connection) -> None:
    """Make the file what this version needs: durable at each write, bounded in size, with today's tables.

    An older file is changed in place, in one transaction: a power cut leaves the old one or the new one. Raises
    sqlite3.Error for a file that is damaged, newer, or somebody else's.
    """
    _settings(db)
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("the file is damaged")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in {0, 1, SCHEMA_VERSION}:
        raise sqlite3.DatabaseError(f"schema {version} is not {SCHEMA_VERSION}")
    steps = f"{_FROM_1}{_SINCE_2}{_MOVED_BEFORE}" if version == 1 else f"{_TABLES}{_SINCE_2}"
    db.executescript(f"BEGIN;{steps}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
    if db.execute("PRAGMA auto_vacuum").fetchone()[0] != _INCREMENTAL:  # a file of version 1: asked for above
        db.execute("VACUUM")


def give_back(db: sqlite3.Connection) -> None:
    """Return pages that nothing uses to the disk, as part of the running transaction."""
    free: int = db.execute("PRAGMA freelist_count").fetchone()[0]
    if free > FREE_PAGES_KEPT:
        db.execute(f"PRAGMA incremental_vacuum({free - FREE_PAGES_KEPT})").fetchall()  # it works a page a row


def _settings(db: sqlite3.Connection) -> None:
    page = db.execute("PRAGMA page_size").fetchone()[0]
    for pragma in (
        "locking_mode=EXCLUSIVE",
        f"auto_vacuum={_INCREMENTAL}",  # before anything is written; later it takes a VACUUM
        "journal_mode=WAL",
        "synchronous=FULL",
        "fullfsync=1",
        f"wal_autocheckpoint={WAL_BYTES // page}",
        f"journal_size_limit={WAL_BYTES}",
    ):
        db.execute(f"PRAGMA {pragma}")
