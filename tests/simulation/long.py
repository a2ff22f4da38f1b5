"""G1, the long form: `SEEDS` seeds (1,000) of `EVENTS` planned events (1,100), about as many as happen."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.proof.figures import Figure, Say
from tests.proof.resuming import Work
from tests.simulation import campaign
from tests.simulation.shrink import Shrinker

SEEDS = int(os.environ.get("SEEDS") or 1_000)
EVENTS = int(os.environ.get("EVENTS") or 1_100)
MILLION = 1_000_000
EVERY = 20


def prove(say: Say) -> Sequence[Figure]:
    """Run the seeds; a broken one is shown with its shortest story."""

    work = Work("simulation", str(EVENTS))
    before = [_outcome(piece) for piece in work.done().values()]
    before = [each for each in before if each.seed <= SEEDS]

    def told(so_far: campaign.Campaign, last: campaign.Outcome) -> None:
        work.keep(str(last.seed), vars(last))
        if so_far.seeds % EVERY == 0:
            say(f"{so_far.seeds} of {SEEDS} seeds, {so_far.events:,} events, {so_far.faults:,} faults")

    left = sorted(set(range(1, SEEDS + 1)) - {each.seed for each in before})
    done = campaign.run(left, EVENTS, told=told, done=before)
    for broken in done.broken:
        say(str(Shrinker(broken.seed, EVENTS).shortest()))
    same = campaign.one(1, EVENTS).fingerprint == campaign.one(1, EVENTS).fingerprint
    return (
        _figure("events simulated", "1,000,000", f"{done.events:,} in {done.seeds:,} seeds", done.events >= MILLION),
        _figure("faults injected", "each kind", f"{done.faults:,}", not done.never),
        _figure("never happened", "nothing", ", ".join(done.never) or "nothing", not done.never),
        _figure(
            "violations of I1 to I11, I16, I17, I19, and of rows 1 to 14", "0", str(len(done.broken)), not done.broken
        ),
        _figure("same seed, same trace hash", "yes", "yes" if same else "no", same),
    )


def _outcome(piece: Mapping[str, Any]) -> campaign.Outcome:
    return campaign.Outcome(**{**piece, "tally": Counter(piece["tally"])})


def _figure(name: str, bar: str, reached: str, held: bool) -> Figure:
    return Figure(goal="G1", name=name, bar=bar, reached=reached, held=held)
