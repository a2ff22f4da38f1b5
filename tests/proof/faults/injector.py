"""Stands in the way of every attempt of a call: finds out who makes it, and lets it go wrong where that is planned."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from traceback import walk_stack
from types import CodeType
from typing import NamedTuple

from botocore.awsrequest import AWSResponse

from tests.proof.faults.permissions import Need, needs
from tests.proof.faults.ways import Killed, Way
from tests.support.aws.cloud import Proceed
from tests.support.aws.http import Asked


class Site(NamedTuple):
    """A call site of the product: which service is asked for what, and by whom, innermost first."""

    service: str
    operation: str
    chain: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.service}.{self.operation} by {' < '.join(self.chain)}"


class Spot(NamedTuple):
    """The nth call of a site in a story, counted from 0 over all its deliveries."""

    site: Site
    nth: int

    def __str__(self) -> str:
        return f"{self.site} #{self.nth}"


class Fault(NamedTuple):
    """What goes wrong where; if it `lasts`, then for every later call of that site until the delivery is over."""

    spot: Spot
    way: Way
    lasts: bool

    def __str__(self) -> str:
        return f"{self.way}{' for as long as it takes' if self.lasts else ''} at {self.spot}"


@dataclass
class Injector:
    """`seen` are the calls of the story so far, `injected` what went wrong in it.

    `needed` is what the role of the `function` that runs has to allow, over all stories.
    """

    plan: dict[Spot, Fault] = field(default_factory=dict)
    seen: list[Spot] = field(default_factory=list)
    injected: list[Fault] = field(default_factory=list)
    function: str = ""
    needed: set[tuple[str, Need]] = field(default_factory=set)
    _spots: dict[str, Spot] = field(default_factory=dict)
    _times: Counter[Site] = field(default_factory=Counter)
    _lasting: dict[Site, Way] = field(default_factory=dict)
    _dead: bool = False
    _lock: Lock = field(default_factory=Lock)

    def begin_story(self, faults: Iterable[Fault] = ()) -> None:
        """Forget what was seen, and plan these faults."""
        self.plan = {fault.spot: fault for fault in faults}
        self.seen, self.injected = [], []
        self._spots.clear()
        self._times.clear()
        self.begin_delivery()

    def begin_delivery(self) -> None:
        """Start a function anew: it lives, and what lasted is over."""
        self._lasting.clear()
        self._dead = False

    def __call__(self, asked: Asked, proceed: Proceed) -> AWSResponse:
        with self._lock:
            way = self._judge(asked)
        if way is None:
            return proceed()
        try:
            return way.does(asked, proceed)
        except Killed:
            self._dead = True
            raise

    def _judge(self, asked: Asked) -> Way | None:
        """Note a call; returns how it goes wrong, if it does.

        Of two readers one asks although the other was killed; its call counts in any case, so that a story has the same
        calls every time it is told.
        """
        first = asked.call not in self._spots
        spot = self._spots.get(asked.call) or self._new(asked)
        fault = self.plan.get(spot) if first else None
        if fault is not None:
            self.injected.append(fault)
            if fault.lasts:
                self._lasting[spot.site] = fault.way
        if self._dead:
            raise Killed
        return fault.way if fault is not None else self._lasting.get(spot.site)

    def _new(self, asked: Asked) -> Spot:
        site = Site(asked.service, asked.operation, chain())
        spot = self._spots[asked.call] = Spot(site, self._times[site])
        self._times[site] += 1
        if self.function:
            self.needed |= {(self.function, need) for need in needs(asked)}
        self.seen.append(spot)
        return spot


def chain() -> tuple[str, ...]:
    """Return the product's functions that are at work in this thread, innermost first."""
    found: list[str] = []
    for frame, _ in walk_stack(None):
        name = product_name(frame.f_code)
        if name is not None and found[-1:] != [name]:
            found.append(name)
    return tuple(found)


@cache
def product_name(code: CodeType) -> str | None:
    """Return `file:function` for a piece of the product, None for anything else; what is inside a function is it."""
    for root in ("layers/core/python/toolcrib/", "functions/"):
        _, found, file = code.co_filename.rpartition(root)
        if found and "site-packages" not in code.co_filename:
            return f"{'' if 'layers' in root else root}{file}:{code.co_qualname.split('.<locals>')[0]}"
    return None
