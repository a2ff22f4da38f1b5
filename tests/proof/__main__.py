"""`make prove`: the long form of every part, or of those named; writes `docs/proof.md`, exits 1 if a bar was missed."""

import sys
import time
from datetime import UTC, datetime
from importlib import import_module

from rich.console import Console

from tests.proof.figures import Proven, kept
from tests.proof.page import page
from tests.proof.resuming import PAGE, commit

PARTS = {
    "simulation": "tests.simulation.long",
    "alerts": "tests.proof.alerts.long",
    "teeth": "tests.simulation.teeth.long",
    "faults": "tests.proof.faults.long",
    "histories": "tests.proof.linearizable.long",
    "over-http": "tests.proof.linearizable.long_over_http",
    "races": "tests.proof.races.long",
    "commands": "tests.proof.commands.long",
    "orders": "tests.proof.orders.long",
    "offline": "tests.proof.offline.long",
    "fuzzing": "tests.proof.fuzzing.long",
    "mutants": "tests.proof.mutants.long",
    "rebuilding": "tests.proof.rebuilding.long",
    "model": "tests.proof.model.long",
}
"""Parts by name, and the module whose `prove` is the long form."""
console = Console(stderr=True)


def main(names: list[str]) -> int:
    """Run parts (all unless named); returns the exit code."""
    unknown = set(names) - PARTS.keys()
    if unknown:
        console.print(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
        return 2
    held = [_run(name) for name in names or PARTS]
    proven = [each for each in map(kept, PARTS) if each is not None]
    PAGE.write_text(page(PARTS, proven))
    return 0 if all(held) else 1


def _run(name: str) -> bool:
    started, at = time.monotonic(), datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
    at_commit = commit()
    console.rule(name)
    figures = tuple(import_module(PARTS[name]).prove(console.print))
    Proven(part=name, at=at, commit=at_commit, seconds=round(time.monotonic() - started), figures=figures).keep()
    for figure in figures:
        verdict = "" if figure.held else " NOT HELD"
        console.print(f"{figure.goal} {figure.name}: {figure.reached} ({figure.bar}){verdict}")
    return all(figure.held for figure in figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
