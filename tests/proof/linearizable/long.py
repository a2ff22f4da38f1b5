"""The long form of the simulated half of G4.

HISTORIES (10,000), in as many processes as there are cores. A run of 8 clients × 100 operations gives one history of
each of its assets; into one of them a double grant, a lost update or a stale read is planted as well, which has to be
flagged.
"""

import os
from collections.abc import Sequence
from functools import reduce
from math import ceil

from rich.console import Console
from rich.progress import Progress

from tests.proof.figures import Figure, Say
from tests.proof.linearizable.many import Summary, summaries
from tests.proof.linearizable.premises import ASSETS, PEOPLE
from tests.proof.linearizable.simulated import OPERATIONS
from tests.proof.resuming import Work

HISTORIES = int(os.environ.get("HISTORIES", "10000"))
UNKNOWN, FLAGGED = 0.02, 0.99  # safety.md, G4


def prove(say: Say) -> Sequence[Figure]:
    """Make and judge all histories; what is wrong is said, with its seed."""
    total = _simulated(say)
    share, flagged = total.unknown / total.operations, total.flagged / total.planted
    runs = f"{total.runs:,} runs of {PEOPLE} clients × {OPERATIONS} operations"
    made = f"{total.histories:,} histories in {runs}, {total.operations:,} operations, {share:.1%} unknown"
    return [
        Figure(
            goal="G4",
            name="simulated histories, each of one asset",
            bar="0 illegal",
            reached=f"{made}, {len(total.wrong)} illegal",
            held=not total.wrong and share >= UNKNOWN,
        ),
        Figure(
            goal="G4",
            name="planted violations",
            bar="≥ 99 % flagged",
            reached=f"{total.flagged:,} of {total.planted:,} flagged ({flagged:.2%})",
            held=flagged >= FLAGGED,
        ),
    ]


def _simulated(say: Say) -> Summary:
    work, runs = Work("histories", str(OPERATIONS)), ceil(HISTORIES / len(ASSETS))
    before = {range(*piece[0]): Summary(*piece[1][:-1], tuple(piece[1][-1])) for piece in work.done().values()}
    before = {seeds: summary for seeds, summary in before.items() if seeds.stop <= runs}
    total = reduce(Summary.with_, before.values(), Summary())
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("simulated histories", total=HISTORIES)
        for seeds, some in summaries(runs, but=before.keys()):
            work.keep(str(seeds), [(seeds.start, seeds.stop), some])
            total = total.with_(some)
            progress.update(task, completed=total.histories)
            for each in some.wrong:
                say(each)
    return total
