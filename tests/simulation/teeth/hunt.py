"""Looks for a planted bug, seed after seed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from tests.simulation import deciding, plan
from tests.simulation.campaign import one
from tests.simulation.deciding import Manner
from tests.simulation.teeth.bugs import BUGS

WITHIN = 50  # seeds, as safety.md has it
EVENTS = 900
MORE: Mapping[str, Mapping[str, int]] = {
    "last-write-wins on reconnect": {"cut off": 80, "move": 40, "resolve": 20, "claim": 12},
    "roster without expiry": {"outage": 40},
    "allowance without a condition": {"race": 200},
    "guesses that are not counted": {Manner.GUESSES: 40},
}
"""What happens more often while a bug is looked for that only rare things bring out."""
LONGER: Mapping[str, int] = {"last-write-wins on reconnect": 2_700}
"""Events a seed, for a bug that takes many things in turn."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A bug was found: by which seed, the how manieth that was tried, as which broken invariant."""

    bug: str
    seed: int
    tries: int
    broken: str


@contextmanager
def oftener(bug: str) -> Iterator[None]:
    """Let happen more often what brings a bug out: acts, or manners of those who come alone."""
    more = MORE.get(bug, {})
    acts = {what: weight for what, weight in more.items() if what in plan.LIKELY}
    manners = {Manner(what): weight for what, weight in more.items() if what not in acts}
    with patch.dict(plan.LIKELY, acts), patch.dict(deciding.LIKELY, manners):
        yield


def hunt(bug: str, *, first: int = 1) -> Found | None:
    """Return how a planted bug was found, None if 50 seeds did not."""
    with oftener(bug), BUGS[bug]():
        for tries, seed in enumerate(range(first, first + WITHIN), 1):
            broken = one(seed, LONGER.get(bug, EVENTS)).broken
            if broken is not None:
                assert "crash: TypeError" not in broken, f"{bug} is planted where it no longer fits: {broken}"
                return Found(bug=bug, seed=seed, tries=tries, broken=broken)
    return None
