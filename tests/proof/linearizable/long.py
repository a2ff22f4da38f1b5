"""The long form: G4.

HISTORIES (10,000) simulated ones of 8 clients × 100 operations, in as many processes as there are cores; into each a
double grant, a lost update or a stale read is planted as well, which has to be flagged. HISTORIES_OVER_HTTP (200) on
MiniStack, over real MQTT and HTTP, by a bank and two administrators, each a process. PROVE_AT is the folder of a local
stack that runs already; otherwise one is started and stopped.
"""

import os
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import Progress

from infra.local.home import Home
from tests.journeys.asking import signed_in
from tests.journeys.corner import Corner
from tests.proof.figures import Figure, Say
from tests.proof.linearizable.many import Summary, summaries
from tests.proof.linearizable.over_ministack import hall
from tests.support.local_stack import at_hand

HISTORIES = int(os.environ.get("HISTORIES", "10000"))
OVER_HTTP = int(os.environ.get("HISTORIES_OVER_HTTP", "200"))
A_SIGN_IN = 50  # histories with one token, which is good for an hour
UNKNOWN, FLAGGED = 0.02, 0.99  # safety.md, G4


def prove(say: Say) -> Sequence[Figure]:
    """Make and judge all histories; what is wrong is said, with its seed."""
    with Progress(console=Console(stderr=True)) as progress:
        simulated = _simulated(progress, say)
        illegal, operations = _over_http(progress, say)
    share, flagged = simulated.unknown / simulated.operations, simulated.flagged / simulated.planted
    made = f"{simulated.histories} histories, {simulated.operations} operations, {share:.1%} unknown"
    found = f"{simulated.flagged} of {simulated.planted} flagged ({flagged:.2%})"
    legal, http = not simulated.wrong and share >= UNKNOWN, f"{OVER_HTTP} histories, {operations} operations"
    return [
        Figure(
            goal="G4", name="simulated histories", bar="0 illegal", reached=_with(made, simulated.wrong), held=legal
        ),
        Figure(goal="G4", name="planted violations", bar="≥ 99 % flagged", reached=found, held=flagged >= FLAGGED),
        Figure(goal="G4", name="over HTTP and MQTT", bar="0 illegal", reached=_with(http, illegal), held=not illegal),
    ]


def _with(made: str, wrong: Sequence[str]) -> str:
    return f"{made}, {len(wrong)} illegal"


def _simulated(progress: Progress, say: Say) -> Summary:
    total, task = Summary(), progress.add_task("simulated histories", total=HISTORIES)
    for some in summaries(HISTORIES):
        total = total.with_(some)
        progress.update(task, completed=total.histories)
        for each in some.wrong:
            say(each)
    return total


def _over_http(progress: Progress, say: Say) -> tuple[list[str], int]:
    illegal, operations, task = [], 0, progress.add_task("over HTTP and MQTT", total=OVER_HTTP)
    with at_hand(os.environ.get("PROVE_AT")) as home:
        for first in range(0, OVER_HTTP, A_SIGN_IN):
            seeds = range(first, min(first + A_SIGN_IN, OVER_HTTP))
            for seed, legal, many in _hall(home, seeds):
                operations += many
                progress.advance(task)
                if not legal:
                    illegal.append(f"over HTTP, history {seed}: no legal order")
                    say(illegal[-1])
    return illegal, operations


def _hall(home: Home, seeds: range) -> Iterator[tuple[int, bool, int]]:
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
