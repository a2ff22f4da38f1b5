"""Keeps two programs from building the same thing at the same time, such as two test workers on a fresh clone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from infra.cli.paths import CACHE


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """Wait until nobody else on this machine builds `what`; whoever waited looks again and finds it made."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, even if this program is killed
        yield
