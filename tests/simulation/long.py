"""G1, the long form: `SEEDS` seeds (1,000) of `EVENTS` planned events (1,500), of which two in three happen."""

import os
from collections.abc import Sequence

from tests.proof.figures import Figure, Say
from tests.simulation import campaign
from tests.simulation.shrink import Shrinker

SEEDS = int(os.environ.get("SEEDS") or 1_000)
EVENTS = int(os.environ.get("EVENTS") or 1_500)
MILLION = 1_000_000
EVERY = 20


def prove(say: Say) -> Sequence[Figure]:
    """Run the seeds; a broken one is shown with its shortest story."""

    def told(so_far: campaign.Campaign) -> None:
        if so_far.seeds % EVERY == 0:
            say(f"{so_far.seeds} of {SEEDS} seeds, {so_far.events:,} events, {so_far.faults:,} faults")

    done = campaign.run(range(1, SEEDS + 1), EVENTS, told=told)
    for broken in done.broken:
        say(str(Shrinker(broken.seed, EVENTS).shortest()))
    same = campaign.one(1, EVENTS).fingerprint == campaign.one(1, EVENTS).fingerprint
    return (
        _figure("events simulated", "1,000,000", f"{done.events:,} in {done.seeds:,} seeds", done.events >= MILLION),
        _figure("faults injected", "each kind", f"{done.faults:,}", not done.never),
        _figure("never happened", "nothing", ", ".join(done.never) or "nothing", not done.never),
        _figure("violations of I1 to I11, I16, I17, I19", "0", str(len(done.broken)), not done.broken),
        _figure("same seed, same trace hash", "yes", "yes" if same else "no", same),
    )


def _figure(name: str, bar: str, reached: str, held: bool) -> Figure:
    return Figure(goal="G1", name=name, bar=bar, reached=reached, held=held)
