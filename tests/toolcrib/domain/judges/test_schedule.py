"""Row 6: things may be taken at certain hours only, in the local time of the site."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import HQ, PERIOD, SECOND, book, subject
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.judges.schedule import schedule
from toolcrib.domain.policies import Hours, Match, Policy, Site, Week
from toolcrib.domain.record import replace

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
ZONES = sorted(available_timezones())
WEEKDAYS = "12345"
DAY = timedelta(days=1)


def hours(text: str) -> Hours:
    """`08:00-12:00`."""
    opens, closes = map(time.fromisoformat, text.split("-"))
    return Hours(opens=opens, closes=closes)


def week(days: str, *texts: str) -> Week:
    return {day: tuple(map(hours, texts)) for day in days}


def on(id_: str, when: Week, **match: str) -> Policy:
    return Policy(id=id_, period=PERIOD, match=Match(**(match or {"asset_type": "drill"})), schedule=when)


def local(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def asked(at: datetime, *policies: Policy, **site: object) -> Finding:
    """Judge a drill at a site in Berlin, unless told otherwise."""
    place = replace(HQ, **{"time_zone": "Europe/Berlin", **site})
    return schedule(subject(about={"site": place, "at": at}), book(*policies))


DAY_SHIFT, NIGHT = week(WEEKDAYS, "06:00-14:00"), week("5", "22:00-06:00")
LUNCH = week(WEEKDAYS, "06:00-12:00", "13:00-18:00")
SATURDAY = (date(2026, 11, 21),)

# 20 November 2026 is a Friday
WINDOWS = [
    ("a second before it begins", DAY_SHIFT, "2026-11-20T05:59:59", (), "2026-11-20T06:00:00"),
    ("when it begins", DAY_SHIFT, "2026-11-20T06:00:00", (), None),
    ("the last second", DAY_SHIFT, "2026-11-20T13:59:59", (), None),
    ("when it ends", DAY_SHIFT, "2026-11-20T14:00:00", (), "2026-11-23T06:00:00"),
    ("a day that is not named", DAY_SHIFT, "2026-11-21T10:00:00", (), "2026-11-23T06:00:00"),
    ("between two windows", LUNCH, "2026-11-20T12:00:00", (), "2026-11-20T13:00:00"),
    ("in the second window", LUNCH, "2026-11-20T13:00:00", (), None),
    ("before a night", NIGHT, "2026-11-20T21:59:59", (), "2026-11-20T22:00:00"),
    ("a night begins", NIGHT, "2026-11-20T22:00:00", (), None),
    ("midnight of a night", NIGHT, "2026-11-21T00:00:00", (), None),
    ("the last second of a night", NIGHT, "2026-11-21T05:59:59", (), None),
    ("a night ends", NIGHT, "2026-11-21T06:00:00", (), "2026-11-27T22:00:00"),
    ("a night belongs to the day it begins on", NIGHT, "2026-11-20T02:00:00", (), "2026-11-20T22:00:00"),
    ("a night before a closed day", NIGHT, "2026-11-20T23:59:59", SATURDAY, None),
    ("a night that runs into a closed day ends", NIGHT, "2026-11-21T00:00:00", SATURDAY, "2026-11-27T22:00:00"),
    ("a closed day", LUNCH, "2026-11-20T10:00:00", (date(2026, 11, 20),), "2026-11-23T06:00:00"),
    ("a closed day of no weekday of the schedule", LUNCH, "2026-11-20T10:00:00", SATURDAY, None),
    ("all day", week("5", "00:00-00:00"), "2026-11-20T23:59:59", (), None),
    ("all day, the next", week("5", "00:00-00:00"), "2026-11-21T00:00:00", (), "2026-11-27T00:00:00"),
    ("over the end of a year", week("4", "22:00-06:00"), "2027-01-01T05:59:59", (), None),
    ("on a leap day", week("2", "08:00-12:00"), "2028-02-29T08:00:00", (), None),
    ("towards a leap day", week("2", "08:00-12:00"), "2028-02-28T12:00:00", (), "2028-02-29T08:00:00"),
    # 02:00 to 03:00 is skipped on 29 March 2026 in Berlin, and comes twice on 25 October
    ("a night that a gap makes shorter", week("6", "22:00-06:00"), "2026-03-29T05:59:59", (), None),
    ("that ends by the clock", week("6", "22:00-06:00"), "2026-03-29T06:00:00", (), "2026-04-04T22:00:00"),
    ("a window begins in the gap", week("7", "02:30-04:00"), "2026-03-29T01:59:59", (), "2026-03-29T03:00:00"),
    ("it begins after the gap", week("7", "02:30-04:00"), "2026-03-29T03:00:00", (), None),
    ("a window that the gap swallows", week("7", "02:10-02:50"), "2026-03-29T01:00:00", (), "2026-04-05T02:10:00"),
]


@pytest.mark.parametrize(
    ("when", "at", "closed", "opens"), [case[1:] for case in WINDOWS], ids=[case[0] for case in WINDOWS]
)
def test_windows_by_the_clock_of_the_site(when: Week, at: str, closed: tuple[date, ...], opens: str | None) -> None:
    found = asked(local(at), on("p", when), closed_days=closed)
    if opens is None:
        assert (found.code, found.detail) == (None, "in the schedule of policy p")
    else:
        assert (found.code, found.says, found.needs) == ("outside_schedule", "outside_schedule", ())
        assert found.facts == {"thing": "Drill", "next": local(opens)}


def test_an_hour_that_comes_twice_is_in_a_window_both_times() -> None:
    p = on("p", week("7", "02:00-03:00"))
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert [asked(at, p).code for at in (first, second)] == [None, None]


def test_a_window_that_ends_in_an_hour_that_comes_twice_ends_the_first_time() -> None:
    p = on("p", week("7", "01:00-02:30"))
    ends = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [asked(at, p).code for at in (ends - SECOND, ends)] == [None, "outside_schedule"]


def test_what_was_compared_is_told_by_ids_and_instants() -> None:
    assert asked(local("2026-11-20T18:30:00"), on("p", DAY_SHIFT)).detail == (
        "2026-11-20T17:30:00Z is outside of the schedule of policy p at hq (Europe/Berlin), next 2026-11-23T05:00:00Z"
    )


def test_a_refusal_says_what_is_wanted_and_when_it_may_be_taken_next() -> None:
    found = asked(local("2026-11-20T18:30:00"), on("p", DAY_SHIFT))
    assert (found.code, found.says) == ("outside_schedule", "outside_schedule")
    assert found.facts == {"thing": "Drill", "next": local("2026-11-23T06:00:00")}


def test_within_all_schedules_it_names_every_policy_that_has_one() -> None:
    one, other = on("one", DAY_SHIFT), on("other", week("5", "08:00-18:00"), category="tools")
    found = asked(local("2026-11-20T10:00:00"), one, other, on("any", {}, site="hq"))
    assert found == Finding(detail="in the schedule of policy one, policy other")


def test_without_a_schedule_any_time_will_do_closed_days_included() -> None:
    found = asked(local("2026-11-20T03:00:00"), on("p", {}), closed_days=(date(2026, 11, 20),))
    assert (found.code, found.detail) == (None, "no schedule applies")


def test_opening_hours_are_no_schedule() -> None:
    assert asked(local("2026-11-20T03:00:00"), opening_hours=DAY_SHIFT).code is None


EARLY, LATE = on("early", week("5", "06:00-12:00")), on("late", week("5", "11:00-18:00"), category="tools")
SEVERAL = [
    ("in one of two", (EARLY, LATE), "2026-11-20T10:59:59", "2026-11-20T11:00:00"),
    ("in both", (EARLY, LATE), "2026-11-20T11:00:00", None),
    ("in the other of two", (EARLY, LATE), "2026-11-20T12:00:00", "2026-11-27T11:00:00"),
    ("in none", (EARLY, LATE), "2026-11-20T18:00:00", "2026-11-27T11:00:00"),
    ("a policy of other things is not asked", (EARLY, on("x", NIGHT, asset_type="saw")), "2026-11-20T06:00:00", None),
    ("the less specific one counts as well", (on("any", {}), LATE), "2026-11-20T10:00:00", "2026-11-20T11:00:00"),
]


@pytest.mark.parametrize(("policies", "at", "opens"), [case[1:] for case in SEVERAL], ids=[case[0] for case in SEVERAL])
def test_every_policy_that_matches_has_to_allow_it(policies: tuple[Policy, ...], at: str, opens: str | None) -> None:
    found = asked(local(at), *policies)
    assert found.facts.get("next") == (local(opens) if opens else None)
    assert (found.code is None) is (opens is None)


NEVER = [
    ("two that never agree", (EARLY, on("other", week("5", "12:00-18:00"), category="tools")), {}),
    (
        "closed for longer than a year",
        (EARLY,),
        {"closed_days": tuple(date(2026, 11, 1) + number * DAY for number in range(400))},
    ),
]


@pytest.mark.parametrize(("policies", "place"), [case[1:] for case in NEVER], ids=[case[0] for case in NEVER])
def test_where_no_time_is_in_sight_none_is_promised(policies: tuple[Policy, ...], place: dict[str, object]) -> None:
    found = asked(local("2026-11-20T10:00:00"), *policies, **place)
    assert (found.code, found.says) == ("outside_schedule", "outside_schedule.never")
    assert found.facts == {"thing": "Drill"}
    assert found.detail.endswith("no time within a year")


clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
windows = st.builds(Hours, opens=clocks, closes=clocks)
weeks = st.dictionaries(st.sampled_from("1234567"), st.tuples(windows), min_size=1)
moments = st.integers(
    int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2032, 1, 1, tzinfo=UTC).timestamp())
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
sites = st.builds(
    lambda zone, closed: Site(id="hq", name="HQ", time_zone=zone, closed_days=tuple(closed)),
    st.sampled_from(ZONES),
    st.lists(st.dates(date(2024, 1, 1), date(2031, 12, 31)), max_size=5),
)


def on_the_wall(place: Site, when: Week, at: datetime) -> bool:
    """Whether clock and calendar on the wall put a moment into a window: right unless the clocks are changed."""
    wall = at.astimezone(ZoneInfo(place.time_zone)).replace(tzinfo=None)
    for day in (wall.date() - DAY, wall.date()):
        if day in place.closed_days:
            continue
        for each in when.get(str(day.isoweekday()), ()):
            begins = datetime.combine(day, each.opens)
            ends = datetime.combine(day + (DAY if each.closes <= each.opens else timedelta()), each.closes)
            if day + DAY in place.closed_days:
                ends = min(ends, datetime.combine(day + DAY, time()))
            if begins <= wall < ends:
                return True
    return False


def steady(place: Site, at: datetime) -> bool:
    """Whether nobody changes the clocks within two days."""
    zone = ZoneInfo(place.time_zone)
    return (at - 2 * DAY).astimezone(zone).utcoffset() == (at + 2 * DAY).astimezone(zone).utcoffset()


@settings(STEADY, max_examples=300)
@given(sites, weeks, moments)
def test_in_every_zone_the_clock_on_the_wall_decides(place: Site, when: Week, at: datetime) -> None:
    found = schedule(subject(about={"site": place, "at": at}), book(on("p", when)))
    if steady(place, at):
        assert (found.code is None) is on_the_wall(place, when, at)


@settings(STEADY, max_examples=200)
@given(sites, st.lists(weeks, min_size=1, max_size=2), moments)
def test_the_next_moment_is_allowed_later_and_the_one_before_it_is_not(
    place: Site, several: list[Week], at: datetime
) -> None:
    rules = book(*(on(f"p{number}", when, **NAMED[number]) for number, when in enumerate(several)))
    opens = schedule(subject(about={"site": place, "at": at}), rules).facts.get("next")
    if isinstance(opens, datetime):
        assert opens > at
        codes = [
            schedule(subject(about={"site": place, "at": when}), rules).code
            for when in (opens - SECOND, at + (opens - at) / 2, opens)
        ]
        assert codes == ["outside_schedule", "outside_schedule", None]


NAMED = ({"asset_type": "drill"}, {"category": "tools"})
