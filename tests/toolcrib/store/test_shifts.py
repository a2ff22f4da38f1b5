"""Shifts on a person's item: few bytes, and nothing is lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import shifts
from toolcrib.domain.people import Shift
from toolcrib.store.shifts import packed, unpacked

STEADY = settings(deadline=None, derandomize=True)
AT, HOUR = datetime(2026, 11, 23, 5, tzinfo=UTC), timedelta(hours=1)


def test_shifts_are_written_by_the_groups_that_they_give() -> None:
    early = Shift(starts=AT, ends=AT + 8 * HOUR, groups=("crane", "night"))
    extra = Shift(starts=AT + 24 * HOUR, ends=AT + 32 * HOUR, groups=("crane", "night"))
    plain = Shift(starts=AT + 12 * HOUR, ends=AT + 13 * HOUR)
    stored = packed((early, plain, extra))
    assert stored == {"crane,night": "29923500+480 29924940+480", "*": "29924220+60"}
    assert unpacked(stored) == (early, plain, extra)


def test_four_weeks_of_shifts_take_less_than_300_bytes() -> None:
    month = [
        Shift(starts=AT + day * 24 * HOUR, ends=AT + (day * 24 + 8) * HOUR, groups=("night",)) for day in range(20)
    ]
    assert sum(len(groups) + len(text) for groups, text in packed(month).items()) < 300


@settings(STEADY, max_examples=200)
@given(st.lists(shifts, max_size=20))
def test_what_is_stored_is_read_as_it_was(some: list[Shift]) -> None:
    assert list(unpacked(packed(some))) == sorted(some, key=lambda shift: (shift.starts, shift.ends, shift.groups))
