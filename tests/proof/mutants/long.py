"""G14: every target of `targets.py`, or those named in `MUTANTS` (comma-separated); `MUTANTS_AT_ONCE` processes (1)."""

import os
from collections.abc import Sequence
from fnmatch import fnmatch

from tests.proof.figures import Figure, Say
from tests.proof.mutants.explained import EXPLAINED
from tests.proof.mutants.running import install, survivors
from tests.proof.mutants.targets import TARGETS, Target

NAMED = [name for name in os.environ.get("MUTANTS", "").split(",") if name]
BAR = 0.85


def prove(say: Say) -> Sequence[Figure]:
    """Return for each target how many mutants were noticed."""
    install()
    figures: list[Figure] = []
    for name, target in TARGETS.items():
        if NAMED and name not in NAMED:
            figures.append(_figure(name, "not run", held=False))
            continue
        say(f"mutating {name}")
        survived, count = survivors(name, target)
        unexplained = sorted(survived.keys() - EXPLAINED.keys())
        stale = sorted(_explained(target) - survived.keys())
        for mutant in (*unexplained, *(f"{each}: explained, and killed or gone" for each in stale)):
            say(mutant)
        killed = 1 - len(survived) / count if count else 0.0
        enough = not unexplained if target.strict else killed >= BAR
        told = f"{count - len(survived):,} of {count:,} killed, {len(survived) - len(unexplained)} explained"
        figures.append(_figure(name, told, held=not stale and count > 0 and enough))
    return figures


def _explained(target: Target) -> set[str]:
    modules = [file.removeprefix("src/").removesuffix(".py").replace("/", ".") for file in target.files]
    return {mutant for mutant in EXPLAINED if any(fnmatch(mutant, f"{module}.*") for module in modules)}


def _figure(name: str, reached: str, *, held: bool) -> Figure:
    bar = "0 survivors" if TARGETS[name].strict else f"≥ {BAR:.0%} killed"
    return Figure(goal="G14", name=f"mutants of {name}", bar=bar, reached=reached, held=held)
