"""`make simulate SEEDS=100 EVENTS=1000 FIRST=1`: try seeds, show how far, and what happened how often."""

import os
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.simulation import campaign
from tests.simulation.shrink import Shrinker

console = Console(stderr=True)


def main() -> int:
    """Run the seeds that the environment names; returns 1 if one broke."""
    first, seeds, events = (int(os.environ.get(name) or default) for name, default in _DEFAULTS)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("seeds", total=seeds)

        def told(so_far: campaign.Campaign, _: campaign.Outcome) -> None:
            elapsed_s = progress.tasks[0].elapsed or 1
            rate = so_far.events / elapsed_s
            progress.update(bar, completed=so_far.seeds, description=f"{so_far.events:,} events, {rate:,.0f} a second")

        done = campaign.run(range(first, first + seeds), events, told=told)
    console.print(_table(done))
    console.print(f"never happened: {', '.join(done.never) or 'nothing that should have'}")
    for broken in done.broken[:1]:
        console.print(str(Shrinker(broken.seed, events).shortest()), markup=False)
    return 1 if done.broken else 0


_DEFAULTS = (("FIRST", 1), ("SEEDS", 100), ("EVENTS", 1_000))


def _table(done: campaign.Campaign) -> Table:
    table = Table(
        "what happened", "times", title=f"{done.seeds:,} seeds, {done.events:,} events, {done.faults:,} faults"
    )
    for kind, times in sorted(done.tally.items()):
        table.add_row(kind, f"{times:,}")
    return table


if __name__ == "__main__":
    sys.exit(main())
