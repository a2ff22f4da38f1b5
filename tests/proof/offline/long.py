"""The long form of G10 and I12.

`OFFLINE_WALKS` (2,000), `OFFLINE_BANKS` (100), `OFFLINE_REPORTS` (10,000), `OFFLINE_PROCESSES` (the cores).
"""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proof.figures import Figure, Say
from tests.proof.offline.outage import Outage, outage
from tests.proof.offline.walk import Walk
from tests.proof.resuming import Work

WALKS = int(os.environ.get("OFFLINE_WALKS") or 2_000)
BANKS = int(os.environ.get("OFFLINE_BANKS") or 100)
REPORTS = int(os.environ.get("OFFLINE_REPORTS") or 10_000)
PROCESSES = int(os.environ.get("OFFLINE_PROCESSES") or os.cpu_count() or 1)
STEPS = 300
EVERY = 100


def prove(say: Say) -> Sequence[Figure]:
    """Return what walks and outages came to."""
    work = Work("offline", f"{WALKS}-{REPORTS}")
    done = dict(work.done())
    with ProcessPoolExecutor(PROCESSES, initializer=_quiet) as pool:
        for begin in [each for each in range(1, WALKS + 1, EVERY) if f"walks {each}" not in done]:
            some = list(pool.map(_walk, range(begin, min(begin + EVERY, WALKS + 1)), chunksize=10))
            broken = [f"{seed}: {why}" for seed, (_, why) in enumerate(some, begin) if why]
            done[f"walks {begin}"] = [sum(opened for opened, _ in some), broken]
            work.keep(f"walks {begin}", done[f"walks {begin}"])
            say("\n".join([f"walks from {begin} on: {len(broken)} broken", *broken]))
        left = [seed for seed in range(1, BANKS + 1) if f"bank {seed}" not in done]
        for seed, bank in zip(left, pool.map(_bank, left), strict=True):
            done[f"bank {seed}"] = asdict(bank)
            work.keep(f"bank {seed}", done[f"bank {seed}"])
            say(f"bank {seed} of {BANKS}: {bank}")
    walks = [done[f"walks {begin}"] for begin in range(1, WALKS + 1, EVERY)]
    broken = [each for _, some in walks for each in some]
    banks = [Outage(**done[f"bank {seed}"]) for seed in range(1, BANKS + 1)]
    return (_walked(sum(opened for opened, _ in walks), broken), *_told(banks))


def _walked(openings: int, broken: Sequence[str]) -> Figure:
    return Figure(
        goal="G10",
        name="offline openings on random walks that no roster in force allowed, or that were told twice or not",
        bar="0",
        reached=f"{len(broken)} of {openings:,} on {WALKS:,} walks",
        held=not broken and openings > WALKS,
    )


def _told(banks: Sequence[Outage]) -> Sequence[Figure]:
    reports = sum(bank.reports for bank in banks)
    wrong = [
        ("reports lost after 72 hours offline", sum(bank.lost for bank in banks)),
        ("offline reports that came out of order", sum(bank.out_of_order for bank in banks)),
        ("doors that opened for whom nothing entitled", sum(bank.unentitled for bank in banks)),
    ]
    largest = max(bank.largest_bytes for bank in banks)
    return [
        *(
            Figure(
                goal="G10",
                name=name,
                bar=f"0 of {BANKS} × {REPORTS:,}",
                reached=f"{count} of {reports:,} at {len(banks)} banks",
                held=count == 0 and reports >= BANKS * REPORTS,
            )
            for name, count in wrong
        ),
        Figure(
            goal="G10",
            name="largest journal, with its log",
            bar="≤ 1 KiB a report and 2 MiB",
            reached=f"{largest / 2**20:.1f} MiB",
            held=largest <= REPORTS * 1_024 + 2 * 2**20,
        ),
    ]


def _quiet() -> None:
    logging.disable(logging.CRITICAL)  # a bank has a word to say about each power cut


def _walk(seed: int) -> tuple[int, str | None]:
    walk = Walk(seed)
    why = None
    try:
        walk.goes(STEPS)
    except AssertionError as error:
        why = str(error)
    return len(walk.wall.takes) + walk.wall.returns, why


def _bank(seed: int) -> Outage:
    with TemporaryDirectory() as folder:
        return outage(REPORTS, Path(folder), seed=seed)
