"""When to begin waiting for a moment: always before it, never longer than the wait lasts."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.workplace import NOW
from toolcrib.domain.prompting import LONGEST_WAIT, MINUTE, SOONEST, is_worth_it, name_of, start_for

moments = st.timedeltas(timedelta(), timedelta(days=700)).map(lambda since: NOW + since)
ahead = st.timedeltas(timedelta(), timedelta(days=400))


@given(now=moments, ahead=ahead)
def test_a_schedule_that_starts_anywhere_in_its_minute_starts_before_the_moment(
    now: datetime, ahead: timedelta
) -> None:
    moment = now + ahead
    start = start_for(moment, now)
    if start is None:
        assert ahead < LONGEST_WAIT + SOONEST
    else:
        assert (start.second, start.microsecond) == (0, 0)
        assert start >= now + SOONEST
        assert start + timedelta(seconds=59) < moment
        assert moment - start <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("at", "start"), [("17:30:00", "17:29:00"), ("17:30:59", "17:29:00"), ("17:29:59.999", "17:28:00")]
)
def test_it_starts_at_the_full_minute_before_that_of_the_moment(at: str, start: str) -> None:
    moment, expected = (datetime.fromisoformat(f"2026-11-20T{each}+00:00") for each in (at, start))
    assert start_for(moment, expected - timedelta(hours=1)) == expected


def test_what_is_over_is_left_to_the_sweep() -> None:
    assert is_worth_it(NOW, NOW + MINUTE - timedelta(seconds=1))
    assert not is_worth_it(NOW, NOW + MINUTE)


def test_the_same_moment_of_the_same_loan_has_the_same_name() -> None:
    assert name_of("acme", "l-1", NOW) == name_of("acme", "l-1", NOW)
    others = {name_of("acme", "l-2", NOW), name_of("other", "l-1", NOW), name_of("acme", "l-1", NOW + MINUTE)}
    assert len({*others, name_of("acme", "l-1", NOW)}) == 4
