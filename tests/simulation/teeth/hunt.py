"""Looks for a planted bug, seed after seed."""

from dataclasses import dataclass

from tests.simulation.campaign import one
from tests.simulation.teeth.bugs import BUGS

WITHIN = 50  # seeds, as safety.md has it
EVENTS = 900


@dataclass(frozen=True, kw_only=True)
class Found:
    """A bug was found: by which seed, the how manieth that was tried, as which broken invariant."""

    bug: str
    seed: int
    tries: int
    broken: str


def hunt(bug: str, *, first: int = 1) -> Found | None:
    """Return how a planted bug was found, None if 50 seeds did not."""
    with BUGS[bug]():
        for tries, seed in enumerate(range(first, first + WITHIN), 1):
            broken = one(seed, EVENTS).broken
            if broken is not None:
                assert "crash: TypeError" not in broken, f"{bug} is planted where it no longer fits: {broken}"
                return Found(bug=bug, seed=seed, tries=tries, broken=broken)
    return None
