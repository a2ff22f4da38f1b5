from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.actions import Lock, Read, Sound, Survey
from edge.clock import Now
from edge.config import Windows
from edge.doors import READ_LIMIT_MS, DoorCycle, Happened, Phase, Step
from edge.drivers.base import Observation
from edge.uploads import FINAL, Outcome
from tests.edge.rig import EPOCH

SEEN = Observation(is_open=False, present=True, tags=("AB",))


def at(mono_ms: int) -> Now:
    return Now(mono_ms=mono_ms, wall=EPOCH)


def outcomes(steps: list[Step]) -> list[Outcome]:
    return [step.outcome for step in steps if isinstance(step, Happened)]


def closed() -> DoorCycle:
    return DoorCycle(3, Windows())


def unlocked() -> DoorCycle:
    door = closed()
    assert door.unlock("g1", at(0))
    return door


def opened() -> DoorCycle:
    door = unlocked()
    door.opens(at(1_000))
    return door


def reading() -> DoorCycle:
    door = opened()
    door.closes(at(5_000))
    return door


def forced() -> DoorCycle:
    door = closed()
    door.opens(at(1_000))
    return door


def test_a_grant_runs_from_unlocked_to_closed_with_what_the_sensors_saw() -> None:
    door = unlocked()
    assert door.opens(at(1_000)) == [
        Lock(door=3),
        Happened(door=3, outcome=Outcome.OPENED, grant="g1", opened_ms=1_000),
    ]
    assert door.closes(at(5_000)) == [Read(door=3, cycle=1)]
    assert door.observed(1, SEEN) == [
        Happened(door=3, outcome=Outcome.CLOSED, grant="g1", opened_ms=1_000, closed_ms=5_000, observation=SEEN)
    ]
    assert door.phase is Phase.CLOSED


def test_a_door_nobody_opens_locks_again_after_15_seconds() -> None:
    door = unlocked()
    assert door.due_at_ms() == 15_000
    assert door.ticks(at(14_999)) == []
    assert door.ticks(at(15_000)) == [Lock(door=3), Happened(door=3, outcome=Outcome.NOT_OPENED, grant="g1")]
    assert door.due_at_ms() is None


def test_a_door_that_stands_open_is_reported_once_at_60_seconds_and_sounds_at_120() -> None:
    door = opened()
    assert door.ticks(at(60_999)) == []
    assert outcomes(door.ticks(at(61_000))) == [Outcome.LEFT_OPEN]
    assert door.ticks(at(120_999)) == []
    assert door.ticks(at(121_000)) == [Sound(door=3, on=True)]
    assert door.ticks(at(10**7)) == []
    assert door.due_at_ms() is None


def test_a_clock_that_slept_through_both_windows_misses_neither() -> None:
    steps = opened().ticks(at(10**7))
    assert outcomes(steps) == [Outcome.LEFT_OPEN]
    assert Sound(door=3, on=True) in steps


def test_a_door_closed_late_still_reports_its_closing_and_falls_silent() -> None:
    door = opened()
    door.ticks(at(10**7))
    assert door.closes(at(10**7 + 1)) == [Sound(door=3, on=False), Read(door=3, cycle=1)]
    assert outcomes(door.observed(1, SEEN)) == [Outcome.CLOSED]


def test_a_stuck_bolt_ends_the_grant() -> None:
    door = unlocked()
    assert door.jams() == [Lock(door=3), Happened(door=3, outcome=Outcome.JAMMED, grant="g1")]
    assert door.fault
    assert door.unlock("g2", at(1))
    door.opens(at(2))
    assert not door.fault


def test_opening_without_a_grant_is_forced_once_and_surveyed_when_it_closes() -> None:
    door = closed()
    assert door.opens(at(7)) == [
        Happened(door=3, outcome=Outcome.FORCED, grant=None, opened_ms=7),
        Sound(door=3, on=True),
    ]
    assert door.opens(at(8)) == []
    assert door.ticks(at(10**7)) == []
    assert door.closes(at(10**7)) == [Sound(door=3, on=False), Survey(begun_ms=10**7)]


