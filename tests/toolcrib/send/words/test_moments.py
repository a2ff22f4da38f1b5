"""Moments as people read them: on the clock of the site, in the form of their language."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolcrib.domain.languages import SPOKEN
from toolcrib.send.words.moments import MONTHS, WEEKDAYS, moment
from toolcrib.send.words.reader import Reader

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Fri 20 Nov, 10:00"),
        ("de", "Fr 20. Nov., 10:00"),
        ("es", "vie 20 nov, 10:00"),
        ("fr", "ven. 20 nov., 10:00"),
        ("pl", "pt. 20 lis, 10:00"),
    ],
)
def test_each_language_has_its_form(language: str, text: str) -> None:
    assert moment(FRIDAY, Reader(language=language, zone="Europe/Berlin", now=FRIDAY)) == text


def test_the_clock_is_the_sites() -> None:
    assert moment(FRIDAY, Reader(zone="America/St_Johns", now=FRIDAY)) == "Fri 20 Nov, 05:30"
    assert moment(FRIDAY, Reader(zone="Pacific/Auckland", now=FRIDAY)) == "Fri 20 Nov, 22:00"


@pytest.mark.parametrize(
    ("at", "now", "told"),
    [
        ("2026-12-31T22:59:00Z", "2026-12-31T22:00:00Z", "Thu 31 Dec, 23:59"),
        ("2026-12-31T23:00:00Z", "2026-12-31T22:00:00Z", "Fri 1 Jan 2027, 00:00"),
        ("2026-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "Fri 1 Jan, 00:00"),
        ("2025-12-31T22:59:59Z", "2026-01-01T00:00:00Z", "Wed 31 Dec 2025, 23:59"),
    ],
)
def test_the_year_is_told_where_it_is_another_one_on_the_sites_calendar(at: str, now: str, told: str) -> None:
    reader = Reader(zone="Europe/Berlin", now=datetime.fromisoformat(now))
    assert moment(datetime.fromisoformat(at), reader) == told


@pytest.mark.parametrize("language", SPOKEN)
def test_weekdays_and_months_are_told_apart(language: str) -> None:
    days = {moment(FRIDAY + timedelta(days=day), Reader(language=language, now=FRIDAY)).split()[0] for day in range(7)}
    months = {
        moment(FRIDAY.replace(month=month), Reader(language=language, now=FRIDAY)).split()[2] for month in range(1, 13)
    }
    assert (len(days), len(months)) == (len(WEEKDAYS), len(MONTHS))


@given(
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001 - hypothesis wants naive limits
    language=st.sampled_from(SPOKEN),
    zone=st.timezone_keys(allow_prefix=False),
)
def test_every_moment_everywhere_can_be_told(at: datetime, language: str, zone: str) -> None:
    assert "{" not in moment(at, Reader(language=language, zone=zone, now=FRIDAY))
