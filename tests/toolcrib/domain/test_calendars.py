"""Local time as instants: gaps, folds, opening hours, nights and closed days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from toolcrib.domain.calendars import (
    SEARCH_DAYS,
    end_of_opening_day,
    is_open,
    local_date,
    next_occurrence,
    next_open,
    previous_close,
    to_instant,
    windows,
)
from toolcrib.domain.policies import Hours, Site

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
DAYTIME = (Hours(opens=time(8), closes=time(17)),)
SECOND = timedelta(seconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def berlin(text: str) -> datetime:
    """What a clock in Berlin shows, in winter or summer but never at a change."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def site(hours: dict[str, tuple[Hours, ...]] | None = None, closed: tuple[date, ...] = ()) -> Site:
    return Site(id="hq", name="HQ", time_zone="Europe/Berlin", opening_hours=hours or {}, closed_days=closed)


def weekdays(*hours: Hours, closed: tuple[date, ...] = ()) -> Site:
    return site({str(day): hours or DAYTIME for day in range(1, 6)}, closed)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


LOCAL_TIMES = [
    ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
    ("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00"),  # gap: all of 02:xx is 03:00
    ("Europe/Berlin", "2026-03-29T02:59:59", "2026-03-29T01:00:00"),
    ("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
    ("Europe/Berlin", "2026-03-29T03:00:01", "2026-03-29T01:00:01"),
    ("Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59"),
    ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00"),  # fold: the first of the two
    ("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
    ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00"),
    ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00"),
    ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00"),  # a gap of half an hour
    ("Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00"),  # a fold of half an hour
    ("America/Havana", "2026-03-08T00:00:00", "2026-03-08T05:00:00"),  # a day without its midnight
    ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00"),  # a day that never was
    ("Europe/Dublin", "2026-03-29T01:30:00", "2026-03-29T01:00:00"),  # summer is standard time there
    ("Asia/Kathmandu", "2028-02-29T17:30:00", "2028-02-29T11:45:00"),
    ("Europe/Berlin", "2026-12-31T23:59:59", "2026-12-31T22:59:59"),
    ("Pacific/Kiritimati", "2027-01-01T00:00:00", "2026-12-31T10:00:00"),
    ("UTC", "2026-06-01T00:00:00.000001", "2026-06-01T00:00:00.000001"),
]


@pytest.mark.parametrize(("zone", "local", "instant"), LOCAL_TIMES)
def test_a_local_time_is_the_first_instant_at_which_the_clock_shows_it_or_has_passed_it(
    zone: str, local: str, instant: str
) -> None:
    at = datetime.fromisoformat(local)
    assert to_instant(at.date(), at.time(), ZoneInfo(zone)) == utc(instant)


@st.composite
def local_times_near_a_change(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone and a local time within 26 h of one of its changes of offset."""
    zone = draw(ZONES)
    start = datetime(draw(st.integers(1970, 2037)), 1, 1, 12, tzinfo=UTC)
    noons = [start + timedelta(days=day) for day in range(367)]
    offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
    changes = [noon for noon, a, b in zip(noons, offsets, offsets[1:], strict=False) if a != b]
    assume(changes)
    near = draw(st.sampled_from(changes)) + timedelta(seconds=draw(st.integers(-26 * 3600, 50 * 3600)))
    return zone, near.replace(tzinfo=None) + draw(st.sampled_from([timedelta(), *filter(None, offsets)]))


@settings(STEADY, max_examples=100)
@given(local_times_near_a_change(), st.integers(1, 48 * 3600))
def test_no_earlier_instant_shows_the_local_time_or_a_later_one(
    case: tuple[ZoneInfo, datetime], earlier_s: int
) -> None:
    zone, local = case
    instant = to_instant(local.date(), local.time(), zone)
    assert instant.tzinfo is UTC
    assert wall(instant, zone) >= local
    assert wall(instant - timedelta(microseconds=1), zone) < local
    assert wall(instant - earlier_s * SECOND, zone) < local


@settings(STEADY, max_examples=100)
@given(ZONES, st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30)), st.times())  # noqa: DTZ001 - UTC below
def test_the_next_occurrence_is_strictly_later_and_the_first(zone: ZoneInfo, after: datetime, clock: time) -> None:
    now = after.replace(tzinfo=UTC)
    found = next_occurrence(clock, now, zone)
    today = local_date(now, zone)
    days = [today + timedelta(days=day) for day in range(-2, 4)]
    assert found == min(at for at in (to_instant(day, clock, zone) for day in days) if at > now)


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_the_next_occurrence_of_now_is_tomorrow(day: date) -> None:
    now = to_instant(day, time(17, 30), BERLIN)
    assert next_occurrence(time(17, 30), now, BERLIN) == now + timedelta(days=1)
    assert next_occurrence(time(17, 30), now - SECOND, BERLIN) == now


OPEN = [
    ("2026-11-20T07:59:59", False),
    ("2026-11-20T08:00:00", True),
    ("2026-11-20T16:59:59", True),
    ("2026-11-20T17:00:00", False),
    ("2026-11-21T12:00:00", False),
]


@pytest.mark.parametrize(("local", "open_"), OPEN)
def test_a_site_opens_at_the_moment_of_opening_and_is_closed_at_the_moment_of_closing(local: str, open_: bool) -> None:
    assert is_open(weekdays(), berlin(local)) is open_


NIGHT = Hours(opens=time(22), closes=time(6))


@pytest.mark.parametrize(
    ("local", "open_"),
    [
        ("2026-11-20T21:59:59", False),
        ("2026-11-20T22:00:00", True),
        ("2026-11-21T00:00:00", True),
        ("2026-11-21T05:59:59", True),  # Saturday has no entry; the night is Friday's
        ("2026-11-21T06:00:00", False),
        ("2026-11-21T22:00:00", False),
        ("2026-11-23T05:00:00", False),  # Sunday night has no entry
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_begins(local: str, open_: bool) -> None:
    assert is_open(weekdays(NIGHT), berlin(local)) is open_


@pytest.mark.parametrize(
    ("local", "open_"),
    [
        ("2026-12-24T23:59:59", True),
        ("2026-12-25T00:00:00", False),
        ("2026-12-25T05:00:00", False),
        ("2026-12-25T23:00:00", False),
        ("2026-12-26T01:00:00", False),
    ],
)
def test_a_closed_day_is_closed_from_midnight_to_midnight_also_for_the_night_before(local: str, open_: bool) -> None:
    closed = site({str(day): (NIGHT,) for day in range(1, 8)}, (date(2026, 12, 25),))
    assert is_open(closed, berlin(local)) is open_


def test_a_site_without_hours_is_always_open() -> None:
    for hour in range(24 * 8):
        assert is_open(site(), utc("2026-11-20T00:00:00") + timedelta(hours=hour))


def test_a_site_without_hours_is_still_closed_on_its_closed_days() -> None:
    holiday = site(closed=(date(2026, 12, 25),))
    assert is_open(holiday, berlin("2026-12-24T23:59:59"))
    assert not is_open(holiday, berlin("2026-12-25T00:00:00"))
    assert not is_open(holiday, berlin("2026-12-25T23:59:59"))
    assert is_open(holiday, berlin("2026-12-26T00:00:00"))
    assert previous_close(holiday, berlin("2026-12-25T12:00:00")) == berlin("2026-12-25T00:00:00")
    assert next_open(holiday, berlin("2026-12-25T12:00:00")) == berlin("2026-12-26T00:00:00")


def test_hours_that_end_where_they_begin_last_a_whole_day() -> None:
    whole = site({"5": (Hours(opens=time(0), closes=time(0)),)})
    assert is_open(whole, berlin("2026-11-20T00:00:00"))
    assert is_open(whole, berlin("2026-11-20T23:59:59"))
    assert not is_open(whole, berlin("2026-11-21T00:00:00"))


CLOSES = [
    ("2026-11-20T16:59:59", "2026-11-19T17:00:00"),
    ("2026-11-20T17:00:00", "2026-11-20T17:00:00"),
    ("2026-11-22T12:00:00", "2026-11-20T17:00:00"),
    ("2026-11-23T08:00:00", "2026-11-20T17:00:00"),
]


@pytest.mark.parametrize(("local", "closed"), CLOSES)
def test_the_previous_close_is_at_or_before(local: str, closed: str) -> None:
    assert previous_close(weekdays(), berlin(local)) == berlin(closed)


OPENS = [
    ("2026-11-20T07:59:59", "2026-11-20T08:00:00"),
    ("2026-11-20T08:00:00", "2026-11-20T08:00:00"),
    ("2026-11-20T12:00:00", "2026-11-20T12:00:00"),
    ("2026-11-20T17:00:00", "2026-11-23T08:00:00"),
    ("2026-11-23T07:00:00", "2026-11-23T08:00:00"),
]


@pytest.mark.parametrize(("local", "opened"), OPENS)
def test_the_next_open_is_at_or_after(local: str, opened: str) -> None:
    assert next_open(weekdays(), berlin(local)) == berlin(opened)


def test_windows_that_touch_or_overlap_do_not_close_in_between() -> None:
    shifts = weekdays(Hours(opens=time(6), closes=time(14)), Hours(opens=time(13), closes=time(22)), NIGHT)
    assert previous_close(shifts, berlin("2026-11-19T23:00:00")) is not None
    assert previous_close(shifts, berlin("2026-11-19T23:00:00")) == berlin("2026-11-14T06:00:00")
    assert next_open(shifts, berlin("2026-11-21T06:00:00")) == berlin("2026-11-23T06:00:00")


ENDS = [
    ("2026-11-20T09:00:00", "2026-11-20T17:00:00"),
    ("2026-11-20T12:30:00", "2026-11-20T17:00:00"),  # the lunch break
    ("2026-11-20T07:00:00", "2026-11-20T17:00:00"),  # before the first opening
    ("2026-11-20T16:59:59", "2026-11-20T17:00:00"),
    ("2026-11-20T17:00:00", "2026-11-23T17:00:00"),
    ("2026-11-21T12:00:00", "2026-11-23T17:00:00"),
]


@pytest.mark.parametrize(("local", "end"), ENDS)
def test_the_opening_day_ends_with_its_last_closing(local: str, end: str) -> None:
    split = weekdays(Hours(opens=time(8), closes=time(12)), Hours(opens=time(13), closes=time(17)))
    assert end_of_opening_day(split, berlin(local)) == berlin(end)


def test_the_early_hours_belong_to_the_night_that_began_yesterday() -> None:
    nights = weekdays(NIGHT)
    assert end_of_opening_day(nights, berlin("2026-11-20T01:00:00")) == berlin("2026-11-20T06:00:00")
    assert end_of_opening_day(nights, berlin("2026-11-20T06:00:00")) == berlin("2026-11-21T06:00:00")


def test_a_day_that_never_closes_ends_at_midnight() -> None:
    assert end_of_opening_day(site(), berlin("2026-12-31T23:59:59")) == berlin("2027-01-01T00:00:00")
    assert end_of_opening_day(site(), berlin("2027-01-01T00:00:00")) == berlin("2027-01-02T00:00:00")


def test_a_site_that_never_opens_within_the_limit_has_no_opening_and_no_closing() -> None:
    start = date(2026, 1, 1)
    never = weekdays(closed=tuple(start + timedelta(days=day) for day in range(3 * SEARCH_DAYS)))
    middle = berlin("2027-06-15T12:00:00")
    assert next_open(never, middle) is None
    assert previous_close(never, middle) is None
    assert end_of_opening_day(never, middle) is None


def test_a_window_inside_the_gap_of_a_time_change_does_not_happen() -> None:
    early = site({"7": (Hours(opens=time(2), closes=time(3)),)})
    assert list(windows(early, date(2026, 3, 29))) == []
    assert list(windows(early, date(2026, 3, 22))) == [(berlin("2026-03-22T02:00:00"), berlin("2026-03-22T03:00:00"))]


@settings(STEADY, max_examples=100)
@given(
    ZONES,
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 1)),  # noqa: DTZ001 - UTC below
    st.dictionaries(
        st.sampled_from("1234567"),
        st.lists(st.builds(Hours, opens=st.times(), closes=st.times()), max_size=3).map(tuple),
    ),
)
def test_between_a_closing_and_the_next_opening_the_site_is_closed(
    zone: ZoneInfo, at: datetime, hours: dict[str, tuple[Hours, ...]]
) -> None:
    place = Site(id="x", name="X", time_zone=zone.key, opening_hours=hours)
    now = at.replace(tzinfo=UTC)
    assume(not is_open(place, now))
    closed, opened = previous_close(place, now), next_open(place, now)
    if closed is not None and opened is not None:
        assert closed <= now < opened
        assert is_open(place, opened)
        assert not is_open(place, closed)
        assert is_open(place, closed - timedelta(microseconds=1))
        assert not is_open(place, closed + (opened - closed) / 2)
