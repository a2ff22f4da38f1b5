from datetime import UTC, datetime, timedelta

import pytest

from edge.clock import MAX_ASKED, MAX_ROUND_TRIP_MS, Now, TimeBase, system_clock

WALL = datetime(2026, 11, 21, tzinfo=UTC)


def at(mono_ms: int, wall: datetime = WALL) -> Now:
    return Now(mono_ms=mono_ms, wall=wall)


def asked(nonce: str = "n") -> TimeBase:
    base = TimeBase()
    base.ask(nonce, at(1_000))
    return base


def test_before_the_first_answer_no_time_is_known() -> None:
    assert asked().cloud_ms(at(1_000)) is None
    assert not asked().trusted


def test_an_answer_is_carried_forward_by_the_monotonic_clock() -> None:
    base = asked()
    assert base.answer("n", 5_000_000, at(1_000))
    assert base.cloud_ms(at(61_000)) == 5_060_000
    assert base.trusted


def test_the_base_is_never_behind_the_cloud_however_long_the_answer_took() -> None:
    base = asked()
    assert base.answer("n", 5_000_000, at(4_000))
    assert base.cloud_ms(at(4_000)) == 5_003_000


@pytest.mark.parametrize("jump", [timedelta(days=-365), timedelta(days=365)])
def test_a_wall_clock_that_jumps_changes_nothing(jump: timedelta) -> None:
    base = asked()
    base.answer("n", 5_000_000, at(1_000))
    assert base.cloud_ms(at(2_000, WALL + jump)) == 5_001_000


def test_an_answer_nobody_asked_for_is_refused() -> None:
    assert not TimeBase().answer("n", 5_000_000, at(0))
    assert not asked().answer("other", 5_000_000, at(1_000))


def test_an_answer_counts_once() -> None:
    base = asked()
    assert base.answer("n", 5_000_000, at(1_000))
    assert not base.answer("n", 9_000_000, at(1_001))
    assert base.cloud_ms(at(1_001)) == 5_000_001


def test_the_late_answer_to_an_earlier_question_still_counts_until_one_was_accepted() -> None:
    base = asked("old")
    base.ask("new", at(6_000))
    assert base.answer("old", 5_000_000, at(7_000))
    assert base.cloud_ms(at(7_000)) == 5_006_000
    assert not base.answer("new", 5_000_000, at(7_100))


def test_only_the_last_few_questions_are_remembered() -> None:
    base = asked("old")
    for number in range(MAX_ASKED):
        base.ask(f"n{number}", at(1_000))
    assert not base.answer("old", 5_000_000, at(1_001))
    assert base.answer("n0", 5_000_000, at(1_001))


def test_an_answer_that_took_too_long_is_refused() -> None:
    assert not asked().answer("n", 5_000_000, at(1_001 + MAX_ROUND_TRIP_MS))
    assert asked().answer("n", 5_000_000, at(1_000 + MAX_ROUND_TRIP_MS))


def test_the_system_clock_only_goes_forward_and_its_wall_is_utc() -> None:
    first, second = system_clock(), system_clock()
    assert first.mono_ms <= second.mono_ms
    assert first.wall.tzinfo is UTC
