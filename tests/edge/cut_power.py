"""Cuts the power at each step by which a board changes its folders: before it, and after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from edge import durable

STEPS = ("put", "point", "remove", "folder")


class PowerCutError(BaseException):
    """The board is off: nothing of it goes on."""


@contextmanager
def power_cut(at: int, *, before: bool) -> Iterator[list[str]]:
    """Cut the power at the step of this number, from 0; yields the steps that were begun."""
    begun: list[str] = []

    def cutting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any) -> Any:
            begun.append(name)
            here = len(begun) - 1 == at
            if here and before:
                raise PowerCutError
            done = real(*given)
            if here:
                raise PowerCutError
            return done

        return step

    patches = [patch.object(durable, name, cutting(name, getattr(durable, name))) for name in STEPS]
    for each in patches:
        each.start()
    try:
        yield begun
    finally:
        for each in patches:
            each.stop()
