"""How fast a place is written to: never faster than it takes, the urgent first, and nobody while it wants to rest."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.stories import DUE
from toolcrib.domain.pacing import (
    LONGEST_OBEYED,
    PATIENCE,
    SLACK,
    URGENT_PATIENCE,
    Pace,
    Rate,
    Turn,
    left_alone,
    turn,
)

NOW = DUE
SECOND = timedelta(seconds=1)
SLOW = Rate(every=SECOND)


def after(pace: Pace, wishes: int, rate: Rate = SLOW, *, urgent: bool = False, at: datetime = NOW) -> list[Turn]:
    """So many want to send at the same moment."""
    turns: list[Turn] = []
    for _ in range(wishes):
        turns.append(turn(pace, rate, at, urgent=urgent))
        pace = turns[-1].pace
    return turns


def test_the_first_message_goes_at_once() -> None:
    assert turn(Pace(), SLOW, NOW, urgent=False) == Turn(at=NOW, now=True, pace=Pace(free_at=NOW + SECOND))


def test_the_next_ones_wait_for_a_moment_and_then_are_put_off_one_behind_the_other() -> None:
    turns = after(Pace(), 6)
    assert [(each.at - NOW, each.now) for each in turns] == [
        (0 * SECOND, True),
        (1 * SECOND, True),
        (2 * SECOND, True),
        (3 * SECOND, False),
        (4 * SECOND, False),
        (5 * SECOND, False),
    ]


def test_who_is_put_off_takes_no_slot() -> None:
    full = after(Pace(), 3)[-1].pace
    assert after(full, 4)[-1].pace.free_at == full.free_at


def test_a_conversation_takes_a_short_burst() -> None:
    assert [each.at - NOW for each in after(Pace(), 3, SLACK)] == [0 * SECOND, 0 * SECOND, SECOND]


def test_what_is_urgent_goes_before_everything_that_was_put_off() -> None:
    pace = after(Pace(), 500)[-1].pace
    first = turn(pace, SLOW, NOW, urgent=True)
    assert (first.now, first.at) == (True, NOW + URGENT_PATIENCE)
    busy = after(Pace(), 20, SLACK)[-1].pace
    assert turn(busy, SLACK, NOW, urgent=True).at < turn(busy, SLACK, NOW, urgent=False).at


def test_a_channel_that_wants_to_rest_is_left_alone_even_by_the_urgent() -> None:
    pace = left_alone(Pace(), 30 * SECOND, NOW)
    for urgent in (True, False):
        asked = turn(pace, SLACK, NOW, urgent=urgent)
        assert (asked.now, asked.at) == (False, NOW + 30 * SECOND)
    assert turn(pace, SLACK, NOW + 30 * SECOND, urgent=False).now


def test_a_second_answer_never_shortens_the_rest() -> None:
    pace = left_alone(left_alone(Pace(), 60 * SECOND, NOW), SECOND, NOW + SECOND)
    assert pace.left_alone_until == NOW + 60 * SECOND


def test_nobody_is_left_alone_for_days() -> None:
    assert left_alone(Pace(), timedelta(days=9), NOW).left_alone_until == NOW + LONGEST_OBEYED


WISHES = st.lists(st.tuples(st.integers(0, 5000), st.booleans()), max_size=60)


@given(WISHES, st.sampled_from([SLOW, SLACK, Rate(every=SECOND / 14)]))
def test_no_place_gets_more_than_it_takes(wishes: list[tuple[int, bool]], rate: Rate) -> None:
    """In any stretch of time no more leave than the rate allows, and a burst, and its spare ones."""
    pace, now, left = Pace(), NOW, []
    for pause_ms, urgent in wishes:
        now += timedelta(milliseconds=pause_ms)
        mine = turn(pace, rate, now, urgent=urgent)
        assert mine.at >= now
        pace = mine.pace
        if mine.now:
            assert mine.at - now <= (URGENT_PATIENCE if urgent else PATIENCE)
            left.append(mine.at)
    left.sort()
    most = rate.burst + rate.spare
    for first, begin in enumerate(left):
        for last in range(first, len(left)):
            assert last - first + 1 <= most + (left[last] - begin) / rate.every + 1e-6


@given(st.integers(1, 200))
def test_whoever_is_put_off_comes_again_when_it_is_their_turn(crowd: int) -> None:
    """All of a crowd go within the time that the rate takes for them, however often they are put off."""
    pace, waiting, sent = Pace(), [NOW] * crowd, 0
    for tick in range(crowd + 5):
        now = NOW + tick * SECOND
        due, waiting = [each for each in waiting if each <= now], [each for each in waiting if each > now]
        for _ in due:
            mine = turn(pace, SLOW, now, urgent=False)
            pace = mine.pace
            sent += mine.now
            waiting += [] if mine.now else [mine.at]
    assert (sent, waiting) == (crowd, [])
