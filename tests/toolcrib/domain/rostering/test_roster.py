"""What a roster says of each person, what is wrong with its rows, and what of theirs it replaces."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolcrib.domain.imports import RowError
from toolcrib.domain.people import Person, Shift
from toolcrib.domain.policies import Site
from toolcrib.domain.rostering.roster import MOST_SHIFTS, Question, Roster, Span, kept, roster, rostered
from toolcrib.domain.rostering.table import Line

STEADY = settings(deadline=None, derandomize=True)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)  # Friday, 10:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
SITE = Site(id="hq", name="HQ", time_zone="Europe/Berlin")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def shift(starts: str, ends: str, *groups: str) -> Shift:
    return Shift(starts=local(starts), ends=local(ends), groups=groups)


def line(person: str, starts: str = "", ends: str = "", groups: str = "", row: int = 2) -> Line:
    return Line(row=row, person=person, starts=starts, ends=ends, groups=groups)


def read(
    *lines: Line, days: tuple[date, date] | None = None, ana: tuple[Shift, ...] = ()
) -> tuple[Roster, list[RowError]]:
    people = {"ana": Person(id="ana", name="Ana", shifts=ana), "bo": Person(id="bo", name="Bo")}
    return roster(list(lines), Question(site=SITE, at=AT, days=days, people=people, groups={"crew", "night"}))


def wrong(*lines: Line, **more: object) -> list[tuple[int, str, str]]:
    return [(each.row, each.field, each.message) for each in read(*lines, **more)[1]]  # type: ignore[arg-type]


def test_rows_become_shifts_of_their_people_in_order() -> None:
    found, errors = read(
        line("ana", "2026-11-24T22:00", "2026-11-25T06:00", "night crew night", row=2),
        line("bo", "2026-11-23T06:00", "2026-11-23T14:00", row=3),
        line("ana", "2026-11-23T06:00", "2026-11-23T14:00", "crew", row=4),
    )
    assert errors == []
    assert found.people == {
        "ana": (
            shift("2026-11-23T06:00", "2026-11-23T14:00", "crew"),
            shift("2026-11-24T22:00", "2026-11-25T06:00", "night", "crew"),
        ),
        "bo": (shift("2026-11-23T06:00", "2026-11-23T14:00"),),
    }
    assert found.span == Span(begins=local("2026-11-23T00:00"), ends=local("2026-11-25T00:00"))
    assert (found.shifts, found.past) == (3, 0)


TWICE = "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00"
GOOD, NEXT = ("2026-11-23T06:00", "2026-11-23T14:00"), ("2026-11-24T06:00", "2026-11-24T14:00")
STRANGER = "is nobody here; write the id of a person of yours"
WRONG = [
    ("an unknown person", line("eve", *GOOD), ("person", STRANGER)),
    ("no person", line("", *GOOD), ("person", STRANGER)),
    (
        "an unknown group",
        line("ana", *GOOD, "crew day"),
        ("groups", "names day, which is no group here; write ids of groups with spaces in between"),
    ),
    (
        "what is no id of a group is not repeated",
        line("ana", *GOOD, "crew,night"),
        ("groups", "names what is no group here; write ids of groups with spaces in between"),
    ),
    ("too many groups", line("ana", *GOOD, " ".join(["crew"] * 11)), ("groups", "names more than 10 groups")),
    (
        "the end before the beginning",
        line("ana", GOOD[1], GOOD[0]),
        ("ends", "is not after starts; a night ends on the next day"),
    ),
    (
        "an end at the beginning",
        line("ana", GOOD[0], GOOD[0]),
        ("ends", "is not after starts; a night ends on the next day"),
    ),
    (
        "a minute more than a day",
        line("ana", "2026-11-23T06:00", "2026-11-24T06:01"),
        ("ends", "is more than 24 hours after starts"),
    ),
    (
        "a minute too far ahead",
        line("ana", "2027-01-21T10:01", "2027-01-21T14:00"),
        ("starts", "is more than 62 days ahead"),
    ),
    (
        "a minute too long ago",
        line("ana", "2026-09-19T10:59", "2026-09-19T14:00"),
        ("starts", "is more than 62 days ago"),
    ),
    (
        "an hour that comes twice",
        line("ana", "2026-10-25T02:30", "2026-10-25T10:00"),
        (
            "starts",
            f"comes twice when the clocks of Europe/Berlin are put back; write {TWICE}",
        ),
    ),
    (
        "a beginning alone",
        line("ana", GOOD[0]),
        ("ends", "is not a moment like 2026-11-23T06:00, in the site's time, or 2026-11-23T06:00+01:00"),
    ),
    (
        "an end alone",
        line("ana", "", GOOD[1]),
        ("starts", "is not a moment like 2026-11-23T06:00, in the site's time, or 2026-11-23T06:00+01:00"),
    ),
]


@pytest.mark.parametrize(("row", "error"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_row_that_is_wrong_is_told_with_its_field_and_what_would_be_right(row: Line, error: tuple[str, str]) -> None:
    assert wrong(row) == [(2, *error)]


RIGHT = [
    ("a whole day", line("ana", "2026-11-23T06:00", "2026-11-24T06:00")),
    ("as far ahead as may be", line("ana", "2027-01-21T10:00", "2027-01-21T14:00")),
    ("as long ago as may be", line("ana", "2026-09-19T11:00", "2026-09-19T14:00")),
    ("ten groups", line("ana", *GOOD, " ".join(["crew"] * 10))),
    ("a night over a change of the clocks", line("ana", "2026-10-24T22:00", "2026-10-25T06:00")),
]


@pytest.mark.parametrize("row", [case[1] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_a_row_at_a_limit_is_right(row: Line) -> None:
    assert wrong(row) == []


def test_everything_that_is_wrong_with_a_row_is_told_at_once_and_rows_in_order() -> None:
    assert [each[:2] for each in wrong(line("eve", "x", "y", "day", row=3), line("eve", *GOOD, row=2))] == [
        (2, "person"),
        (3, "ends"),
        (3, "groups"),
        (3, "person"),
        (3, "starts"),
    ]


OVERLAPS = [
    ("one after the other", GOOD, ("2026-11-23T14:00", "2026-11-23T22:00"), []),
    ("a minute of both", GOOD, ("2026-11-23T13:59", "2026-11-23T22:00"), [(3, "starts", "overlaps with row 2")]),
    ("the same twice", GOOD, GOOD, [(3, "starts", "overlaps with row 2")]),
    ("one in the other", GOOD, ("2026-11-23T08:00", "2026-11-23T09:00"), [(3, "starts", "overlaps with row 2")]),
    (
        "written the other way round",
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        GOOD,
        [(2, "starts", "overlaps with row 3")],
    ),
]


@pytest.mark.parametrize(
    ("one", "other", "errors"), [case[1:] for case in OVERLAPS], ids=[case[0] for case in OVERLAPS]
)
def test_nobody_is_in_two_shifts_at_once(
    one: tuple[str, str], other: tuple[str, str], errors: list[tuple[int, str, str]]
) -> None:
    assert wrong(line("ana", *one, row=2), line("ana", *other, row=3)) == errors
    assert wrong(line("ana", *one, row=2), line("bo", *other, row=3)) == []


def test_a_long_shift_overlaps_with_all_that_fall_into_it() -> None:
    rows = [
        line("ana", "2026-11-23T06:00", "2026-11-23T20:00", row=2),
        line("ana", "2026-11-23T07:00", "2026-11-23T08:00", row=3),
        line("ana", "2026-11-23T19:00", "2026-11-23T21:00", row=4),
    ]
    assert [each[0] for each in wrong(*rows)] == [3, 4]


SUNDAY_NIGHT = shift("2026-11-22T22:00", "2026-11-23T06:00", "night")


@pytest.mark.parametrize(("starts", "clash"), [("2026-11-23T06:00", False), ("2026-11-23T05:59", True)])
def test_a_shift_on_record_that_began_before_its_days_stays_and_may_not_be_overlapped(
    starts: str, *, clash: bool
) -> None:
    errors = wrong(line("ana", starts, "2026-11-23T14:00"), ana=(SUNDAY_NIGHT,))
    assert errors == ([(2, "starts", "overlaps with a shift on record of other days")] if clash else [])


def test_what_is_on_record_of_its_days_is_replaced_and_nothing_else() -> None:
    found, errors = read(line("ana", *GOOD), line("bo", *NEXT, row=3))
    monday, tuesday, wednesday = (shift(f"2026-11-{day}T08:00", f"2026-11-{day}T09:00", "crew") for day in (23, 24, 25))
    ana = Person(id="ana", name="Ana", shifts=(SUNDAY_NIGHT, monday, tuesday, wednesday))
    assert errors == []
    assert rostered(ana, found.people["ana"], found.span, AT) == (SUNDAY_NIGHT, shift(*GOOD), wednesday)
    assert kept(ana, found.span, AT) == (SUNDAY_NIGHT, wednesday)


def test_without_times_a_row_clears_the_days() -> None:
    found, errors = read(line("ana"), line("bo", *GOOD, row=3))
    ana = Person(id="ana", name="Ana", shifts=(SUNDAY_NIGHT, shift(*GOOD)))
    assert (errors, found.people["ana"]) == ([], ())
    assert rostered(ana, (), found.span, AT) == (SUNDAY_NIGHT,)


def test_without_any_times_the_days_have_to_be_given() -> None:
    message = "is empty in every row; say with `from` and `to` which days are meant"
    assert wrong(line("ana")) == [(2, "starts", message)]
    found, errors = read(line("ana"), days=(date(2026, 11, 23), date(2026, 11, 23)))
    assert errors == []
    assert found.span == Span(begins=local("2026-11-23T00:00"), ends=local("2026-11-24T00:00"))


@pytest.mark.parametrize(
    ("starts", "outside"),
    [("2026-11-22T23:59", True), ("2026-11-23T00:00", False), ("2026-11-24T23:59", False), ("2026-11-25T00:00", True)],
)
def test_a_shift_begins_on_one_of_the_days_that_are_given(starts: str, *, outside: bool) -> None:
    ends = (datetime.fromisoformat(starts) + HOUR).isoformat(timespec="minutes")
    errors = wrong(line("ana", starts, ends), days=(date(2026, 11, 23), date(2026, 11, 24)))
    assert errors == ([(2, "starts", "is not in the days from `from` to `to`")] if outside else [])


@pytest.mark.parametrize(("ends", "past"), [("2026-11-20T10:00", 1), ("2026-11-20T10:01", 0)])
def test_what_is_over_is_counted_and_left_out(ends: str, past: int) -> None:
    found, errors = read(line("ana", "2026-11-20T06:00", ends))
    assert (errors, found.past, len(found.people["ana"])) == ([], past, 1 - past)


def test_what_is_over_on_record_falls_away() -> None:
    over = shift("2026-11-19T06:00", "2026-11-19T14:00")
    found, _ = read(line("ana", *GOOD))
    assert rostered(Person(id="ana", name="Ana", shifts=(over,)), found.people["ana"], found.span, AT) == (
        shift(*GOOD),
    )


@pytest.mark.parametrize(("more", "told"), [(0, []), (1, [(MOST_SHIFTS + 2, "person")])])
def test_a_person_has_so_many_shifts_and_no_more(more: int, told: list[tuple[int, str]]) -> None:
    rows = []
    for number in range(MOST_SHIFTS + more):
        begins = datetime(2026, 11, 23) + number * 20 * HOUR  # noqa: DTZ001 - a wall clock's
        texts = (each.isoformat(timespec="minutes") for each in (begins, begins + HOUR))
        rows.append(line("ana", *texts, row=number + 2))
    assert [each[:2] for each in wrong(*rows)] == told


moments = st.integers(-24 * 60, 60 * 24 * 60).map(lambda minutes: AT + minutes * MINUTE)
shifts = st.builds(
    lambda starts, minutes: Shift(starts=starts, ends=starts + minutes * MINUTE), moments, st.integers(1, 24 * 60)
)
several = st.lists(shifts, max_size=8).map(tuple)


@settings(STEADY, max_examples=200)
@given(several, several, moments, st.integers(0, 30))
def test_the_same_roster_again_changes_nothing(
    before: tuple[Shift, ...], named: tuple[Shift, ...], begins: datetime, days: int
) -> None:
    span = Span(begins=begins, ends=begins + days * DAY)
    inside = tuple(each for each in named if span.begins <= each.starts < span.ends)
    once = rostered(Person(id="ana", name="Ana", shifts=before), inside, span, AT)
    assert rostered(Person(id="ana", name="Ana", shifts=once), inside, span, AT) == once
    assert all(each.ends > AT for each in once)
    assert list(once) == sorted(once, key=lambda each: (each.starts, each.ends, each.groups))
