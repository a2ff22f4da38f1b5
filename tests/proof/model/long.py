"""The model at bounds that take minutes: `MODEL_CUTS` (2) and `MODEL_COPIES` (2), then `MODEL_QUEUE` (2)."""

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proof.figures import Figure, Say
from tests.proof.model.checking import NAIVE, Bounds, check

CUTS = int(os.environ.get("MODEL_CUTS", "2"))
COPIES = int(os.environ.get("MODEL_COPIES", "2"))
QUEUE = int(os.environ.get("MODEL_QUEUE", "2"))
SMALL = Bounds(cuts=1, copies=1, queue=1)


def prove(say: Say) -> Sequence[Figure]:
    """Return how many states there are, and that the naive variants fail."""
    figures = []
    for bounds in (Bounds(cuts=CUTS, copies=COPIES, queue=1), Bounds(cuts=1, copies=1, queue=QUEUE)):
        say(f"{bounds}")
        with TemporaryDirectory() as folder:
            checked = check(bounds, Path(folder))
        figures.append(
            Figure(
                goal="G1",
                name=f"model of the checkout: {bounds.cuts} cuts, {bounds.copies} copies, {bounds.queue} under way",
                bar="every state, 0 violations",
                reached=f"{checked.states:,} states, {checked.violated or 'none violated'}",
                held=checked.whole and checked.violated is None,
            )
        )
    failing = 0
    for naive, shows in NAIVE.items():
        say(naive)
        with TemporaryDirectory() as folder:
            failing += shows in (check(SMALL, Path(folder), naive).violated or "")
    reached = f"{failing} of {len(NAIVE)}"
    naive_figure = Figure(
        goal="G2", name="naive variants of the model", bar="each fails", reached=reached, held=failing == len(NAIVE)
    )
    return [*figures, naive_figure]
