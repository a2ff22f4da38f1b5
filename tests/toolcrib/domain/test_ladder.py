"""When each step of a ladder fires, and that every occurrence is found exactly once whatever the sweeps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolcrib.domain.assets import MAX_LOAN
from toolcrib.domain.ladder import (
    MAX_OCCURRENCES,
    Occurrence,
    aimed,
    begin,
    climbed,
    next_moment,
    occurrences_due,
    paused,
    times,
)
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Repeat, Step, Terms, To, Via
from toolcrib.domain.record import replace

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

TAKEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
DUE = TAKEN + timedelta(hours=4)
MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)


def step(offset: timedelta, to: To = To.HOLDER, repeat: Repeat | None = None) -> Step:
    return Step(offset=offset, to=to, via=Via.SLACK, repeat=repeat)


def loan(*ladder: Step, grace: timedelta = timedelta(), **more: object) -> Loan:
    terms = Terms(policy="p", period=Period(after=4 * HOUR), grace=grace, ladder=ladder)
    return Loan(
        **{
            "id": "l1",
            "asset": "a",
            "type": "t",
            "person": "ana",
            "site": "hq",
            "bank": "hq-01",
            "door": 1,
            "state": LoanState.OPEN,
            "authorised_at": TAKEN,
            "taken_at": TAKEN,
            "due_at": DUE,
            "terms": terms,
            **more,
        }
    )  # type: ignore[arg-type]


def sweep(of: Loan, now: datetime) -> tuple[tuple[Occurrence, ...], Loan]:
    return occurrences_due(of, now), climbed(of, now, now)


FIRINGS = [
    ("before due", -30 * MINUTE, timedelta(), DUE - 30 * MINUTE),
    ("before due, whatever the grace", -30 * MINUTE, HOUR, DUE - 30 * MINUTE),
    ("a second before due, whatever the grace", -SECOND, HOUR, DUE - SECOND),
    ("at due", timedelta(), timedelta(), DUE),
    ("at due, with grace", timedelta(), 15 * MINUTE, DUE + 15 * MINUTE),
    ("within grace", 10 * MINUTE, 15 * MINUTE, DUE + 15 * MINUTE),
    ("at the end of grace", 15 * MINUTE, 15 * MINUTE, DUE + 15 * MINUTE),
    ("beyond grace", 16 * MINUTE, 15 * MINUTE, DUE + 16 * MINUTE),
]


@pytest.mark.parametrize(
    ("offset", "grace", "moment"), [case[1:] for case in FIRINGS], ids=[case[0] for case in FIRINGS]
)
def test_a_step_fires_at_its_moment_and_not_before(offset: timedelta, grace: timedelta, moment: datetime) -> None:
    out = begin(loan(step(offset), grace=grace), TAKEN)
    assert out.next_step == next_moment(out) == moment
    assert occurrences_due(out, moment - SECOND) == ()
    assert occurrences_due(out, moment) == (Occurrence(step=0, number=0, moment=moment),)


@pytest.mark.parametrize(
    ("every", "until", "expected"),
    [
        (HOUR, timedelta(), 1),
        (HOUR, HOUR - SECOND, 1),
        (HOUR, HOUR, 2),
        (HOUR, 3 * HOUR, 4),
        (HOUR, -HOUR, 1),
        (timedelta(), HOUR, 1),
        (-HOUR, HOUR, 1),
    ],
)
def test_a_step_repeats_until_and_including_its_end(every: timedelta, until: timedelta, expected: int) -> None:
    again = step(timedelta(), repeat=Repeat(every=every, until=until))
    assert times(again) == expected
    found = occurrences_due(loan(again), DUE + timedelta(days=30))
    assert found == tuple(Occurrence(step=0, number=n, moment=DUE + n * every) for n in range(expected))


def test_repeats_count_from_the_first_firing_grace_included() -> None:
    again = step(timedelta(), repeat=Repeat(every=HOUR, until=2 * HOUR))
    found = occurrences_due(loan(again, grace=30 * MINUTE), DUE + timedelta(days=1))
    assert [each.moment - DUE for each in found] == [30 * MINUTE, 90 * MINUTE, 150 * MINUTE]


def test_no_step_fires_more_often_than_the_limit() -> None:
    forever = step(timedelta(), repeat=Repeat(every=SECOND, until=timedelta(days=400)))
    assert times(forever) > MAX_OCCURRENCES
    assert len(occurrences_due(loan(forever), DUE + timedelta(days=500))) == MAX_OCCURRENCES


@pytest.mark.parametrize(("every", "expected"), [(MAX_LOAN, 2), (MAX_LOAN + SECOND, 1), (timedelta.max, 1)])
def test_no_step_repeats_for_longer_than_the_longest_loan(every: timedelta, expected: int) -> None:
    endless = step(timedelta(), repeat=Repeat(every=every, until=timedelta.max))
    assert times(endless) == expected
    assert len(occurrences_due(loan(endless), DUE + 5 * MAX_LOAN)) == expected


@pytest.mark.parametrize(("offset", "fires"), [(-5 * HOUR, False), (-4 * HOUR, False), (-4 * HOUR + SECOND, True)])
def test_a_step_that_was_due_before_the_loan_began_never_fires(offset: timedelta, *, fires: bool) -> None:
    for out in (begin(loan(step(offset)), TAKEN), loan(step(offset))):
        assert bool(occurrences_due(out, DUE + HOUR)) is fires
        assert (next_moment(out) is not None) is fires


def test_a_new_due_time_starts_the_ladder_again() -> None:
    _, out = sweep(begin(loan(step(-HOUR), step(timedelta())), TAKEN), DUE)
    assert out.next_step is None
    renewed = begin(replace(out, due_at=DUE + 4 * HOUR, due_version=2), DUE)
    assert renewed.next_step == DUE + 3 * HOUR
    assert [each.step for each in occurrences_due(renewed, DUE + 4 * HOUR)] == [0, 1]


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_only_an_open_loan_has_steps(state: LoanState) -> None:
    out = loan(step(timedelta()), state=state)
    assert occurrences_due(out, DUE + HOUR) == ()
    assert next_moment(out) is None
    assert aimed(replace(out, next_step=DUE)).next_step is None


def test_a_loan_that_was_never_taken_has_no_steps() -> None:
    assert next_moment(loan(step(timedelta()), taken_at=None)) is None


def test_occurrences_come_in_the_order_in_which_they_fire() -> None:
    out = loan(
        step(2 * HOUR, To.OWNER), step(HOUR, repeat=Repeat(every=HOUR, until=HOUR)), step(timedelta()), grace=HOUR
    )
    found = [(each.step, each.number) for each in occurrences_due(out, DUE + timedelta(days=1))]
    assert found == [(2, 0), (1, 0), (1, 1), (0, 0)]


def test_the_next_moment_is_the_first_of_what_is_left() -> None:
    out = begin(loan(step(-HOUR), step(2 * HOUR, repeat=Repeat(every=HOUR, until=HOUR))), TAKEN)
    seen = []
    while out.next_step is not None:
        seen.append(out.next_step - DUE)
        _, out = sweep(out, out.next_step)
    assert seen == [-HOUR, 2 * HOUR, 3 * HOUR]


def test_the_cursor_never_goes_back() -> None:
    out = climbed(loan(step(timedelta())), DUE, DUE)
    earlier = climbed(out, DUE - HOUR, DUE - HOUR)
    assert earlier.noted_until == DUE
    assert occurrences_due(earlier, DUE) == ()


PAUSE_END = DUE + 2 * HOUR


def paused_loan() -> Loan:
    ladder = (step(-HOUR), step(timedelta()), step(timedelta(), To.SUPERVISOR), step(HOUR))
    return begin(loan(*ladder, paused_until=PAUSE_END), TAKEN)


def test_a_pause_holds_back_the_holder_only_and_ends_at_its_moment() -> None:
    for to in To:
        assert paused(paused_loan(), step(timedelta(), to), PAUSE_END - SECOND) is (to is To.HOLDER)
        assert not paused(paused_loan(), step(timedelta(), to), PAUSE_END)


def test_what_a_pause_held_back_is_due_when_it_ends_and_nothing_is_lost() -> None:
    assert paused_loan().next_step == DUE
    found, out = sweep(paused_loan(), PAUSE_END - SECOND)
    assert [each.step for each in found] == [2]
    assert (out.noted_until, out.holder_noted_until, out.next_step) == (PAUSE_END - SECOND, TAKEN, PAUSE_END)
    found, out = sweep(out, PAUSE_END)
    assert [each.step for each in found] == [0, 1, 3]
    assert (out.noted_until, out.holder_noted_until, out.next_step) == (PAUSE_END, None, None)


def test_a_pause_that_is_lifted_early_lets_go_at_once() -> None:
    _, out = sweep(paused_loan(), DUE)
    lifted = aimed(replace(out, paused_until=None))
    assert lifted.next_step == DUE - HOUR
    assert [each.step for each in occurrences_due(lifted, DUE)] == [0, 1]


def test_what_was_noted_before_a_pause_is_not_noted_again_after_it() -> None:
    _, out = sweep(begin(loan(step(-HOUR), step(HOUR)), TAKEN), DUE)
    held = aimed(replace(out, paused_until=PAUSE_END))
    assert held.next_step == PAUSE_END
    assert [each.step for each in occurrences_due(held, PAUSE_END)] == [1]


OFFSETS = st.integers(-6 * 60, 12 * 60).map(lambda minutes: minutes * MINUTE)
REPEATS = st.none() | st.builds(Repeat, every=st.integers(7, 300).map(lambda m: m * MINUTE), until=OFFSETS)
LADDERS = st.lists(
    st.builds(Step, offset=OFFSETS, to=st.sampled_from(To), via=st.just(Via.SLACK), repeat=REPEATS), max_size=6
)
MOMENTS = st.integers(-10, 30 * 60).map(lambda minutes: TAKEN + minutes * MINUTE)
PAUSES = st.none() | MOMENTS
END = TAKEN + timedelta(days=4)


@settings(STEADY, max_examples=150)
@given(LADDERS, st.integers(0, 90), st.lists(st.tuples(MOMENTS, PAUSES), max_size=12))
def test_every_occurrence_is_found_exactly_once_whatever_the_sequence_of_sweeps_and_pauses(
    ladder: list[Step], grace_min: int, sweeps: list[tuple[datetime, datetime | None]]
) -> None:
    whole = begin(loan(*ladder, grace=grace_min * MINUTE), TAKEN)
    out, seen = whole, []
    for now, pause in [*sweeps, (END, None)]:
        found, out = sweep(replace(out, paused_until=pause), now)
        assert all(each.moment <= now for each in found)
        again, _ = sweep(out, now)
        assert again == ()
        seen += found
    once = occurrences_due(whole, END)
    assert sorted(seen, key=repr) == sorted(once, key=repr)
    assert {each.moment > TAKEN for each in once} <= {True}
    assert out.next_step is None


@settings(STEADY, max_examples=100)
@given(LADDERS, PAUSES)
def test_whoever_comes_only_when_told_misses_nothing(ladder: list[Step], pause: datetime | None) -> None:
    out = whole = begin(loan(*ladder, paused_until=pause), TAKEN)
    seen: list[Occurrence] = []
    while out.next_step is not None:
        found, out = sweep(out, out.next_step)
        assert found, "the agenda woke somebody for nothing"
        seen += found
    assert sorted(seen, key=repr) == sorted(occurrences_due(whole, END), key=repr)
