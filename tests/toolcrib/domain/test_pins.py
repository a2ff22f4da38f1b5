"""Guesses are counted before they are looked at: five, then fifteen minutes of nothing (rules.md, row 12)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import NOW, SECOND
from toolcrib.domain.pins import LOCKED_FOR, MOST_GUESSES, Pin, counted, reset, set_anew, too_easy

PIN = Pin(person="ana", key="1")


def guessed(pin: Pin, guess: str, at: datetime = NOW) -> Pin:
    after = counted(pin, guess, at)
    assert after is not None
    return after


def after_guesses(count: int) -> Pin:
    pin = PIN
    for number in range(count):
        pin = guessed(pin, str(number))
    return pin


def test_the_figures_are_those_of_the_rules() -> None:
    assert (5, timedelta(minutes=15)) == (MOST_GUESSES, LOCKED_FOR)


@pytest.mark.parametrize(("guesses", "left", "locked"), [(0, 5, False), (1, 4, False), (4, 1, False), (5, 0, True)])
def test_the_fifth_guess_locks(guesses: int, left: int, locked: bool) -> None:
    pin = after_guesses(guesses)
    assert (pin.left, pin.locked(NOW), pin.version) == (left, locked, 1 + guesses)


@pytest.mark.parametrize(
    ("later", "counts"), [(timedelta(), None), (LOCKED_FOR - SECOND, None), (LOCKED_FOR, 1), (LOCKED_FOR * 99, 1)]
)
def test_a_lock_holds_for_fifteen_minutes_and_then_begins_anew(later: timedelta, counts: int | None) -> None:
    after = counted(after_guesses(5), "six", NOW + later)
    assert (None if after is None else after.guesses) == counts
    assert after is None or after.locked_until is None


def test_the_same_guess_again_counts_once_even_if_it_was_the_one_that_locked() -> None:
    pin = after_guesses(5)
    assert counted(pin, "4", NOW) == pin
    assert counted(pin, "3", NOW) is None


def test_after_a_right_pin_nothing_is_counted() -> None:
    pin = reset(after_guesses(5))
    assert (pin.guesses, pin.guess, pin.locked_until, pin.version) == (0, None, None, 7)


def test_a_new_pin_stands_over_the_old_one_and_nothing_is_counted_against_it() -> None:
    pin = set_anew(after_guesses(5), person="ana", hashed=None, key="2", at=NOW)
    assert pin == Pin(person="ana", key="2", set_at=NOW, version=7)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3600))))
def test_no_more_than_five_different_guesses_are_looked_at_within_fifteen_minutes(steps: list[tuple[int, int]]) -> None:
    pin, at, looked_at = PIN, NOW, []
    for number, (same, seconds) in enumerate(steps):
        at += timedelta(seconds=seconds)
        guess = str(number if same else max(number - 1, 0))
        after = counted(pin, guess, at)
        if after is not None and after is not pin:
            looked_at.append(at)
            pin = after
    locks = [looked_at[index] for index in range(4, len(looked_at), 5)]
    follow = [looked_at[index] for index in range(5, len(looked_at), 5)]
    assert all(after - lock >= LOCKED_FOR for lock, after in zip(locks, follow, strict=False))


@pytest.mark.parametrize(
    "easy", ["0000", "1111", "1234", "9876", "0987654321", "8901", "1357", "1212", "123123", "7777777", "121212"]
)
def test_what_everybody_tries_first_is_too_easy(easy: str) -> None:
    assert too_easy(easy)


@pytest.mark.parametrize("fine", ["8305", "4711", "1201", "12031", "112233", "123124"])
def test_anything_else_is_not(fine: str) -> None:
    assert not too_easy(fine)
