"""Once a day, once a week, at the site's hour, whatever the clock does."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.digests import DAILY, WEEKLY, Summary, counted, day_of, end_of_day, is_over, of_day, of_week
from toolcrib.domain.gathering import gathers
from toolcrib.domain.notices import Notice
from toolcrib.domain.outbox import still_true
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Hours, Site, To
from toolcrib.domain.record import replace

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 07:00 in Berlin
WORKDAYS = {str(day): (Hours(opens=time(8), closes=time(18)),) for day in range(1, 6)}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OWNER = Person(id="p-7", name="Ina Own", site="hq")


def hq(**more: Any) -> Site:
    return Site(
        **{
            "id": "hq",
            "name": "HQ",
            "time_zone": "Europe/Berlin",
            "supervisors": ("p-8", "p-9"),
            "channel": "#hq",
            "digest_at": time(7),
            **more,
        }
    )


def test_a_site_without_an_hour_is_told_nothing() -> None:
    assert of_day(hq(digest_at=None), MONDAY) == ()


def test_nothing_is_due_before_the_hour_and_all_day_after_it() -> None:
    assert of_day(hq(), MONDAY - MINUTE) == ()
    assert [(each.to, each.recipient) for each in of_day(hq(), MONDAY)] == [
        (To.CHANNEL, "#hq"),
        (To.SUPERVISOR, "p-8"),
        (To.SUPERVISOR, "p-9"),
    ]
    assert len(of_day(hq(), MONDAY + timedelta(hours=16, minutes=59))) == 3


def test_whenever_a_day_is_looked_at_its_records_are_the_same() -> None:
    first = [each.id for each in of_day(hq(), MONDAY)]
    for hours in range(1, 17):
        assert [each.id for each in of_day(hq(), MONDAY + timedelta(hours=hours))] == first
    tomorrow = {each.id for each in of_day(hq(), MONDAY + DAY)}
    assert tomorrow.isdisjoint(first)


def test_what_is_caught_up_hours_later_is_marked_late() -> None:
    assert {each.late for each in of_day(hq(), MONDAY + 5 * MINUTE)} == {False}
    assert {each.late for each in of_day(hq(), MONDAY + timedelta(hours=5))} == {True}


def test_a_day_on_which_the_site_stays_shut_has_no_digest() -> None:
    saturday = MONDAY + 5 * DAY
    assert day_of(hq(), saturday) == date(2026, 11, 28)
    assert day_of(hq(opening_hours=WORKDAYS), saturday) is None
    assert day_of(hq(closed_days=(date(2026, 11, 23),)), MONDAY) is None


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_days_on_which_the_clock_is_turned_there_is_one_digest_after_the_hour(day: date) -> None:
    """02:30 does not exist in March and exists twice in October."""
    site = hq(digest_at=time(2, 30))
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    found = [
        (each.id, each.due_at)
        for minutes in range(0, 30 * 60, 5)
        for each in of_day(site, begin + minutes * MINUTE)
        if each.period == day.isoformat() and each.to is To.CHANNEL
    ]
    assert len(set(found)) == 1
    utc = (1, 0) if day.month == 3 else (0, 30)
    assert found[0][1] == datetime(day.year, day.month, day.day, *utc, tzinfo=UTC)


def test_an_owner_is_told_once_a_week_from_its_first_open_day_on() -> None:
    site = hq(opening_hours=WORKDAYS, closed_days=(date(2026, 11, 23),))
    assert of_week(OWNER, site, MONDAY + timedelta(hours=10)) is None
    first = of_week(OWNER, site, MONDAY + DAY)
    assert first is not None
    assert (first.period, first.to, first.recipient, first.step) == ("2026-W48", To.OWNER, "p-7", WEEKLY)
    later = of_week(OWNER, site, MONDAY + 6 * DAY)
    assert later is not None
    assert later.id == first.id
    after = of_week(OWNER, hq(), MONDAY + 7 * DAY)
    assert after is not None
    assert after.id != first.id


def test_an_owner_without_a_site_is_told_on_monday_morning() -> None:
    nowhere = replace(OWNER, site=None)
    assert of_week(nowhere, None, datetime(2026, 11, 23, 6, 59, tzinfo=UTC)) is None
    assert of_week(nowhere, None, datetime(2026, 11, 23, 7, tzinfo=UTC)) is not None


def test_an_owner_who_has_left_is_told_nothing() -> None:
    assert of_week(replace(OWNER, active=False), hq(), MONDAY + DAY) is None


def test_the_end_of_a_year_belongs_to_one_week() -> None:
    weeks = [of_week(OWNER, hq(), datetime(2026, 12, 28, 9, tzinfo=UTC) + day * DAY) for day in range(7)]
    assert {each.period for each in weeks if each is not None} == {"2026-W53"}
    assert len({each.id for each in weeks if each is not None}) == 1


def test_a_digest_whose_day_has_passed_is_over() -> None:
    notice, *_ = of_day(hq(), MONDAY)
    assert not is_over(notice, hq(), MONDAY + timedelta(hours=16))
    assert is_over(notice, hq(), MONDAY + timedelta(hours=17))
    week = of_week(OWNER, hq(), MONDAY)
    assert week is not None
    assert not is_over(week, hq(), MONDAY + 6 * DAY)
    assert is_over(week, hq(), MONDAY + 7 * DAY)


def test_a_day_ends_at_the_sites_midnight() -> None:
    assert end_of_day(hq(), MONDAY) == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert end_of_day(None, MONDAY) == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_digest_is_never_put_into_another() -> None:
    assert not any(gathers(each) for each in of_day(hq(), MONDAY))


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        (Summary(), False),
        (Summary(out=40), False),
        (Summary(out=40, due_today=1), True),
        (Summary(low=1), True),
        (Summary(late=1, over=True), False),
    ],
)
def test_only_what_is_something_to_say_is_said(summary: Summary, told: bool) -> None:
    notice: Notice = of_day(hq(), MONDAY)[0]
    assert notice.step == DAILY
    assert still_true(notice, summary) is told


def test_every_kind_of_case_counts_once() -> None:
    cases = tuple(Case(id=str(kind), kind=kind, opened_at=MONDAY) for kind in CaseKind)
    found = counted(cases)
    assert sum(found.values()) == len(CaseKind)
    assert (found["broken"], found["low"]) == (1, 1)
