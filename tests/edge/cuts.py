"""A journal beside which the power is cut at a chosen write (safety.md I7, I8, threat 10)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from edge.journal import Journal


class PowerCutError(Exception):
    """The light goes out."""


class CutJournal(Journal):
    """Cuts the power at the nth write: before it reaches the disk, or right after."""

    def __init__(self, db: sqlite3.Connection, *, writes: Iterator[int], cut_at: int, after: bool) -> None:
        self.writes, self.cut_at, self.after = writes, cut_at, after
        super().__init__(db)

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        number = next(self.writes)
        with super()._write(name):
            yield
            if number == self.cut_at and not self.after:
                raise PowerCutError
        if number == self.cut_at:
            raise PowerCutError
