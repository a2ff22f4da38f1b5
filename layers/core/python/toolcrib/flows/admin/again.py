"""Deciding anew after a lost race: somebody else was served first, which says nothing against this request (I5)."""

from collections.abc import Callable
from typing import TypeVar

from toolcrib.domain.refusals import LostRace

ATTEMPTS = 4  # each lost race means that somebody else got what they asked for

T = TypeVar("T")


def decided(load_decide_commit: Callable[[], T]) -> T:
    """Run a flow's three steps, again from loading when the commit lost a race; the last `LostRace` is raised."""
    for _ in range(ATTEMPTS - 1):
        try:
            return load_decide_commit()
        except LostRace:
            continue
    return load_decide_commit()
