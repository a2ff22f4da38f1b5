"""Moments in a roster: local or with an offset; what the clocks skip or show twice is asked about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolcrib.domain.rostering.moments import Unclear, read_moment

STEADY = settings(deadline=None, derandomize=True)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(available_timezones())

CLEAR = [
    ("2026-11-23T06:00", "2026-11-23T05:00"),
    ("2026-11-23 06:00", "2026-11-23T05:00"),
    ("2026-11-23T06:00:00", "2026-11-23T05:00"),
    ("2026-07-23T06:00", "2026-07-23T04:00"),
    ("2026-11-23T06:00Z", "2026-11-23T06:00"),
    ("2026-11-23T06:00:00Z", "2026-11-23T06:00"),
    ("2026-11-23T06:00+01:00", "2026-11-23T05:00"),
    ("2026-11-23T06:00-05:30", "2026-11-23T11:30"),
    ("2028-02-29T06:00", "2028-02-29T05:00"),
    ("2027-01-01T00:00", "2026-12-31T23:00"),
    ("2026-03-29T01:59", "2026-03-29T00:59"),
    ("2026-03-29T03:00", "2026-03-29T01:00"),
    ("2026-10-25T01:59", "2026-10-24T23:59"),
    ("2026-10-25T02:30+02:00", "2026-10-25T00:30"),
    ("2026-10-25T02:30+01:00", "2026-10-25T01:30"),
    ("2026-10-25T03:00", "2026-10-25T02:00"),
]


@pytest.mark.parametrize(("text", "instant"), CLEAR)
def test_a_moment_is_read_in_the_sites_time_or_with_its_offset(text: str, instant: str) -> None:
    assert read_moment(text, BERLIN) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06:00",
        "2026-11-23",
        "23.11.2026 06:00",
        "2026-11-23T06:00:30",
        "2026-11-23T06:00:00.5",
        "2026-11-23T24:00",
        "2026-11-31T06:00",
        "2027-02-29T06:00",
        "2026-11-23T6:00",
        "2026-11-23T06:00+1",
        "2026-11-23T06:00+25:00",
        "1999-11-23T06:00",
        "9999-12-31T23:59",
        "2026-W48-1T06:00",
        "٢٠٢٦-11-23T06:00",
        " 2026-11-23T06:00",
        "2026-11-23T06:00\n",
    ],
)
def test_what_names_no_moment_is_told_what_would(text: str) -> None:
    with pytest.raises(Unclear, match="is not a moment like 2026-11-23T06:00"):
        read_moment(text, BERLIN)


@pytest.mark.parametrize("text", ["2026-03-29T02:00", "2026-03-29T02:59"])
def test_a_time_that_the_clocks_skip_is_refused(text: str) -> None:
    with pytest.raises(Unclear, match="is skipped when the clocks of Europe/Berlin are put forward"):
        read_moment(text, BERLIN)


@pytest.mark.parametrize("minute", ["00", "30", "59"])
def test_a_time_that_comes_twice_is_asked_about_with_both_in_full(minute: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_moment(f"2026-10-25T02:{minute}", BERLIN)
    both = str(unclear.value).partition("; write ")[2].split(" or ")
    assert both == [f"2026-10-25T02:{minute}+02:00", f"2026-10-25T02:{minute}+01:00"]
    assert read_moment(both[1], BERLIN) - read_moment(both[0], BERLIN) == timedelta(hours=1)


@settings(STEADY, max_examples=400)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1)))  # noqa: DTZ001 - a wall clock's
def test_in_every_zone_a_local_time_that_is_read_is_the_one_that_the_clock_shows(key: str, wall: datetime) -> None:
    zone, wall = ZoneInfo(key), wall.replace(second=0, microsecond=0)
    text = wall.isoformat(timespec="minutes")
    try:
        found = read_moment(text, zone)
    except Unclear:
        around = {(wall.replace(tzinfo=zone, fold=fold)).utcoffset() for fold in (0, 1)}
        assert len(around) == len((0, 1))
    else:
        assert found.astimezone(zone).replace(tzinfo=None) == wall
