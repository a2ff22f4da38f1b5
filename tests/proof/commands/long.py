"""The long form of G6. `TOOLCRIB_BAD_COMMANDS` and `TOOLCRIB_GOOD_COMMANDS` override how many."""

import logging
import os
from collections.abc import Sequence

from rich.console import Console
from rich.progress import track

from tests.proof.commands.trying import FAMILIES, obeyed, opened_by, share
from tests.proof.figures import Figure, Say

BAD = int(os.environ.get("TOOLCRIB_BAD_COMMANDS", "100000"))
GOOD = int(os.environ.get("TOOLCRIB_GOOD_COMMANDS", "10000"))
SEED = 6


def prove(say: Say) -> Sequence[Figure]:
    """Return what bad and good commands opened."""
    logging.getLogger("edge").setLevel(logging.ERROR)  # a bank has a word to say about each
    opened = {
        family: opened_by(family, share(family, BAD), SEED)
        for family in track(FAMILIES, "bad commands", console=Console(stderr=True))
    }
    tried = {family: share(family, BAD) for family in FAMILIES}
    for family, times in opened.items():
        say(f"{family}: {tried[family]:,} tried, {times} opened")
    pulses = obeyed(GOOD, SEED)
    say(f"good: {GOOD:,} commands, by pulses: {dict(pulses)}")
    return (
        Figure(
            goal="G6",
            name=f"bad door commands of {len(FAMILIES)} kinds: doors opened",
            bar="100,000 bad: 0 opens",
            reached=f"{sum(tried.values()):,} bad: {sum(opened.values())} opens",
            held=sum(tried.values()) >= BAD and not any(opened.values()),
        ),
        Figure(
            goal="G6",
            name="good door commands: pulses each, used-mark on the disk before",
            bar="10,000 good: one open each",
            reached=f"{GOOD:,} good: {pulses[1]:,} opened once, {GOOD - pulses[1]:,} otherwise",
            held=pulses == {1: GOOD},
        ),
    )
