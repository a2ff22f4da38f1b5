"""The long form of G8: every order of every story with copies, and a hundred redeliveries through a real broker.

`TOOLCRIB_ORDER_WORKERS` overrides how many stories are explored at a time, `TOOLCRIB_REDELIVERIES` how many are waited
for.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

from tests.proof.figures import Figure, Say
from tests.proof.orders.exploring import Explored, explored
from tests.proof.orders.redelivering import weathered
from tests.proof.orders.traces import REPORTS, TRACES

WORKERS = int(os.environ.get("TOOLCRIB_ORDER_WORKERS", str(os.cpu_count() or 1)))
REDELIVERIES = int(os.environ.get("TOOLCRIB_REDELIVERIES", "100"))
SEED = 8


def prove(say: Say) -> Sequence[Figure]:
    """Return how many ends all those orders came to."""
    with ProcessPoolExecutor(WORKERS) as pool:
        tried = track(pool.map(explored, TRACES), "orders", total=len(TRACES), console=Console(stderr=True))
        found = list(tried)
    for each in found:
        say(f"{each.trace.name}, {each.trace.evidence}: {each.orders:,} orders, {each.ends} ends {each.differing}")
    return (_orders(found), _redelivered(say))


def _orders(found: Sequence[Explored]) -> Figure:
    return Figure(
        goal="G8",
        name=f"all orders of {len(found)} traces of {REPORTS} reports, with copies at every point of each",
        bar="one final state per set",
        reached=f"{sum(each.orders for each in found):,} orders, {max(each.ends for each in found)} final state each",
        held=all(each.ends == 1 for each in found),
    )


def _redelivered(say: Say) -> Figure:
    with TemporaryDirectory() as folder:
        came_to = weathered(Path(folder), REDELIVERIES, SEED)
    say(str(came_to))
    return Figure(
        goal="G8",
        name="redeliveries through a real broker, connections cut on both sides of it",
        bar="≥ 100 real redeliveries, one final state",
        reached=f"{came_to.redelivered:,} redeliveries among {came_to.reports:,} reports, {came_to.cuts:,} cuts, "
        f"{came_to.ends} final state, {'as' if came_to.as_it_is else 'not as'} things are",
        held=came_to.redelivered >= REDELIVERIES and came_to.ends == 1 and came_to.as_it_is,
    )
