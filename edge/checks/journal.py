"""The journal: readable, whole, and in nobody's hands but one controller's."""

import sqlite3
from contextlib import closing
from pathlib import Path

from edge.checks.finding import Finding, unknown, well, wrong


def is_held(path: Path) -> bool:
    """Whether a running controller has this journal."""
    if not path.exists():
        return False
    try:
        with closing(_reading(path)) as db:
            db.execute("PRAGMA user_version")
            db.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False
    return False


def check(path: Path) -> Finding:
    """Look at the journal without becoming its owner."""
    about = str(path)
    if not path.exists():
        return _folder(path)
    if is_held(path):
        return well(about, "is in the hands of the running bank")
    try:
        with closing(_reading(path)) as db:
            sound = db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            waiting = db.execute("SELECT count(*) FROM reports").fetchone()[0]
    except sqlite3.Error as error:
        return wrong(
            about, f"cannot be read ({error}): move it away and enrol again, so that old commands lose their key"
        )
    if not sound:
        return wrong(about, "is damaged: move it away and enrol again, so that old commands lose their key")
    return well(about, f"is whole, reports waiting: {waiting}")


def _folder(path: Path) -> Finding:
    folder = path.parent
    if folder.is_dir():
        return well(str(path), "is not there yet; the first run makes it")
    return unknown(str(path), f"{folder} is not there yet; systemd makes /var/lib/toolcrib, another has to be made")


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0)
