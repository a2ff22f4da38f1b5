"""When a loan is due: the earliest of period, curfew and the person's own end, with closed days in between."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolcrib.domain.due import Due, Why, due
from toolcrib.domain.policies import Closed, Curfew, Hours, Period, Site, Terms

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

BERLIN = ZoneInfo("Europe/Berlin")
OPEN_WEEKDAYS = {str(day): (Hours(opens=time(8), closes=time(17)),) for day in range(1, 6)}
NEVER_OPEN = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(1200))
HOUR = timedelta(hours=1)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def site(**more: object) -> Site:
    return Site(**{"id": "hq", "name": "HQ", "time_zone": "Europe/Berlin", **more})  # type: ignore[arg-type]


def terms(period: Period, closed: Closed = Closed.KEEP, curfew: Curfew | None = None) -> Terms:
    return Terms(policy="p", period=period, closed=closed, curfew=curfew or Curfew())


def rolling(**length: float) -> Period:
    return Period(after=timedelta(**length))


def until(hour: int, minute: int = 0) -> Period:
    return Period(until=time(hour, minute))


SHIFT = Period(end_of_shift=True)

PERIODS = [
    ("minutes matter", rolling(minutes=90), "2026-11-20T09:00:00", "2026-11-20T10:30:00"),
    ("a rolling day is 24 h over the spring change", rolling(days=1), "2026-03-28T12:00:00", "2026-03-29T13:00:00"),
    ("a rolling day is 24 h over the autumn change", rolling(days=1), "2026-10-24T12:00:00", "2026-10-25T11:00:00"),
    ("a rolling day over a leap day", rolling(days=2), "2028-02-28T12:00:00", "2028-03-01T12:00:00"),
    ("a rolling day over the year's end", rolling(days=1), "2026-12-31T12:00:00", "2027-01-01T12:00:00"),
    ("fixed, later today", until(17, 30), "2026-11-20T17:29:59", "2026-11-20T17:30:00"),
    ("fixed, at that very moment", until(17, 30), "2026-11-20T17:30:00", "2026-11-21T17:30:00"),
    ("fixed, just after", until(17, 30), "2026-11-20T17:30:01", "2026-11-21T17:30:00"),
    ("fixed follows the wall clock in spring", until(12), "2026-03-28T12:00:00", "2026-03-29T12:00:00"),
    ("fixed in the gap", until(2, 30), "2026-03-28T20:00:00", "2026-03-29T03:00:00"),
    ("fixed on a leap day", until(17, 30), "2028-02-28T18:00:00", "2028-02-29T17:30:00"),
    ("fixed over the year's end", until(8), "2026-12-31T20:00:00", "2027-01-01T08:00:00"),
    ("end of shift, open all day", SHIFT, "2026-11-20T09:00:00", "2026-11-21T00:00:00"),
]


@pytest.mark.parametrize(
    ("period", "taken", "expected"), [case[1:] for case in PERIODS], ids=[case[0] for case in PERIODS]
)
def test_the_loan_period(period: Period, taken: str, expected: str) -> None:
    assert due(terms(period), site(), berlin(taken)) == Due(at=berlin(expected), why=Why.LOAN_PERIOD)


def test_a_fixed_time_in_the_fold_is_the_first_of_the_two() -> None:
    found = due(terms(until(2, 30)), site(), berlin("2026-10-24T20:00:00"))
    assert found.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_taken_between_the_two_of_a_fold_is_due_the_next_day() -> None:
    between = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 02:00 for the second time
    assert due(terms(until(2, 30)), site(), between).at == berlin("2026-10-26T02:30:00")


SHIFTS = [
    ("2026-11-20T09:00:00", "2026-11-20T17:00:00"),
    ("2026-11-20T16:59:59", "2026-11-20T17:00:00"),
    ("2026-11-20T17:00:00", "2026-11-23T17:00:00"),
    ("2026-11-21T10:00:00", "2026-11-23T17:00:00"),
]


@pytest.mark.parametrize(("taken", "expected"), SHIFTS)
def test_without_a_known_shift_it_ends_with_the_opening_hours(taken: str, expected: str) -> None:
    assert due(terms(SHIFT), site(opening_hours=OPEN_WEEKDAYS), berlin(taken)).at == berlin(expected)


def test_a_known_shift_end_wins_over_the_opening_hours() -> None:
    place, taken, end = site(opening_hours=OPEN_WEEKDAYS), berlin("2026-11-20T09:00:00"), berlin("2026-11-20T14:00:00")
    assert due(terms(SHIFT), place, taken, shift_end=end).at == end


def test_a_shift_that_has_ended_does_not_count() -> None:
    place, taken = site(opening_hours=OPEN_WEEKDAYS), berlin("2026-11-20T14:00:00")
    assert due(terms(SHIFT), place, taken, shift_end=taken).at == berlin("2026-11-20T17:00:00")


def test_a_shift_end_means_nothing_to_other_periods() -> None:
    taken = berlin("2026-11-20T09:00:00")
    assert due(terms(rolling(hours=8)), site(), taken, shift_end=taken + HOUR).at == taken + 8 * HOUR


def test_end_of_shift_where_it_never_opens_is_midnight() -> None:
    closed = site(opening_hours=OPEN_WEEKDAYS, closed_days=NEVER_OPEN)
    assert due(terms(SHIFT), closed, berlin("2026-11-20T09:00:00")).at == berlin("2026-11-21T00:00:00")


FRIDAY, SATURDAY_NOON, MONDAY_OPEN, FRIDAY_CLOSE = (
    "2026-11-20T12:00:00",
    "2026-11-21T12:00:00",
    "2026-11-23T08:00:00",
    "2026-11-20T17:00:00",
)
NEXT, PREVIOUS = Closed.START_OF_NEXT_OPEN, Closed.END_OF_PREVIOUS_OPEN

CLOSED_DAYS = [
    ("kept", Closed.KEEP, FRIDAY, 24.0, SATURDAY_NOON),
    ("moved to the next opening", NEXT, FRIDAY, 24.0, MONDAY_OPEN),
    ("moved to the previous closing", PREVIOUS, FRIDAY, 24.0, FRIDAY_CLOSE),
    ("in time: an end in opening hours stays, next", NEXT, FRIDAY, 1.0, "2026-11-20T13:00:00"),
    ("in time: an end in opening hours stays, previous", PREVIOUS, FRIDAY, 1.0, "2026-11-20T13:00:00"),
    ("in time: an end at the moment of closing stays, next", NEXT, FRIDAY, 5.0, FRIDAY_CLOSE),
    ("in time: an end at the moment of closing stays, previous", PREVIOUS, FRIDAY, 5.0, FRIDAY_CLOSE),
    ("in time: an end at the moment of opening stays", PREVIOUS, FRIDAY, 68.0, MONDAY_OPEN),
    ("a second after closing moves on", NEXT, FRIDAY, 5 + 1 / 3600, MONDAY_OPEN),
    ("a second after closing moves back", PREVIOUS, FRIDAY, 5 + 1 / 3600, FRIDAY_CLOSE),
    ("never before it was taken: the next opening", PREVIOUS, "2026-11-20T17:00:01", 4.0, MONDAY_OPEN),
    ("never a loan of no length: the next opening", PREVIOUS, FRIDAY_CLOSE, 4.0, MONDAY_OPEN),
    ("taken a second before closing", PREVIOUS, "2026-11-20T16:59:59", 4.0, FRIDAY_CLOSE),
]


@pytest.mark.parametrize(
    ("closed", "taken", "hours", "expected"), [case[1:] for case in CLOSED_DAYS], ids=[case[0] for case in CLOSED_DAYS]
)
def test_closed_hours_shift_the_end_of_the_period(closed: Closed, taken: str, hours: float, expected: str) -> None:
    place = site(opening_hours=OPEN_WEEKDAYS)
    found = due(terms(rolling(hours=hours), closed), place, berlin(taken))
    assert found == Due(at=berlin(expected), why=Why.LOAN_PERIOD)


def test_a_closed_day_shifts_like_closed_hours() -> None:
    place = site(closed_days=(date(2026, 12, 25), date(2026, 12, 26)))
    taken = berlin("2026-12-24T12:00:00")
    assert due(terms(rolling(days=1), NEXT), place, taken).at == berlin("2026-12-27T00:00:00")
    assert due(terms(rolling(days=1), PREVIOUS), place, taken).at == berlin("2026-12-25T00:00:00")


@pytest.mark.parametrize("closed", list(Closed))
def test_where_the_site_never_opens_again_the_end_stays(closed: Closed) -> None:
    place = site(opening_hours=OPEN_WEEKDAYS, closed_days=NEVER_OPEN)
    taken = berlin("2027-06-01T12:00:00")
    assert due(terms(rolling(days=1), closed), place, taken).at == taken + timedelta(days=1)


LIMITS = [
    ("curfew by the clock", Curfew(at=time(16)), None, "2026-11-20T16:00:00", Why.CURFEW_AT),
    ("curfew by the clock, tomorrow", Curfew(at=time(12)), None, "2026-11-21T12:00:00", Why.CURFEW_AT),
    ("curfew by duration", Curfew(after=timedelta(minutes=20)), None, "2026-11-20T12:20:00", Why.CURFEW_AFTER),
    ("the earlier of both curfews", Curfew(at=time(16), after=3 * HOUR), None, "2026-11-20T15:00:00", Why.CURFEW_AFTER),
    (
        "the earlier of both curfews, again",
        Curfew(at=time(14), after=3 * HOUR),
        None,
        "2026-11-20T14:00:00",
        Why.CURFEW_AT,
    ),
    ("the person's own end", Curfew(at=time(16)), "2026-11-20T15:59:59", "2026-11-20T15:59:59", Why.VALID_UNTIL),
    (
        "the person's end after the curfew",
        Curfew(at=time(16)),
        "2026-11-20T16:00:01",
        "2026-11-20T16:00:00",
        Why.CURFEW_AT,
    ),
    ("a tie is the curfew's", Curfew(at=time(16)), "2026-11-20T16:00:00", "2026-11-20T16:00:00", Why.CURFEW_AT),
]


@pytest.mark.parametrize("closed", list(Closed))
@pytest.mark.parametrize(
    ("curfew", "valid_until", "expected", "why"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS]
)
def test_a_hard_limit_wins_after_the_shift(
    curfew: Curfew, valid_until: str | None, expected: str, why: Why, closed: Closed
) -> None:
    place = site(opening_hours={"1": (Hours(opens=time(8), closes=time(17)),)})
    end = valid_until and berlin(valid_until)
    found = due(terms(rolling(days=2), closed, curfew), place, berlin(FRIDAY), valid_until=end or None)
    assert found == Due(at=berlin(expected), why=why)


def test_hard_limits_are_not_moved_out_of_closed_hours() -> None:
    place = site(opening_hours=OPEN_WEEKDAYS)
    found = due(terms(rolling(days=9), NEXT, Curfew(at=time(3))), place, berlin(FRIDAY))
    assert found == Due(at=berlin("2026-11-21T03:00:00"), why=Why.CURFEW_AT)


def test_a_period_shorter_than_every_limit_stays_the_reason() -> None:
    curfew = Curfew(at=time(16), after=4 * HOUR)
    found = due(terms(rolling(hours=4), curfew=curfew), site(), berlin(FRIDAY), valid_until=berlin(FRIDAY) + 5 * HOUR)
    assert found == Due(at=berlin("2026-11-20T16:00:00"), why=Why.LOAN_PERIOD)


TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - UTC it is
HOURS = st.dictionaries(
    st.sampled_from("1234567"), st.tuples(st.builds(Hours, opens=st.times(), closes=st.times())), max_size=7
)
PERIOD = st.one_of(
    st.builds(Period, after=st.timedeltas(timedelta(minutes=1), timedelta(days=60))),
    st.builds(Period, until=st.times()),
    st.just(SHIFT),
)


@settings(STEADY, max_examples=150)
@given(
    st.sampled_from(sorted(available_timezones())),
    HOURS,
    TIMES,
    PERIOD,
    st.sampled_from(Closed),
    st.builds(Curfew, at=st.none() | st.times(), after=st.none() | st.timedeltas(HOUR, 200 * HOUR)),
)
def test_whatever_the_terms_it_is_due_after_it_was_taken_and_never_after_a_limit(
    zone: str, hours: dict[str, tuple[Hours, ...]], taken: datetime, period: Period, closed: Closed, curfew: Curfew
) -> None:
    place = site(time_zone=zone, opening_hours=hours)
    found = due(terms(period, closed, curfew), place, taken, valid_until=taken + timedelta(days=5))
    assert found.at.tzinfo is UTC
    assert taken < found.at <= taken + timedelta(days=5)
    assert curfew.after is None or found.at <= taken + curfew.after
    assert found == due(terms(period, closed, curfew), place, taken, valid_until=taken + timedelta(days=5))
