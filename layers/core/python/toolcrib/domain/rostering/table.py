"""A roster as CSV: a header and a row a shift; separators `,` or `;`, RFC 4180 quotes, a byte order mark or none.

What a spreadsheet would run as a formula is refused wherever it stands (safety.md, threat 28).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from toolcrib.domain.imports import RowError
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Invalid

COLUMNS = ("person", "starts", "ends", "groups")
NEEDED = frozenset(COLUMNS[:3])
MOST_ROWS = 1000

_FORMULA = frozenset("=+-@\t\r＝＋－＠")  # noqa: RUF001 - spreadsheets read the full-width forms, too
_CELL = re.compile(r"[^\x00-\x1f\x7f]*")


class Line(Record, frozen=True, kw_only=True):
    """A row of the table, as it was written; `row` counts from the header's 1."""

    row: int
    person: str
    starts: str = ""
    ends: str = ""
    groups: str = ""


def read(text: str) -> tuple[list[Line], list[RowError]]:
    """Return a table's rows, and what is wrong with those that cannot be read.

    Raises `Invalid` for a text that is no such table at all, or has more than `MOST_ROWS` rows.
    """
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    table = _cells(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    columns = _columns(next(table, (1, []))[1])
    lines, errors = list[Line](), list[RowError]()
    for row, cells in table:
        wrong = list(_wrong(row, columns, cells))
        errors += wrong
        if not wrong:
            lines.append(Line(row=row, **dict(zip(columns, cells, strict=True))))
    if not lines and not errors:
        raise _no_table("has no row below its header")
    return lines, errors


def _cells(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield what is in each row that is not blank, with its number."""
    try:
        for number, cells in islice(enumerate(rows, start=1), MOST_ROWS + 2):
            if number > MOST_ROWS + 1:
                raise _no_table(f"has more than {MOST_ROWS} rows; send it in parts")
            if any(cells):
                yield number, cells
    except csv.Error as error:
        raise _no_table(f"is no CSV: {error}; quotes are closed, and doubled inside of quotes") from None


def _columns(header: list[str]) -> list[str]:
    expected = f"the first line is {','.join(COLUMNS)}, in any order; groups may be left out"
    if len(set(header)) < len(header) or not NEEDED <= set(header) <= set(COLUMNS):
        raise _no_table(f"has other columns than expected: {expected}")
    return header


def _wrong(row: int, columns: list[str], cells: list[str]) -> Iterator[RowError]:
    if len(cells) != len(columns):
        yield RowError(row=row, field="", message=f"has {len(cells)} cells; the header has {len(columns)}")
        return
    for column, cell in zip(columns, cells, strict=True):
        if cell.lstrip(" \u3000\u00a0")[:1] in _FORMULA and cell:
            yield RowError(row=row, field=column, message="begins like a formula; write the value alone")
        elif not _CELL.fullmatch(cell) or cell != cell.strip():
            message = "has a space at an end, a line break or a control character; write the value alone"
            yield RowError(row=row, field=column, message=message)


def _no_table(why: str) -> Invalid:
    return Invalid(detail="the body does not fit", fields={"csv": why})
