"""The shop floor of a simulated history: real functions and flows, what is really in which door, and one clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from greenlet import getcurrent
from pynamodb.exceptions import PynamoDBException

from tests.proof.linearizable.checker import Operation
from tests.proof.linearizable.custody import Call, Place
from tests.proof.linearizable.turns import Turns
from tests.support.faults import AFTER, BEFORE, DISTURBED, Fault
from tests.support.workplace import ORG
from tests.support.world import Heard, World
from toolcrib.domain.assets import Asset
from toolcrib.domain.refusals import LostRace
from toolcrib.store.assets import load_asset

FAULTS = ("killed before", "killed after", "answer lost")
"""After these nobody knows whether it happened; every other way to fail has a proof of its own (the fault matrix)."""
A_CALL_MS, A_LULL_S, LULLS = 30, 12, 0.002
"""A call to the store takes up to so long; now and then nothing happens for a while, so that grants get old."""
SLOW, MOST_LATE = 0.3, 5
"""How many transactions others run into; how many writes a read may not see yet that does not ask for all of them."""

History = dict[str, list[Operation[Call]]]


@dataclass
class Floor:
    """One history in the making.

    `tags` are the assets' tags, `places` the doors they really are in, `held` those that somebody has in hand and
    who, `notes` the operations on each so far.
    """

    here: World
    turns: Turns
    clock: Any
    tags: dict[str, str]
    places: dict[str, tuple[str, int] | None]
    notes: History
    held: dict[str, str] = field(default_factory=dict)
    heard: dict[str | None, list[Heard]] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    unknown: int = 0
    _quiet: bool = False
    _dooms: dict[Any, tuple[str, int]] = field(default_factory=dict)

    @property
    def chance(self) -> Random:
        return self.turns.chance

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @property
    def now_ms(self) -> int:
        return round(self.now.timestamp() * 1000)

    def before(self, operation: str, request: dict[str, Any]) -> None:
        """Let others go first, let time pass, and fail if it is this call's turn to."""
        if self._quiet:
            return
        self.wait()
        self._fail(BEFORE, operation, request)

    def after(self, operation: str, request: dict[str, Any]) -> None:
        """Fail although it was done, if it is this call's turn to."""
        if not self._quiet:
            self._fail(AFTER, operation, request)

    def during(self, *_: Any) -> None:
        """Let others run into the locks of a transaction that is being carried out."""
        if not self._quiet and self.chance.random() < SLOW:
            self.turns.pass_on()

    def late(self) -> int:
        """Return how many of the last writes an eventually consistent read does not see."""
        return 0 if self._quiet else self.chance.randrange(MOST_LATE)

    def wait(self, *_: Any) -> None:
        """Let time pass and others go first."""
        self.clock.shift(self.chance.random() * (A_LULL_S if self.chance.random() < LULLS else A_CALL_MS / 1000))
        self.turns.pass_on()

    def _fail(self, kinds: Any, operation: str, request: dict[str, Any]) -> None:
        fault, calls = self._dooms.get(getcurrent(), ("", 0))
        if fault not in kinds:
            return
        self._dooms[getcurrent()] = fault, calls - 1
        if calls == 0:
            fails: Fault = kinds[fault]
            fails(self.here.dynamo, operation, request)

    def attempt(self, what: Callable[[], Any], *, fails: float) -> Any:
        """Do something that may fail in a way that leaves its outcome unknown; returns what it returns, or None."""
        if self.chance.random() < fails:
            self._dooms[getcurrent()] = self.chance.choice(FAULTS), self.chance.randrange(4)
        try:
            return what()
        except (*DISTURBED, PynamoDBException, LostRace):  # Lambda runs a report again, and nothing else
            return None
        finally:
            self._dooms.pop(getcurrent(), None)

    def note(self, asset: str, client: str, call: Call, began: int, *, known: bool = True) -> None:
        """Add an operation that ends now, or of which nobody knows whether and when it happened."""
        ended = self.turns.now() if known else None
        self.notes[asset].append(Operation(client=client, call=call, began=began, ended=ended))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Look at the record as it is at this moment: nobody else is served meanwhile."""
        self._quiet = True
        yield
        self._quiet = False

    def recorded(self, asset: str) -> Asset:
        """Return what the record says of an asset at this moment."""
        with self.alone():
            return load_asset(ORG, asset)

    def hear(self, heard: Heard) -> None:
        """Keep what was published under the upload that it answers."""
        self.heard.setdefault(heard.body["re"], []).append(heard)

    def inside(self, at: tuple[str, int]) -> list[str]:
        """Return the tags of what really is in a door."""
        return [self.tags[asset] for asset, place in self.places.items() if place == at]


def place_of(asset: Asset) -> Place:
    """Return where a record says that an asset is."""
    custodian = asset.custodian
    return Place(str(asset.state), str(custodian.kind), custodian.id, custodian.door)
