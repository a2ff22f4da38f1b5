"""Deciding again after a lost race: somebody else was served, so what was decided no longer holds."""

from collections.abc import Callable
from typing import TypeVar

from toolcrib.domain.refusals import LostRace

T = TypeVar("T")

ATTEMPTS = 4  # each lost race means that somebody else was served


def until_committed(once: Callable[[], T]) -> T:
    """Return what `once` returns (it loads, decides and commits); raises `LostRace` when it lost every time."""
    for _ in range(ATTEMPTS - 1):
        try:
            return once()
        except LostRace:
            continue
    return once()
