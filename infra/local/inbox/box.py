"""What has arrived, kept in one SQLite file: it outlives the inbox, MiniStack and their restarts."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = "CREATE TABLE IF NOT EXISTS arrived (number INTEGER PRIMARY KEY, via TEXT, key TEXT UNIQUE, entry TEXT)"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One message as design.md's *Local stack* lists it; `raw` is what the channel was sent."""

    at: str
    to: str
    text: str
    raw: dict[str, Any]
    loan: str | None
    step: str | None
    subject: str | None = None

    def shown(self) -> dict[str, Any]:
        """Return the JSON form; only mail has a subject."""
        return {name: value for name, value in asdict(self).items() if name != "subject" or value is not None}


@dataclass(frozen=True)
class Box:
    """What is kept in `folder`; `via` is `slack` or `email`, and for the page alone `answer`, `home`, `member`."""

    folder: Path

    def keep(self, via: str, key: str, entry: Entry) -> bool:
        """Keep a message, once per key; False where there is one."""
        with self._open() as file:
            row = (via, key, json.dumps(asdict(entry)))
            kept = file.execute("INSERT OR IGNORE INTO arrived (via, key, entry) VALUES (?, ?, ?)", row)
            return kept.rowcount == 1

    def change(self, via: str, key: str, entry: Entry) -> bool:
        """Put another message where one is kept; False where there is none."""
        with self._open() as file:
            row = (json.dumps(asdict(entry)), via, key)
            return file.execute("UPDATE arrived SET entry = ? WHERE via = ? AND key = ?", row).rowcount == 1

    def all(self, via: str) -> list[Entry]:
        """Return a channel's messages, newest last."""
        with self._open() as file:
            rows = file.execute("SELECT entry FROM arrived WHERE via = ? ORDER BY number", (via,)).fetchall()
        return [Entry(**json.loads(row[0])) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.folder / "inbox.sqlite")) as file, file:
            file.execute(SCHEMA)
            yield file


def moment(seconds: float) -> str:
    """Return Unix time as RFC 3339 UTC with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
