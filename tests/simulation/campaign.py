"""Many seeds, on all cores: what happened how often, what never did, and the shortest story of what broke."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context

from tests.simulation.expected import EXPECTED
from tests.simulation.plan import plan
from tests.simulation.simulation import Broken, Simulation

AHEAD = 4  # seeds waiting for each core


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one seed came to. `broken` is the invariant that did not hold."""

    seed: int
    events: int
    fingerprint: str
    tally: Counter[str]
    broken: str | None = None


@dataclass
class Campaign:
    """What many seeds came to."""

    seeds: int = 0
    events: int = 0
    tally: Counter[str] = field(default_factory=Counter)
    broken: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count a seed in."""
        self.seeds += 1
        self.events += outcome.events
        self.tally.update(outcome.tally)
        if outcome.broken is not None:
            self.broken.append(outcome)

    @property
    def never(self) -> list[str]:
        """What was expected and never happened."""
        return sorted(EXPECTED - {kind for kind, times in self.tally.items() if times})

    @property
    def faults(self) -> int:
        """How many faults struck."""
        return sum(times for kind, times in self.tally.items() if kind.startswith("fault: "))


def one(seed: int, events: int) -> Outcome:
    """Run one seed."""
    here = Simulation(seed, plan(seed, events))
    broken = None
    try:
        here.run()
    except Broken as error:
        broken = str(error)
    tally = Counter({kind: times for kind, times in here.hub.tally.items() if not kind.startswith("killed: ")})
    return Outcome(seed=seed, events=here.hub.events, fingerprint=here.hub.fingerprint, tally=tally, broken=broken)


def run(
    seeds: Iterable[int],
    events: int,
    *,
    told: Callable[[Campaign, Outcome], None] = lambda *_: None,
    done: Iterable[Outcome] = (),
) -> Campaign:
    """Run seeds on all cores; `told` is called after each. Stops at the third that breaks; `done` are run already."""
    campaign = Campaign()
    for outcome in done:
        campaign.add(outcome)
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(max_workers=cores, mp_context=get_context("spawn")) as pool:
        waiting: Iterator[int] = iter(seeds)
        running = {pool.submit(one, seed, events) for seed in islice(waiting, cores * AHEAD)}
        while running:
            ended = next(as_completed(running))
            running.remove(ended)
            campaign.add(ended.result())
            told(campaign, ended.result())
            if len(campaign.broken) < 3:
                running |= {pool.submit(one, seed, events) for seed in islice(waiting, 1)}
    return campaign
