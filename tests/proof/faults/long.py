"""The long form of G3: every call of every scenario in every way, and all pairs of faults in the custody handlers.

`FAULTS_PAIRS` (1.0) is the share of the pairs that is tried, `FAULTS_PROCESSES` (2) how many processes try;
`FAULTS_ONLY` names scenarios (`take,returned`) where not all are wanted.
"""

import logging
import os
import pickle
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from tests.proof.figures import Figure, Say
from tests.proof.resuming import Work

if TYPE_CHECKING:
    from tests.proof.faults.matrix import Matrix

PAIRS = float(os.environ.get("FAULTS_PAIRS", "1.0"))
PROCESSES = int(os.environ.get("FAULTS_PROCESSES", "2"))
ONLY = frozenset(filter(None, os.environ.get("FAULTS_ONLY", "").split(",")))
SCENARIOS_A_TASK = 7  # what is alike stands side by side, and shares its pairs
PATHS = ("layers/core/python", "functions/api", "functions/notices", "functions/schedules")  # as pytest has them

Task = tuple[int, int]


def prove(say: Say) -> Sequence[Figure]:
    """Run the whole matrix; returns call sites, faults, pairs, and what was lost, doubled or wrongly refused."""
    _find_the_functions()
    from tests.proof.faults.coverage import met, wanted
    from tests.proof.faults.matrix import Matrix

    whole = Matrix()
    for part in _parts():
        whole.add(part)
        for finding in part.findings:
            say(finding.text)
    missing = wanted() - met(whole.met)
    for caller, called in sorted(missing):
        say(f"not met: {called} called by {caller}")
    return (
        _count("call sites that failed in every way", len(whole.met & whole.failed)),
        _figure("calls leading to AWS that no fault met", "0", len(missing)),
        _count("faults injected", sum(whole.faults.values())),
        Figure(
            goal="G3",
            name="pairs of faults in custody handlers",
            bar="all",
            reached=f"{len(whole.pairs):,}, " + ("all" if PAIRS >= 1 else f"{PAIRS:.0%} of them"),
            held=PAIRS >= 1 and not ONLY,
        ),
        *(_figure(kind, "0", len(whole.of(kind))) for kind in ("lost", "doubled", "wrong refusal")),
        _figure("other ends", "0", len(whole.of("endless")) + len(whole.of("not met"))),
    )


def _parts() -> Iterator["Matrix"]:
    with ProcessPoolExecutor(PROCESSES) as pool, Progress(console=Console(stderr=True)) as progress:
        work, tasks = Work("faults", f"{PAIRS}{'-'.join(['', *sorted(ONLY)])}"), list(_tasks())
        before = work.done()
        bar = progress.add_task("fault matrix", total=len(tasks), completed=len(before))
        yield from (pickle.loads(b64decode(piece)) for piece in before.values())  # noqa: S301 - kept below
        left = {pool.submit(_part, task): str(task) for task in tasks if str(task) not in before}
        for done in as_completed(left):
            work.keep(left[done], b64encode(pickle.dumps(done.result())).decode())
            progress.advance(bar)
            yield done.result()


def _tasks() -> Iterator[Task]:
    from tests.proof.faults.scenarios import GROUPS

    for number, group in enumerate(GROUPS):
        for begin in range(0, len(group.scenarios), SCENARIOS_A_TASK):
            yield number, begin


def _part(task: Task) -> "Matrix":
    _find_the_functions()
    from tests.proof.faults.matrix import Matrix
    from tests.proof.faults.scenarios import GROUPS

    number, begin = task
    group = GROUPS[number]
    mine = group.scenarios[begin : begin + SCENARIOS_A_TASK]
    some = replace(group, scenarios=[scenario for scenario in mine if not ONLY or scenario.name in ONLY])
    logging.disable(logging.CRITICAL)  # failures are the point, and each would be told with its stack
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        return Matrix(thorough=True, share=PAIRS).run(some)


def _find_the_functions() -> None:
    sys.path[:0] = [path for path in PATHS if path not in sys.path]


def _count(name: str, reached: int) -> Figure:
    return Figure(goal="G3", name=name, bar="counted", reached=f"{reached:,}", held=reached > 0)


def _figure(name: str, bar: str, reached: int) -> Figure:
    return Figure(goal="G3", name=name, bar=bar, reached=f"{reached:,}", held=reached == 0)
