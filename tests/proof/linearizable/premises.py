"""The workplace that simulated histories are made in: opened once, and set back to its beginning for each of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import time_machine
from pynamodb.connection.base import Connection

from tests.proof.linearizable.floor import Floor
from tests.proof.linearizable.turns import Turns
from tests.support.workplace import NOW, bank, drill, person
from tests.support.world import Heard, world
from toolcrib import telemetry
from toolcrib.flows import serving

BANKS, DOORS, STOWED, PEOPLE = ("hq-01", "hq-02"), 3, 2, 8
ASSETS = {f"drill-{number}": (BANKS[(number - 1) // STOWED], (number - 1) % STOWED + 1) for number in range(1, 5)}
"""Each asset and the door it begins in: two in each bank, so that one door always is free."""


def token(number: int) -> str:
    """Return the badge token of a person."""
    return f"1.{number:043d}"


@contextmanager
def premises() -> Iterator[Callable[[int], Floor]]:
    """Open the workplace; yields what returns its floor as it is in the beginning, with chance by a seed."""
    with ExitStack() as stack:
        here = stack.enter_context(world(check=False))
        _furnish(here)
        _silence(stack)
        stack.enter_context(patch.object(Connection, "client", property(lambda _: here.dynamo)))  # a mock takes longer
        stack.enter_context(patch.object(serving, "_second_reader", lambda: _Reader(here.published.floor.chance)))
        stack.enter_context(patch("tenacity.nap.time", SimpleNamespace(sleep=lambda _: here.published.floor.wait())))
        clock = stack.enter_context(time_machine.travel(NOW, tick=False))
        beginning = here.dynamo.snapshot()

        def floor(seed: int) -> Floor:
            here.dynamo.restore(beginning)
            here.dynamo.calls.clear()
            clock.move_to(NOW)
            made = _floor(here, Turns(Random(seed)), clock)
            _listen(here, made)
            return made

        yield floor


def _floor(here: Any, turns: Turns, clock: Any) -> Floor:
    tags = {asset: str(drill(int(asset.split("-")[1])).tag) for asset in ASSETS}
    return Floor(
        here=here, turns=turns, clock=clock, tags=tags, places=dict(ASSETS), notes={each: [] for each in ASSETS}
    )


def _listen(here: Any, floor: Floor) -> None:
    """Let a floor hear what is published and decide about every call."""
    here.published = _Hearing(floor)
    dynamo = here.dynamo
    dynamo.before[:], dynamo.during[:], dynamo.after[:] = [floor.before], [floor.during], [floor.after]
    dynamo.staleness = floor.late


def _furnish(here: Any) -> None:
    for each in BANKS:
        stowed = {door: drill(int(asset.split("-")[1])) for asset, (where, door) in ASSETS.items() if where == each}
        here.place(bank(id=each), doors=DOORS, stowed=stowed)
    for number in range(1, PEOPLE + 1):
        here.meet(person(number), token(number))


def _silence(stack: ExitStack) -> None:
    """A function writes a log line and a metric for each call: nobody reads them here, and they take half the time."""
    line = SimpleNamespace(info=lambda *_, **__: None)
    metric = SimpleNamespace(add_dimension=lambda *_, **__: None)
    stack.enter_context(patch.object(telemetry, "logger", lambda: line))
    stack.enter_context(patch("aws_lambda_powertools.metrics.single_metric", lambda **_: nullcontext(metric)))


class _Hearing(list[Heard]):
    """What is published to banks: the floor hears it."""

    def __init__(self, floor: Floor) -> None:
        super().__init__()
        self.floor = floor

    def append(self, heard: Heard) -> None:
        self.floor.hear(heard)


@dataclass(frozen=True)
class _Reader:
    """Stands in for the thread that reads the bank while the badge is read: either may be read first."""

    chance: Random

    def submit(self, read: Callable[..., Any], *arguments: Any) -> Any:
        if self.chance.random() < 1 / 2:
            return SimpleNamespace(result=lambda: read(*arguments))
        found = read(*arguments)
        return SimpleNamespace(result=lambda: found)
