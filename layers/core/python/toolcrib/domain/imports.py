"""Imports: what somebody wrote in bulk, what was wrong with it, and how far writing it down has come."""

from datetime import datetime, timedelta
from enum import StrEnum

from toolcrib.domain.record import Record, replace

MOST_ERRORS = 100  # told of one import; the rest is counted
PATIENCE = timedelta(minutes=1)  # then the sweeper goes on with what nobody seems to be at work on


class ImportState(StrEnum):
    """`checked` is a dry run's; `rejected` means that nothing was written."""

    CHECKED = "checked"
    REJECTED = "rejected"
    RUNNING = "running"
    DONE = "done"


class RowError(Record, frozen=True, kw_only=True):
    """What is wrong with a row (the first line is row 1), in which column (none: the row as a whole)."""

    row: int
    field: str
    message: str


class Import(Record, frozen=True, kw_only=True):
    """An import. `rows` were read, `failed` of them are wrong, `past` are over already and need no writing.

    `written` of `people` have what the import says of them. `by` is who asked.
    """

    id: str
    kind: str = "roster"
    site: str
    by: str
    state: ImportState
    at: datetime
    finished_at: datetime | None = None
    rows: int = 0
    failed: int = 0
    past: int = 0
    shifts: int = 0
    people: int = 0
    written: int = 0
    errors: tuple[RowError, ...] = ()
    version: int = 1


def gone_on(before: Import, written: int, at: datetime) -> Import:
    """Return an import after so many more people; it is done with the last of them."""
    now = replace(before, written=before.written + written, version=before.version + 1)
    return now if now.written < now.people else replace(now, state=ImportState.DONE, finished_at=at)
