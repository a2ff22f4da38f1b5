"""Many simulated histories, in as many processes as there are cores; into each something is planted as well."""

import atexit
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from functools import cache, partial
from multiprocessing import get_context
from os import cpu_count
from random import Random
from typing import Any, NamedTuple

from tests.proof.linearizable.custody import judged
from tests.proof.linearizable.floor import Floor
from tests.proof.linearizable.planting import PLANTS
from tests.proof.linearizable.premises import premises
from tests.proof.linearizable.simulated import OPERATIONS, Made, beginning, history

AT_ONCE = 10  # runs of a process before it says so
OPEN = ExitStack()
"""What a process has open until it ends."""
atexit.register(OPEN.close)


class Summary(NamedTuple):
    """What some runs came to: counts, and in words what was wrong and with which seed."""

    runs: int = 0
    histories: int = 0
    operations: int = 0
    unknown: int = 0
    planted: int = 0
    flagged: int = 0
    wrong: tuple[str, ...] = ()

    def with_(self, other: "Summary") -> "Summary":
        """Return both together."""
        pairs: Any = zip(self, other, strict=True)
        return Summary(*(mine + theirs for mine, theirs in pairs))


def summaries(
    runs: int, *, operations: int = OPERATIONS, but: Container[range] = ()
) -> Iterator[tuple[range, Summary]]:
    """Make the histories of seeds 0, 1, 2 …; yields what each few runs came to, as they are done, with their seeds.

    `but` are the seeds of those that are made already.
    """
    some = [range(first, min(first + AT_ONCE, runs)) for first in range(0, runs, AT_ONCE)]
    with ProcessPoolExecutor(max_workers=cpu_count(), mp_context=get_context("spawn")) as pool:
        made = {pool.submit(_some, seeds, operations): seeds for seeds in some if seeds not in but}
        for done in as_completed(made):
            yield made[done], done.result()


def _some(seeds: range, operations: int) -> Summary:
    total = Summary()
    for seed in seeds:
        with ExitStack() as stack:
            stack.push(partial(_named, seed))
            total = total.with_(_judged(seed, history(_floors(), seed, operations=operations)))
    return total


def _named(seed: int, _kind: object, error: BaseException | None, _trace: object) -> None:
    if error is not None:
        error.add_note(f"in the history of seed {seed}")


@cache
def _floors() -> Callable[[int], Floor]:
    """Open the workplace once for a process, which ends with it."""
    return OPEN.enter_context(premises())


def _judged(seed: int, made: Made) -> Summary:
    wrong = [f"seed {seed}: no legal order for {asset}" for asset in made.illegal()]
    wrong += [f"seed {seed}: {violation}" for violation in made.violations]
    chance = Random(seed)
    asset, plant = chance.choice(sorted(made.notes)), PLANTS[sorted(PLANTS)[seed % len(PLANTS)]]
    planted = plant(made.notes[asset], beginning(asset), chance)
    flagged = planted is not None and not judged(planted, beginning(asset)).legal
    return Summary(1, len(made.notes), made.asked, made.unknown, planted is not None, flagged, tuple(wrong))
