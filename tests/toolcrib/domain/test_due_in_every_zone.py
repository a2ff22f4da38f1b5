"""When a loan is due, as sentences that hold in every zone there is: gaps, folds, leap days, year ends, closed days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolcrib.domain.calendars import is_open, next_open, previous_close
from toolcrib.domain.due import Due, Why, due
from toolcrib.domain.policies import Closed, Curfew, Hours, Period, Site, Terms

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

ZONES = sorted(available_timezones())
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


def offset(zone: ZoneInfo, at: datetime) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found


def wall(zone: ZoneInfo, at: datetime) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


@cache
def changes(key: str) -> tuple[datetime, ...]:
    """Return the instants at which the clocks of a zone are changed, as far as this page looks."""
    return tuple(_changes(ZoneInfo(key)))


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    at = FIRST
    while at < LAST:
        after = at + 7 * DAY
        if offset(zone, at) != offset(zone, after):
            low, high = 0, int((after - at) / SECOND)
            while high - low > 1:
                middle = (low + high) // 2
                same = offset(zone, at + middle * SECOND) == offset(zone, at)
                low, high = (middle, high) if same else (low, middle)
            yield at + high * SECOND
        at = after


CHANGING = [key for key in ZONES if changes(key)]


def site(key: str, **more: object) -> Site:
    return Site(**{"id": "s", "name": "S", "time_zone": key, **more})  # type: ignore[arg-type]


def terms(period: Period, closed: Closed = Closed.KEEP, curfew: Curfew | None = None) -> Terms:
    return Terms(policy="p", period=period, closed=closed, curfew=curfew or Curfew())


def test_there_are_hundreds_of_zones_and_many_that_change_their_clocks() -> None:
    assert len(ZONES) > 400
    assert len(CHANGING) > 150


@pytest.mark.parametrize("key", CHANGING)
def test_a_time_that_a_change_skips_is_due_right_after_it_and_one_that_comes_twice_the_first_time(key: str) -> None:
    zone = ZoneInfo(key)
    for change in changes(key):
        moved = offset(zone, change) - offset(zone, change - SECOND)
        before = change + offset(zone, change - SECOND)  # what the clock would have shown
        middle = (before + moved / 2).replace(tzinfo=None)
        found = due(terms(Period(until=middle.time())), site(key), change - 3 * HOUR).at
        if moved > timedelta():
            assert found == change
        else:
            assert wall(zone, found) == middle
            assert change + moved <= found < change


@pytest.mark.parametrize("key", CHANGING)
def test_a_rolling_day_is_24_hours_and_a_fixed_time_follows_the_clock_whatever_is_changed(key: str) -> None:
    zone = ZoneInfo(key)
    for change in changes(key):
        taken = change - 12 * HOUR
        assert due(terms(Period(after=DAY)), site(key), taken).at - taken == 24 * HOUR
        noon = due(terms(Period(until=time(12))), site(key), taken).at
        assert wall(zone, noon).time() == time(12)
        assert timedelta() < noon - taken <= DAY + abs(offset(zone, change) - offset(zone, taken))


CALENDAR = ["2024-02-28", "2024-02-29", "2025-02-28", "2028-02-29", "2026-12-31", "2027-01-01", "2024-12-31"]


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in CALENDAR], ids=CALENDAR)
def test_over_leap_days_and_the_ends_of_years_a_fixed_time_is_that_of_the_next_day(day: date) -> None:
    for key in ZONES:
        zone = ZoneInfo(key)
        taken = datetime.combine(day, time(18), zone).astimezone(UTC)
        found = due(terms(Period(until=time(17, 30))), site(key), taken).at
        assert wall(zone, found) == datetime.combine(day + DAY, time(17, 30)), key


any_zone = st.sampled_from(ZONES)
seconds = st.integers(int(FIRST.timestamp()), int(LAST.timestamp()))
anywhen = seconds.map(lambda second: datetime.fromtimestamp(second, UTC))
near_changes = st.sampled_from(CHANGING).flatmap(
    lambda key: st.tuples(
        st.just(key),
        st.sampled_from(changes(key)),
        st.integers(-3 * 86400, 3 * 86400).map(lambda away: away * SECOND),
    ).map(lambda drawn: (drawn[0], drawn[1] + drawn[2]))
)
moments = st.one_of(near_changes, st.tuples(any_zone, anywhen))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
weeks = st.dictionaries(
    st.sampled_from("1234567"),
    st.lists(st.builds(Hours, opens=clocks, closes=clocks), min_size=1, max_size=3).map(tuple),
)
holidays = st.lists(st.integers(-3, 9), max_size=6)
lengths = st.integers(1, 14 * 24 * 60).map(lambda minutes: minutes * MINUTE)
periods = st.one_of(lengths.map(lambda after: Period(after=after)), clocks.map(lambda at: Period(until=at)))
curfews = st.builds(Curfew, at=st.none() | clocks, after=st.none() | lengths)


def closed_around(key: str, at: datetime, days: list[int]) -> tuple[date, ...]:
    today = at.astimezone(ZoneInfo(key)).date()
    return tuple(today + number * DAY for number in days)


@settings(STEADY, max_examples=200)
@given(moments, clocks)
def test_a_fixed_time_shows_on_the_wall_unless_the_clocks_skip_it(drawn: tuple[str, datetime], clock: time) -> None:
    key, taken = drawn
    zone = ZoneInfo(key)
    found = due(terms(Period(until=clock)), site(key), taken).at
    if wall(zone, found).time() != clock:
        skipped = datetime.combine(wall(zone, found - SECOND).date(), clock)
        day_before = datetime.combine(wall(zone, found).date(), clock)
        shown = wall(zone, found - SECOND), wall(zone, found)
        assert any(shown[0] < each < shown[1] for each in (skipped, day_before))


@settings(STEADY, max_examples=150)
@given(moments, periods, st.sampled_from(Closed), curfews, weeks, holidays, st.none() | lengths)
def test_the_earliest_of_all_times_wins_and_is_named(
    drawn: tuple[str, datetime],
    period: Period,
    closed: Closed,
    curfew: Curfew,
    hours: dict[str, tuple[Hours, ...]],
    days: list[int],
    end: timedelta | None,
) -> None:
    key, taken = drawn
    place = site(key, opening_hours=hours, closed_days=closed_around(key, taken, days))
    until = None if end is None else taken + end
    found = due(terms(period, closed, curfew), place, taken, valid_until=until)
    each = {Why.LOAN_PERIOD: due(terms(period, closed), place, taken).at}
    if curfew.at is not None:
        each[Why.CURFEW_AT] = due(terms(Period(until=curfew.at)), site(key), taken).at
    if curfew.after is not None:
        each[Why.CURFEW_AFTER] = taken + curfew.after
    if until is not None:
        each[Why.VALID_UNTIL] = until
    assert found.at == min(each.values()) > taken
    assert found == Due(at=each[found.why], why=found.why)


@settings(STEADY, max_examples=150)
@given(moments, periods, weeks, holidays)
def test_moved_to_the_next_opening_it_is_due_then_and_never_earlier_than_without(
    drawn: tuple[str, datetime], period: Period, hours: dict[str, tuple[Hours, ...]], days: list[int]
) -> None:
    key, taken = drawn
    place = site(key, opening_hours=hours, closed_days=closed_around(key, taken, days))
    kept = due(terms(period), place, taken).at
    moved = due(terms(period, Closed.START_OF_NEXT_OPEN), place, taken).at
    if is_open(place, kept) or previous_close(place, kept) == kept:
        assert moved == kept
    else:
        assert moved == (next_open(place, kept) or kept) > kept


@settings(STEADY, max_examples=150)
@given(moments, periods, weeks, holidays)
def test_moved_to_the_last_closing_it_is_due_then_unless_that_was_before_it_was_taken(
    drawn: tuple[str, datetime], period: Period, hours: dict[str, tuple[Hours, ...]], days: list[int]
) -> None:
    key, taken = drawn
    place = site(key, opening_hours=hours, closed_days=closed_around(key, taken, days))
    kept = due(terms(period), place, taken).at
    moved = due(terms(period, Closed.END_OF_PREVIOUS_OPEN), place, taken).at
    closing = previous_close(place, kept)
    if is_open(place, kept):
        assert moved == kept
    elif closing is not None and closing > taken:
        assert moved == closing <= kept
    else:
        assert moved == due(terms(period, Closed.START_OF_NEXT_OPEN), place, taken).at


@settings(STEADY, max_examples=150)
@given(moments, weeks, holidays, lengths)
def test_a_shift_that_runs_decides_its_end_and_one_that_does_not_changes_nothing(
    drawn: tuple[str, datetime], hours: dict[str, tuple[Hours, ...]], days: list[int], length: timedelta
) -> None:
    key, taken = drawn
    place, shift = (
        site(key, opening_hours=hours, closed_days=closed_around(key, taken, days)),
        Period(end_of_shift=True),
    )
    assert due(terms(shift), place, taken, shift_end=taken + length).at == taken + length
    without = due(terms(shift), place, taken)
    assert due(terms(shift), place, taken, shift_end=taken) == without
    assert without.at > taken
