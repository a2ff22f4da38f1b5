"""Whom a notice reaches, and when: rosters, delegates, quiet hours and days off, on the site's clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.notices.reaching import delegates_of, not_before, off_duty, on_duty
from tests.support.stories import a_notice
from tests.support.workplace import person, site
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person, QuietHours, Shift
from toolcrib.domain.policies import To

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # ten in the morning in Berlin
HOUR = timedelta(hours=1)
NIGHT = QuietHours(begins="22:00", ends="06:00")
LUNCH = QuietHours(begins="12:00", ends="13:00")
WEEK = ("mon", "tue", "wed", "thu", "fri")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("more", "now", "then"),
    [
        ({}, "2026-11-20T23:30:00+01:00", "2026-11-20T23:30:00+01:00"),
        ({"quiet_hours": NIGHT}, "2026-11-20T21:59:59+01:00", "2026-11-20T21:59:59+01:00"),
        ({"quiet_hours": NIGHT}, "2026-11-20T22:00:00+01:00", "2026-11-21T06:00:00+01:00"),
        ({"quiet_hours": NIGHT}, "2026-11-21T00:00:00+01:00", "2026-11-21T06:00:00+01:00"),
        ({"quiet_hours": NIGHT}, "2026-11-21T05:59:59+01:00", "2026-11-21T06:00:00+01:00"),
        ({"quiet_hours": NIGHT}, "2026-11-21T06:00:00+01:00", "2026-11-21T06:00:00+01:00"),
        ({"quiet_hours": LUNCH}, "2026-11-20T11:59:59+01:00", "2026-11-20T11:59:59+01:00"),
        ({"quiet_hours": LUNCH}, "2026-11-20T12:30:00+01:00", "2026-11-20T13:00:00+01:00"),
        ({"quiet_hours": LUNCH}, "2026-11-20T13:00:00+01:00", "2026-11-20T13:00:00+01:00"),
        # the clock goes back at three: the night is an hour longer, and forward: an hour shorter
        ({"quiet_hours": NIGHT}, "2026-10-24T23:00:00+02:00", "2026-10-25T06:00:00+01:00"),
        ({"quiet_hours": NIGHT}, "2026-03-28T23:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        # quiet until a time that does not exist, and until one that exists twice
        (
            {"quiet_hours": QuietHours(begins="22:00", ends="02:30")},
            "2026-03-28T23:00:00+01:00",
            "2026-03-29T03:00:00+02:00",
        ),
        (
            {"quiet_hours": QuietHours(begins="22:00", ends="02:30")},
            "2026-10-24T23:00:00+02:00",
            "2026-10-25T02:30:00+02:00",
        ),
        ({"working_days": WEEK}, "2026-11-20T23:59:59+01:00", "2026-11-20T23:59:59+01:00"),
        ({"working_days": WEEK}, "2026-11-21T00:00:00+01:00", "2026-11-23T00:00:00+01:00"),
        ({"working_days": WEEK, "quiet_hours": NIGHT}, "2026-11-20T22:30:00+01:00", "2026-11-23T06:00:00+01:00"),
        ({"working_days": ("mon",)}, "2026-11-24T08:00:00+01:00", "2026-12-07T00:00:00+01:00"),
    ],
)
def test_what_is_not_urgent_waits(more: dict[str, Any], now: str, then: str) -> None:
    closed = site(closed_days=(date(2026, 11, 30),))
    assert not_before(a_notice(), person(**more), closed, at(now)) == at(then)


@pytest.mark.parametrize(
    "notice",
    [a_notice(urgent=True), a_notice(step="handover", due_version=None)],
    ids=["urgent", "asked by another"],
)
def test_what_is_urgent_or_asked_right_now_breaks_through(notice: Notice) -> None:
    night = at("2026-11-21T02:00:00+01:00")
    assert not_before(notice, person(quiet_hours=NIGHT, working_days=("mon",)), site(), night) == night


def test_a_channel_never_sleeps() -> None:
    assert not_before(a_notice(to=To.CHANNEL), None, site(), FRIDAY) == FRIDAY


def test_who_never_works_is_told_all_the_same() -> None:
    closed = tuple(date(2026, 11, 20) + timedelta(days=day) for day in range(800))
    assert not_before(a_notice(), person(working_days=WEEK), site(closed_days=closed), FRIDAY) == FRIDAY


@pytest.mark.parametrize(
    ("more", "who"),
    [
        ({"delegate": "p-2"}, None),
        ({"absent_until": FRIDAY + HOUR}, None),
        ({"absent_until": FRIDAY + HOUR, "delegate": "p-2"}, "p-2"),
        ({"absent_until": FRIDAY, "delegate": "p-2"}, None),
        ({"absent_until": FRIDAY + HOUR, "delegate": "p-1"}, None),
    ],
)
def test_who_is_away_is_told_through_their_delegate(more: dict[str, Any], who: str | None) -> None:
    assert delegates_of(person(**more), FRIDAY) == who


def shift(begins: timedelta, ends: timedelta) -> dict[str, Any]:
    return {"shifts": (Shift(starts=FRIDAY + begins, ends=FRIDAY + ends),)}


EARLY, LATE, LAST_MONTH = shift(-4 * HOUR, 4 * HOUR), shift(4 * HOUR, 12 * HOUR), shift(-800 * HOUR, -792 * HOUR)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({}, {}, {"p-1", "p-2"}),
        (EARLY, LATE, {"p-1"}),
        (LATE, LATE, {"p-1", "p-2"}),
        (LATE, {}, {"p-2"}),
        (LAST_MONTH, {}, {"p-1", "p-2"}),
        (EARLY, {"active": False}, {"p-1"}),
        ({"absent_until": FRIDAY + HOUR}, {}, {"p-2"}),
        ({"absent_until": FRIDAY + HOUR, "delegate": "p-3"}, {}, {"p-1", "p-2"}),
        ({"absent_until": FRIDAY + HOUR}, {"absent_until": FRIDAY + HOUR}, {"p-1", "p-2"}),
        ({**EARLY, "absent_until": FRIDAY + HOUR}, LATE, {"p-1"}),
    ],
)
def test_supervisors_on_duty_are_told_and_all_of_them_where_nobody_is(
    first: dict[str, Any], second: dict[str, Any], told: set[str]
) -> None:
    both = [person(1, **first), person(2, **second)]
    assert on_duty(both, FRIDAY) == told


def test_only_a_notice_to_a_supervisor_is_left_to_colleagues() -> None:
    both: dict[str, Person] = {"p-1": person(1, **LATE), "p-2": person(2, **EARLY)}
    assert off_duty(a_notice(to=To.SUPERVISOR), both, FRIDAY)
    assert not off_duty(a_notice(), both, FRIDAY)
    assert not off_duty(a_notice(to=To.SUPERVISOR, recipient="p-2"), both, FRIDAY)