@pytest.mark.parametrize("end", ["not_opened", "jammed", "closed"])
def test_opening_after_the_grant_has_ended_is_forced(end: str) -> None:
    door = unlocked()
    if end == "not_opened":
        door.ticks(at(15_000))
    elif end == "jammed":
        door.jams()
    else:
        door = reading()
        door.observed(1, SEEN)
    steps = door.opens(at(20_000))
    assert outcomes(steps) == [Outcome.FORCED]
    assert isinstance(steps[0], Happened)
    assert steps[0].grant is None


def test_a_door_that_bounces_before_it_latches_is_the_same_opening() -> None:
    door = reading()
    assert door.opens(at(5_100)) == []
    assert door.closes(at(6_000)) == [Read(door=3, cycle=2)]
    assert outcomes(door.observed(2, SEEN)) == [Outcome.CLOSED]


def test_sensors_read_before_the_last_closing_are_not_believed() -> None:
    door = reading()
    door.opens(at(5_100))
    door.closes(at(6_000))
    assert door.observed(1, SEEN) == []
    assert door.phase is Phase.READING


def test_sensors_that_say_open_are_not_the_end() -> None:
    assert reading().observed(1, Observation(is_open=True)) == []


def test_sensors_that_never_answer_do_not_keep_the_story_open() -> None:
    door = reading()
    assert door.due_at_ms() == 5_000 + READ_LIMIT_MS
    (step,) = door.ticks(at(5_000 + READ_LIMIT_MS))
    assert isinstance(step, Happened)
    assert (step.outcome, step.observation) == (Outcome.CLOSED, None)


@pytest.mark.parametrize("make", [unlocked, opened, reading, forced])
def test_a_door_that_is_not_at_rest_takes_no_grant(make: type[DoorCycle]) -> None:
    assert not make().unlock("g2", at(9_000))


def test_every_pair_of_edge_and_grant_makes_exactly_one_event() -> None:
    for make, edge in product([closed, unlocked, opened, reading, forced], ["opens", "closes"]):
        steps = getattr(make(), edge)(at(9_000))
        expected = {("closed", "opens"): [Outcome.FORCED], ("unlocked", "opens"): [Outcome.OPENED]}
        assert outcomes(steps) == expected.get((make.__name__, edge), [])


def test_tags_read_while_a_door_moved_are_not_at_rest() -> None:
    door = closed()
    assert door.at_rest_since(0)
    door.unlock("g1", at(5))
    assert not door.at_rest_since(10)
    door.ticks(at(15_005))
    assert door.at_rest_since(20_000)


EVENTS = st.lists(
    st.tuples(st.sampled_from(["unlock", "open", "close", "read", "jam", "tick"]), st.integers(1, 70_000)), max_size=40
)


@given(EVENTS)
def test_whatever_happens_a_grant_has_at_most_one_final_report_and_time_moves_on(events: list[tuple[str, int]]) -> None:
    door, mono_ms, told, grants = closed(), 0, [], 0
    for event, pause_ms in events:
        mono_ms += pause_ms
        now = at(mono_ms)
        steps: list[Step] = []
        match event:
            case "unlock":
                grants += door.unlock(f"g{grants}", now)
            case "open":
                steps = door.opens(now)
            case "close":
                steps = door.closes(now)
            case "read":
                steps = door.observed(door._cycle, SEEN)
            case "jam":
                steps = door.jams()
            case _:
                steps = door.ticks(now)
        told += [step for step in steps if isinstance(step, Happened)]
        due_ms = door.due_at_ms()
        assert event != "tick" or due_ms is None or due_ms > mono_ms
    finals = [step.grant for step in told if step.outcome in FINAL]
    left_open = [step.grant for step in told if step.outcome is Outcome.LEFT_OPEN]
    assert len(finals) == len(set(finals)) <= grants
    assert len(left_open) == len(set(left_open))
    assert all((step.grant is None) == (step.outcome is Outcome.FORCED) for step in told)
