"""The long form of the other half of G4, on MiniStack, over real MQTT and HTTP.

HISTORIES_OVER_HTTP (200), by a bank and two administrators, each a process. PROVE_AT is the folder of a local stack
that runs already; otherwise one is started and stopped.
"""

import os
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import Progress

from infra.local.home import Home
from tests.journeys.asking import signed_in
from tests.journeys.corner import Corner
from tests.proof.figures import Figure, Say
from tests.proof.linearizable.over_ministack import hall
from tests.proof.resuming import Work
from tests.support.local_stack import at_hand

HISTORIES = int(os.environ.get("HISTORIES_OVER_HTTP", "200"))
A_SIGN_IN = 50  # histories with one token, which is good for an hour


def prove(say: Say) -> Sequence[Figure]:
    """Make and judge all histories; what is wrong is said, with its seed."""
    illegal, operations = _made(say)
    reached = f"{HISTORIES} histories, {operations:,} operations, {len(illegal)} illegal"
    return [
        Figure(goal="G4", name="histories over HTTP and MQTT", bar="0 illegal", reached=reached, held=not illegal),
    ]


def _made(say: Say) -> tuple[list[str], int]:
    illegal, operations, work = [], 0, Work("over-http", str(HISTORIES))
    before = {int(seed): piece for seed, piece in work.done().items()}
    left = [seed for seed in range(HISTORIES) if seed not in before]
    with at_hand(os.environ.get("PROVE_AT")) as home, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("over HTTP and MQTT", total=len(left))
        for some in (left[first : first + A_SIGN_IN] for first in range(0, len(left), A_SIGN_IN)):
            for seed, *found in _hall(home, some):
                before[seed] = found
                work.keep(str(seed), found)
                progress.advance(task)
    for seed, (legal, many) in sorted(before.items()):
        operations += many
        if not legal:
            illegal.append(f"over HTTP, history {seed}: no legal order")
            say(illegal[-1])
    return illegal, operations


def _hall(home: Home, seeds: Sequence[int]) -> Iterator[tuple[int, bool, int]]:
    """Yield each seed, whether its history is legal, and how many operations it has."""
    with signed_in(home) as web:
        corner = Corner(home=home, web=web, stack=home.read("stack.json"))
        try:
            with hall(corner) as here:
                for seed in seeds:
                    notes, verdict = here.history(seed)
                    yield seed, verdict.legal, len(notes)
        finally:
            corner.close()
