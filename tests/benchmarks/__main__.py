"""`make bench`: each figure beside its budget from the design, measured in this run."""

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.benchmarks.bank import own_time, resident
from tests.benchmarks.checkout import Step, workbench
from tests.benchmarks.cold import cold_start
from tests.benchmarks.kiosk import page_told_ms
from tests.benchmarks.layers import layer_sizes
from tests.benchmarks.rostering import roster_costs
from tests.benchmarks.sweeping import sweep_costs
from tests.benchmarks.warm import warm_tap

READS = ("Query", "GetItem", "BatchGetItem")


@dataclass(frozen=True)
class Figure:
    """One measured figure and the most it may be."""

    what: str
    measured: float
    budget: float | None
    note: str = ""

    @property
    def kept(self) -> bool:
        return self.budget is None or self.measured <= self.budget


def main() -> int:
    """Measure everything, print the table, and return 1 if a budget is not kept."""
    console = Console()
    figures = []
    with console.status("measuring"):
        for figure in measured():
            figures.append(figure)
            console.log(f"{figure.what}: {figure.measured:.4g}")
    table = Table("figure", "measured", "budget", "", "note", title="What things cost")
    for figure in figures:
        budget = "" if figure.budget is None else f"{figure.budget:g}"
        mark = "[green]kept[/]" if figure.kept else "[red]over[/]"
        table.add_row(figure.what, f"{figure.measured:.4g}", budget, mark if budget else "", figure.note)
    console.print(table)
    return 0 if all(figure.kept for figure in figures) else 1


def measured() -> Iterator[Figure]:
    """Yield every figure."""
    with contextlib.redirect_stdout(io.StringIO()), workbench() as bench:
        steps = bench.checkout_and_return()
    yield from _steps(steps)
    yield Figure(
        "write units, checkout and return", sum(step.write_units for step in steps), 44, "index writes included"
    )
    yield Figure("read units, checkout and return", sum(step.read_units for step in steps), 16)
    yield Figure("CPU of a warm tap / bare botocore, same calls", warm_tap(), 1.25, "answers canned below HTTP")
    ratio, ours, floor = cold_start()
    yield Figure("cold start / PynamoDB with its first client", ratio, 1.6, f"{ours:.0f} over {floor:.0f} ms of CPU")
    core, deps = layer_sizes()
    yield Figure("core layer, MB unzipped", core, 1)
    yield Figure("deps layer, MB unzipped", deps, 40)
    yield from _sweeps()
    yield from _rosters()
    yield from _bank()


def _bank() -> Iterator[Figure]:
    """The controller that runs in a bank; design.md's words for it: under 5 ms of its own time."""
    took = own_time()
    yield Figure("bank, own time: tap to upload, ms", took.tap_ms, 5)
    yield Figure("bank, own time: command to pulse, ms", took.open_ms, 5)
    yield Figure("bank, own time: tap to pulse, ms", took.tap_ms + took.open_ms, 5)
    note = "the used-mark is on this disk before the pulse: its fsync, not ours"
    yield Figure("bank, the journal's write before a pulse, ms", took.disk_ms, None, note)
    waiting = resident()
    yield Figure(
        "bank, memory of `toolcrib-bank run`, MB", waiting.memory_mb, 80, "a lock board, its screen, a roster of 5,000"
    )
    yield Figure(
        "bank, CPU while nobody is there, % of a core", waiting.cpu_percent, 1, "two doors read 5 times a second"
    )
    worst, median = page_told_ms()
    yield Figure("kiosk: badge to page, ms, worst of 100 taps", worst, 100, f"median {median:.1f} ms")


def _steps(steps: list[Step]) -> Iterator[Figure]:
    """Round trips and transactions of each step; badge and bank are read side by side, which is one round trip."""
    budgets = {"take: tap": (3, 3), "take: closed": (None, 5), "return: tap": (3, 2), "return: closed": (None, 5)}
    for step in steps:
        most, items = budgets.get(step.name, (None, 0))
        reads = step.calls.count(*READS)
        together = 1 if step.name.endswith("tap") else 0
        trips = step.calls.count(*READS, "TransactWriteItems", "UpdateItem") - together
        yield Figure(f"{step.name}: sequential round trips", trips, most, f"{reads} reads")
        sizes = [len(transaction) for transaction in step.calls.transactions()]
        yield Figure(f"{step.name}: items in its transaction", sum(sizes), items, f"{len(sizes)} transactions")


def _sweeps() -> Iterator[Figure]:
    """What is due, among as many loans and among a million: it has to cost the same."""
    floors, real = sweep_costs(500), sweep_costs(1_000_000)
    for due, floor, meter in zip((10, 500), floors, real, strict=True):
        for unit in ("requests", "read_units", "write_units"):
            what = f"sweep, {unit.replace('_', ' ')}: {due} due among"
            yield Figure(f"{what} 500 loans", getattr(floor, unit), None)
            yield Figure(f"{what} 1,000,000 loans", getattr(meter, unit), getattr(floor, unit), "follows what is due")
    floor, meter = floors[1], real[1]
    note = f"{meter.cpu_s:.2f} over {floor.cpu_s:.2f} s, without the store's"
    yield Figure("sweep, CPU: 500 due among 1,000,000 loans / among 500", meter.cpu_s / floor.cpu_s, 1.5, note)


def _rosters() -> Iterator[Figure]:
    """A bank's roster of 5,000 people."""
    made = roster_costs(5_000)
    yield Figure("roster of 5,000 people, read units", made.meter.read_units, None, "once for all banks")
    yield Figure("roster of 5,000 people, MB", made.size / 1e6, 2)
    yield Figure(
        "roster of 5,000 people, seconds of CPU", made.meter.cpu_s, 60, "without the store's; reading included"
    )


if __name__ == "__main__":
    sys.exit(main())
