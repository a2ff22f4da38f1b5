"""I12: whatever happens, a bank lends within a signed roster in force, pulses once, and tells all of it in order."""

import pytest

from tests.proof.offline.bugs import BUGS
from tests.proof.offline.walk import Walk

STEPS = 300
SOON = {
    "counts that begin anew with each roster": 27,
    "takes that count only afterwards": 9,
    "every badge counts alone": 12,
    "doors that moved are believed": 11,
    "the wall clock decides": 11,
    "commands obeyed while alone": 11,
}
"""Beginnings from which the shy ones are found soon."""


@pytest.mark.parametrize("seed", range(1, 31))
def test_no_walk_finds_an_opening_that_nobody_was_entitled_to(seed: int) -> None:
    Walk(seed).goes(STEPS)


def test_the_walks_lend_and_take_back() -> None:
    walks = [Walk(seed) for seed in range(1, 11)]
    for walk in walks:
        walk.goes(STEPS)
    assert sum(len(walk.wall.takes) for walk in walks) >= 10
    assert sum(walk.wall.returns for walk in walks) >= 10
    assert all(any(walk.done.get(act.__name__, 0) for walk in walks) for act in walks[0]._acts())


def test_the_same_seed_walks_the_same_way() -> None:
    stories = []
    for _ in range(2):
        walk = Walk(7)
        walk.goes(STEPS)
        stories.append((walk.done, [report["id"] for report in walk.wall.cloud.heard]))
    assert stories[0] == stories[1]


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_within_fifty_seeds(bug: str) -> None:
    with BUGS[bug]():
        first = SOON.get(bug, 1)
        assert any(_breaks(seed) for seed in range(first, first + 50))


def _breaks(seed: int) -> bool:
    try:
        Walk(seed).goes(STEPS)
    except AssertionError:
        return True
    return False
