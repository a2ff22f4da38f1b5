"""G14: every target of `targets.py`, or those named in `MUTANTS` (comma-separated); `MUTANTS_AT_ONCE` processes (1)."""

import os
from collections.abc import Sequence
from fnmatch import fnmatch

from tests.proof.figures import Figure, Say
from tests.proof.mutants.explained import EXPLAINED
from tests.proof.mutants.running import install, survivors
from tests.proof.mutants.targets import TARGETS

NAMED = [name for name in os.environ.get("MUTANTS", "").split(",") if name]
BAR = 0.85


def prove(say: Say) -> Sequence[Figure]:
    """Return for each target how many mutants were noticed."""
    install()
    figures = []
    for name in NAMED or TARGETS:
        say(f"mutating {name}")
        survived, count = survivors(name, TARGETS[name])
        unexplained = sorted(survived.keys() - EXPLAINED.keys())
        modules = [file.removeprefix("src/").removesuffix(".py").replace("/", ".") for file in TARGETS[name].files]
        mine = {mutant for mutant in EXPLAINED if any(fnmatch(mutant, f"{module}.*") for module in modules)}
        stale = sorted(mine - survived.keys())
        for mutant in (*unexplained, *(f"{each}: explained, and killed or gone" for each in stale)):
            say(mutant)
        strict = TARGETS[name].strict
        killed = 1 - len(survived) / count if count else 0.0
        figures.append(
            Figure(
                goal="G14",
                name=f"mutants of {name}",
                bar="0 survivors" if strict else f"≥ {BAR:.0%} killed",
                reached=f"{count - len(survived):,} of {count:,} killed, {len(survived) - len(unexplained)} explained",
                held=not stale and count > 0 and (not unexplained if strict else killed >= BAR),
            )
        )
    return figures
