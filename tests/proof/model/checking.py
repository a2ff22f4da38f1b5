"""Runs spin over the model: every state within the bounds, or a counterexample."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

MODEL = Path("tests/proof/model/checkout.pml")
NAIVE = {
    "NAIVE_MARK": "pulses[g]==1",
    "NAIVE_COMMIT": "live==g",
    "NAIVE_EXPIRY": "live==g",
    "NAIVE_SWEEP": "live==15",
}
"""What a checkout must not be, and a part of the assertion that shows it."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Power cuts, messages delivered once more, and messages under way at a time, each direction."""

    cuts: int
    copies: int
    queue: int


@dataclass(frozen=True, kw_only=True)
class Checked:
    """How many states were seen, the assertion that does not hold in one of them, and whether it was all of them."""

    states: int
    violated: str | None
    whole: bool


def check(bounds: Bounds, folder: Path, naive: str | None = None) -> Checked:
    """Look at every state within the bounds, or until one breaks an assertion; works in `folder`."""
    given = [f"-DCUTS={bounds.cuts}", f"-DCOPIES={bounds.copies}", f"-DQUEUE={bounds.queue}"]
    model = MODEL.resolve()
    _run(folder, "spin", *given, *([f"-D{naive}"] if naive else []), "-a", str(model))
    _run(folder, "gcc", "-O1", "-DSAFETY", "-DCOLLAPSE", "-o", "checker", "pan.c")
    said = _run(folder, str(folder / "checker"), "-m1000000")
    violated = re.search(r"pan:1: (.+?) \(at depth", said)
    states = re.search(r"(\d+) states, stored", said)
    return Checked(
        states=int(states[1]) if states else 0,
        violated=violated[1] if violated else None,
        whole="Search not completed" not in said and "max search depth too small" not in said,
    )


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
