"""Times and durations as people say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.notices.wording.english.moments import length, stamp, when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 22, 45, tzinfo=UTC)  # 23:45 on a Friday in Berlin


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, minutes=30), "1 day"),
        (timedelta(days=3, hours=1), "3 days 1 hour"),
        (timedelta(days=12, hours=5), "12 days"),
    ],
)
def test_durations_have_their_two_largest_units(duration: timedelta, said: str) -> None:
    assert length(duration) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(), "today at 23:45"),
        (timedelta(minutes=15), "tomorrow at 00:00"),
        (-timedelta(days=1), "yesterday at 23:45"),
        (timedelta(days=2), "on Sunday at 23:45"),
        (-timedelta(days=6), "on Saturday at 23:45"),
        (timedelta(days=7), "on 27 November at 23:45"),
        (timedelta(days=60), "on 19 January 2027 at 23:45"),
    ],
)
def test_days_are_those_of_the_site(away: timedelta, said: str) -> None:
    assert when(NOW + away, NOW, BERLIN) == said


def test_midnight_there_is_not_midnight_in_utc() -> None:
    assert when(NOW, NOW + timedelta(minutes=30), BERLIN) == "yesterday at 23:45"
    assert when(NOW, NOW + timedelta(minutes=30), ZoneInfo("UTC")) == "today at 22:45"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert stamp(first, BERLIN) == "Sun 25 Oct 2026, 02:30 CEST"
    assert stamp(first + timedelta(hours=1), BERLIN) == "Sun 25 Oct 2026, 02:30 CET"
