"""Threats 33 and 35, and invariant I2, at the size of a lender of 10,000 things.

Sizes: `REBUILD_ASSETS` (10,000) and `REBUILD_ROUNDS` (2, times each was lent before) for memory, speed and bytes;
`REBUILD_EVENTS` (10,000) tampered with one by one in three ways; `REBUILD_DAYS` (20) days of transactions, each cut
`REBUILD_CUTS` (50) times in two ways. Memory is the highest that Python has allocated beyond what the tables hold.
Figures are named after their threats in safety.md.
"""

import os
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import track

from tests.proof.figures import Figure, Say
from tests.proof.rebuilding.damage import WAYS, following, forget_custody, undo
from tests.proof.rebuilding.halves import Tape, a_busy_day, cut
from tests.proof.rebuilding.lender import Lender
from tests.proof.rebuilding.mending import mended
from tests.proof.rebuilding.naming import event_keys, named_by
from tests.proof.rebuilding.targets import TARGET, items, rebuild, rebuilt, verdict
from tests.support.dynamo import Dynamo
from tests.support.world import world

ASSETS = int(os.environ.get("REBUILD_ASSETS", "10000"))
ROUNDS = int(os.environ.get("REBUILD_ROUNDS", "2"))
EVENTS = int(os.environ.get("REBUILD_EVENTS", "10000"))
DAYS = int(os.environ.get("REBUILD_DAYS", "20"))
CUTS = int(os.environ.get("REBUILD_CUTS", "50"))
VERIFY_MB = 64  # a bound that does not depend on how much there is
console = Console(stderr=True)


def prove(say: Say) -> Sequence[Figure]:
    """Return what verifying and rebuilding came to."""
    return [*_at_size(say), _tampered(say), *_halves(say)]


def _at_size(say: Say) -> list[Figure]:
    with ExitStack() as stack:
        here = stack.enter_context(world(check=False, rules=False))
        dynamo = _dynamo(here)
        dynamo.calls = deque(maxlen=0)  # a list of every request would be most of what is measured
        events = Lender(dynamo, ASSETS, ROUNDS).fill()
        whole, count = dynamo.snapshot(), sum(len(table.items) for table in dynamo.tables.values())
        say(f"{ASSETS:,} assets, {events:,} events, {count:,} items: verifying")
        before, verified_s, verify_mb = _measured(verdict)
        forget_custody(dynamo)
        say("custody forgotten: rebuilding")
        _, rebuilt_s, rebuild_mb = _measured(lambda: rebuild(dynamo))
        same = sum(items(dynamo, TARGET.state).get(key) == item for key, item in _assets(whole["state"]))
        ledger_same = items(dynamo, TARGET.ledger) == whole["ledger"]
        with rebuilt(dynamo):
            after = verdict()
    bytes_ = f"{same:,} of {ASSETS:,} assets to the byte, ledger {'too' if ledger_same else 'NOT'}"
    fine = before.fault is None and after.fault is None
    return [
        Figure(
            goal="T33",
            name=f"verify {count:,} items: peak memory, items a second",
            bar=f"at most {VERIFY_MB} MB, no fault",
            reached=f"{verify_mb:.0f} MB, {count / verified_s:,.0f}/s",
            held=verify_mb <= VERIFY_MB and fine,
        ),
        Figure(
            goal="T35",
            name=f"rebuild {ASSETS:,} assets from {events:,} events",
            bar="every asset to the byte, ledger too, verified",
            reached=f"{bytes_}; {rebuild_mb:.0f} MB, {count / rebuilt_s:,.0f} items/s",
            held=same == ASSETS and ledger_same and fine,
        ),
    ]


def _tampered(say: Say) -> Figure:
    say(f"{EVENTS:,} events, each tampered with in {len(WAYS)} ways")
    named = tried = 0
    with world(check=False, rules=False) as here:
        dynamo = _dynamo(here)
        Lender(dynamo, max(EVENTS // 10, 1), rounds=ROUNDS).fill()
        for key in track(event_keys(dynamo)[:EVENTS], "tampering", console=console):
            ledger = items(dynamo, "ledger")
            before = {each: ledger.get(each) for each in (key, following(key))}
            for way in WAYS:
                way(ledger, key)
                fault = named_by(key)
                undo(ledger, before)
                tried += 1
                number = str(int(key[1].removeprefix("EVENT#")))
                named += fault is not None and fault.thing.endswith(key[0].rsplit("#", 1)[1]) and number in fault.why
    return Figure(
        goal="T33",
        name="events deleted, altered, out of order",
        bar="each is named",
        reached=f"{named:,} of {tried:,} named",
        held=named == tried > 0,
    )


def _halves(say: Say) -> list[Figure]:
    say(f"{DAYS} days, {2 * CUTS} restores in half of each")
    tried = found = missed = left = 0
    for seed in track(range(DAYS), "restores in half", console=console):
        with world(check=False) as here:
            tape = Tape(_dynamo(here))
            tape.dynamo.before.append(tape.before)
            a_busy_day(here, Random(seed))
            tape.dynamo.before.clear()
            tape.drop_failed()
            whole = tape.dynamo.snapshot()
            for number in range(2 * CUTS):
                cut(tape, Random(f"{seed}.{number}"), lost=number % 2 == 1)
                outcome = mended(tape.dynamo)
                tape.dynamo.restore(whole)
                tried += 1
                found += outcome.found
                missed += bool(outcome.missed)
                left += bool(outcome.left)
    return [
        Figure(
            goal="T35",
            name="restores with half of the last 50 transactions: contradictions found",
            bar="0 missed",
            reached=f"{found:,} of {tried:,} contradicted themselves, {missed} missed",
            held=missed == 0 < found,
        ),
        Figure(
            goal="T35",
            name="the same rebuilt",
            bar="every one fits",
            reached=f"{tried - left:,} of {tried:,}",
            held=left == 0 < tried,
        ),
    ]


def _measured(act: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what an act returns, its seconds, and the megabytes it needed at most (tracing slows it: done twice)."""
    begun = time.perf_counter()
    act()
    took = time.perf_counter() - begun
    tracemalloc.start()
    done = act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return done, took, peak / 1e6


def _assets(state: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return [(key, item) for key, item in state.items() if key[1] == "STATE"]


def _dynamo(here: Any) -> Dynamo:
    dynamo: Dynamo = here.dynamo
    return dynamo
