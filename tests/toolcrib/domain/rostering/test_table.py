"""A roster as CSV: what is read, and what is refused before anybody looks at what it means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolcrib.domain.imports import RowError
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.rostering.table import COLUMNS, MOST_ROWS, Line, read

STEADY = settings(deadline=None, derandomize=True)

HEADER = "person,starts,ends,groups"
ROW = "ana,2026-11-23T06:00,2026-11-23T14:00,crew night"
ANA = Line(row=2, person="ana", starts="2026-11-23T06:00", ends="2026-11-23T14:00", groups="crew night")
SHORT = Line(row=2, person="ana", starts="1", ends="2")

READABLE = [
    ("plain", f"{HEADER}\n{ROW}\n", ANA),
    ("no line end at the end", f"{HEADER}\n{ROW}", ANA),
    ("carriage returns", f"{HEADER}\r\n{ROW}\r\n", ANA),
    ("a byte order mark", f"\ufeff{HEADER}\n{ROW}\n", ANA),
    ("semicolons", f"{HEADER}\n{ROW}\n".replace(",", ";"), ANA),
    ("quotes", f'{HEADER}\n"ana","2026-11-23T06:00","2026-11-23T14:00","crew night"\n', ANA),
    ("another order", "ends,person,starts\n2,ana,1\n", SHORT),
    ("without groups", "person,starts,ends\nana,1,2\n", SHORT),
    ("no times", f"{HEADER}\nana,,,\n", Line(row=2, person="ana")),
    ("a blank line counts", f"{HEADER}\n\n{ROW}\n", replace(ANA, row=3)),
    ("a line of separators counts", f"{HEADER}\n,,,\n{ROW}\n", replace(ANA, row=3)),
]


@pytest.mark.parametrize(("text", "line"), [case[1:] for case in READABLE], ids=[case[0] for case in READABLE])
def test_a_table_is_read_however_a_spreadsheet_writes_it(text: str, line: Line) -> None:
    assert read(text) == ([line], [])


NO_TABLE = [
    ("nothing", "", "other columns"),
    ("a header alone", HEADER, "no row below its header"),
    ("a header and blank lines", f"{HEADER}\n\n,,,\n", "no row below its header"),
    ("no header", ROW, "other columns"),
    ("a column too many", f"{HEADER},shift\n{ROW},early", "other columns"),
    ("a column twice", "person,starts,ends,ends\nana,1,2,2", "other columns"),
    ("a needed column is missing", "person,starts,groups\nana,1,crew", "other columns"),
    ("another case", "Person,Starts,Ends\nana,1,2", "other columns"),
    ("tabs", f"{HEADER}\n{ROW}".replace(",", "\t"), "other columns"),
    ("a quote that is not closed", f'{HEADER}\n"ana,1,2,crew\n', "is no CSV"),
    ("a quote in the middle", f'{HEADER}\n"a"na,1,2,crew\n', "is no CSV"),
    ("a NUL", f"{HEADER}\nana\x00,1,2,crew\n", ""),
    ("a row too many", f"{HEADER}\n" + f"{ROW}\n" * (MOST_ROWS + 1), "has more than 1000 rows"),
]


@pytest.mark.parametrize(("text", "why"), [case[1:] for case in NO_TABLE], ids=[case[0] for case in NO_TABLE])
def test_what_is_no_such_table_is_refused_as_a_whole(text: str, why: str) -> None:
    if why:
        with pytest.raises(Invalid) as refused:
            read(text)
        assert why in refused.value.fields["csv"]
    else:
        assert read(text)[1]


def test_as_many_rows_as_are_taken_are_read() -> None:
    lines, errors = read(f"{HEADER}\n" + f"{ROW}\n" * MOST_ROWS)
    assert (len(lines), lines[-1].row, errors) == (MOST_ROWS, MOST_ROWS + 1, [])


@pytest.mark.parametrize("cells", ["ana,1,2", "ana,1,2,crew,more", "ana"])
def test_a_row_of_another_length_is_wrong_as_a_whole(cells: str) -> None:
    count = cells.count(",") + 1
    assert read(f"{HEADER}\n{cells}\n") == (
        [],
        [RowError(row=2, field="", message=f"has {count} cells; the header has 4")],
    )


FORMULAS = [
    before + sign + after
    for before in ("", " ", "   ", "\u3000", "\u00a0")
    for sign in "=+-@\t＝＋－＠"  # noqa: RUF001 - the full-width forms
    for after in ("1", "cmd|' /C calc'!A0", "")
]


@pytest.mark.parametrize("column", COLUMNS)
def test_what_a_spreadsheet_would_run_is_refused_in_every_column(column: str) -> None:
    for formula in FORMULAS:
        cells = {"person": "ana", "starts": "1", "ends": "2", "groups": "crew", column: formula}
        text = f"{HEADER}\n" + ",".join(f'"{cells[name]}"' for name in COLUMNS)
        message = "begins like a formula; write the value alone"
        assert read(text) == ([], [RowError(row=2, field=column, message=message)]), formula


@pytest.mark.parametrize("cell", [" ana", "ana ", "an\ta", "an\na", "an\ra", "ana\u2003", "\x7fana"])
def test_a_cell_with_more_than_its_value_is_refused(cell: str) -> None:
    lines, errors = read(f'{HEADER}\n"{cell}",1,2,crew\n')
    assert (lines, [(error.row, error.field) for error in errors]) == ([], [(2, "person")])


def test_every_row_that_is_wrong_is_named_and_the_others_are_read() -> None:
    lines, errors = read(f"{HEADER}\n=1,+2,3,crew\n{ROW}\nbo,1\n")
    assert [line.row for line in lines] == [3]
    assert [(error.row, error.field) for error in errors] == [(2, "person"), (2, "starts"), (4, "")]


def rows_of(text: str) -> list[Line]:
    """Return what is read of a text; nothing where it is refused as a whole."""
    try:
        return read(text)[0]
    except Invalid:
        return []


@settings(STEADY, max_examples=300)
@given(st.text(max_size=200) | st.text(alphabet='pa,;"\n\r=1 ', max_size=60).map(lambda more: f"{HEADER}\n{more}"))
def test_whatever_is_sent_is_read_or_refused_and_no_formula_is_among_it(text: str) -> None:
    lines = rows_of(text)
    for line in lines:
        for cell in (line.person, line.starts, line.ends, line.groups):
            assert cell == cell.strip()
            assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}
