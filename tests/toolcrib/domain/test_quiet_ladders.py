"""A ladder that somebody asked to be quiet: stopped for a while, or moved, and never told twice (rules.md, *Late*)."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.deciding.reacting import Pressed, put_off
from tests.toolcrib.domain.test_ladder import DUE, HOUR, MINUTE, TAKEN, loan, step, sweep
from tests.toolcrib.domain.test_reactions import notice
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan, Quiet
from toolcrib.domain.policies import To
from toolcrib.domain.reactions import LATER, Reaction
from toolcrib.domain.record import replace

LADDER = (step(timedelta()), step(2 * HOUR, To.SUPERVISOR), step(26 * HOUR, To.MANAGER))


def out() -> Loan:
    return begin(loan(*LADDER), TAKEN)


def pressed(of: Loan, reaction: Reaction, to: To, at: datetime, until: datetime) -> Loan:
    asked = Pressed(reaction=reaction, by="p-9", at=at, op="op-1", until=until)
    return put_off(notice(to=to), of, asked).loans[0]


def told(of: Loan, until: datetime, every: timedelta = 5 * MINUTE) -> list[tuple[int, datetime]]:
    """Sweep to a moment; returns each step with the moment of the sweep that told of it."""
    now, found = of.noted_until or TAKEN, []
    while now <= until:
        due, of = sweep(of, now)
        found += [(each.step, now) for each in due]
        now += every
    return found


def test_an_acknowledged_ladder_stands_still_and_then_tells_what_was_missed() -> None:
    _, then = sweep(out(), DUE + 2 * HOUR)
    quiet = pressed(then, Reaction.ACKNOWLEDGE, To.SUPERVISOR, DUE + 2 * HOUR, DUE + 26 * HOUR + MINUTE)

    assert quiet.next_step == DUE + 26 * HOUR + MINUTE
    assert told(quiet, DUE + 40 * HOUR) == [(2, DUE + 26 * HOUR + 5 * MINUTE)]


def test_a_holder_who_acknowledges_stops_only_what_is_told_to_them() -> None:
    quiet = pressed(out(), Reaction.ACKNOWLEDGE, To.HOLDER, DUE - MINUTE, DUE + 24 * HOUR)

    assert told(quiet, DUE + 23 * HOUR) == [(1, DUE + 2 * HOUR)]
    assert [each for each, _ in told(quiet, DUE + 25 * HOUR)] == [1, 0]


def test_a_snooze_moves_every_later_step_by_as_much() -> None:
    _, then = sweep(out(), DUE)
    moved = pressed(then, Reaction.SNOOZE_HOUR, To.SUPERVISOR, DUE, DUE + HOUR)

    assert told(moved, DUE + 30 * HOUR) == [(1, DUE + 3 * HOUR), (2, DUE + 27 * HOUR)]


def test_a_snooze_of_the_holder_moves_nobody_elses_steps() -> None:
    moved = pressed(out(), Reaction.SNOOZE_HOUR, To.HOLDER, DUE - MINUTE, DUE + HOUR)

    assert told(moved, DUE + 30 * HOUR) == [(0, DUE + HOUR + 5 * MINUTE), (1, DUE + 2 * HOUR), (2, DUE + 26 * HOUR)]


def test_a_new_due_version_begins_anew() -> None:
    quiet = replace(out(), quiet=Quiet(until=DUE, moved=HOUR), holder_quiet=Quiet(moved=HOUR))

    assert begin(quiet, TAKEN) == out()


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, 30 * 60), st.sampled_from(LATER), st.sampled_from((To.HOLDER, To.SUPERVISOR))),
        max_size=4,
    ),
    st.lists(st.integers(0, 90 * 60), max_size=12),
)
def test_whatever_is_pressed_each_step_is_told_once_and_in_the_end(
    presses: list[tuple[int, Reaction, To]], sweeps: list[int]
) -> None:
    of, found = out(), []
    moments = [(minute, None) for minute in (*sweeps, 200 * 60)] + [(press[0], press) for press in presses]
    for minute, press in sorted(moments, key=lambda each: (each[0], each[1] is None)):
        now = DUE - HOUR + minute * MINUTE
        if press is not None:
            length = 24 * HOUR if press[1] is Reaction.ACKNOWLEDGE else 5 * HOUR
            of = pressed(of, press[1], press[2], now, now + length)
            continue
        due, of = sweep(of, now)
        found += [each.step for each in due]

    assert sorted(found) == [0, 1, 2]
