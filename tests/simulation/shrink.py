"""From a seed that breaks to the shortest story of it that can be reached: fewer acts, fewer faults, the first sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.faults import RATES
from tests.simulation.plan import Act, plan
from tests.simulation.simulation import BEGINS_MS, Broken, Simulation

MOST_RUNS = 120


@dataclass
class Story:
    """A failing run: its acts, the faults it can do without, what broke, and its last lines."""

    seed: int
    acts: Sequence[Act]
    without: frozenset[str]
    broken: str
    trace: tuple[str, ...]

    def __str__(self) -> str:
        acts = "\n".join(f"  {act}" for act in self.acts)
        last = "\n".join(f"  {line}" for line in self.trace[-60:])
        struck = ", ".join(sorted(RATES.keys() - self.without)) or "none"
        return f"seed {self.seed}: {self.broken}\nacts:\n{acts}\nfaults needed: {struck}\ntrace:\n{last}"


class Shrinker:
    """Leaves out what is not needed, by halves, for at most so many runs (delta debugging, Zeller 1999)."""

    def __init__(self, seed: int, events: int) -> None:
        self._seed, self._runs = seed, 0
        self._story = self._tried(plan(seed, events), frozenset(), check_every=1)

    def shortest(self) -> Story | None:
        """Return the shortest story found, None if the seed does not break.

        Acts come last once more: without the faults fewer of them are needed.
        """
        if self._story is None:
            return None
        self._cut_after_the_end()
        self._leave_out_acts()
        self._leave_out_faults()
        self._leave_out_acts()
        return self._story

    def _cut_after_the_end(self) -> None:
        story = self._best
        broke_at = int(story.trace[-1].split(" ", 1)[0]) - BEGINS_MS
        self._try([act for act in story.acts if act.at_ms <= broke_at], story.without)

    def _leave_out_acts(self) -> None:
        size = max(1, len(self._best.acts) // 2)
        while size:
            start = 0
            while start < len(self._best.acts):
                acts = self._best.acts
                if not self._try([*acts[:start], *acts[start + size :]], self._best.without):
                    start += size
            size //= 2

    def _leave_out_faults(self) -> None:
        for kind in sorted(RATES):
            self._try(self._best.acts, self._best.without | {kind})

    @property
    def _best(self) -> Story:
        assert self._story is not None
        return self._story

    def _try(self, acts: Sequence[Act], without: frozenset[str]) -> bool:
        """Whether it still breaks, in the same way."""
        if self._runs >= MOST_RUNS:
            return False
        story = self._tried(acts, without, check_every=10)
        kind = self._best.broken.split(":")[0]
        if story is None or story.broken.split(":")[0] != kind:
            return False
        self._story = story
        return True

    def _tried(self, acts: Sequence[Act], without: frozenset[str], *, check_every: int) -> Story | None:
        self._runs += 1
        here = Simulation(self._seed, tuple(acts), without=without, check_every=check_every)
        try:
            here.run()
        except Broken as error:
            return Story(self._seed, acts, without, str(error), tuple(here.hub.trace))
        return None
