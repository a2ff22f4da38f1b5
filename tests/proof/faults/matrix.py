"""The fault matrix: every call site that any story meets fails in every way; what that leads to is tried as well.

thorough    in every scenario that meets it, once and for as long as it takes
else        in the first scenario that meets it; of the ways that look the same to whoever only reads, one is taken
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from tests.proof.faults.injector import Fault, Site, Spot
from tests.proof.faults.scenarios import GROUPS, Group
from tests.proof.faults.story import Broken, Scenario, Story, faults_at, told

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "Publish", "SendEmail", "PutObject"})
READS_FAIL_ALIKE = ("not sent", "throttled", "500", "503")
ONCE = frozenset({"conflict", "in progress", "throttled inside", "left unprocessed"})
"""Ways that are mended within a delivery as a rule: going on for as long as it takes is for the thorough."""


@dataclass
class Matrix:
    """`met` are the sites that were seen, `failed` those that went wrong; `broken` is what a story came to instead."""

    thorough: bool = False
    met: set[Site] = field(default_factory=set)
    failed: set[Site] = field(default_factory=set)
    broken: list[Broken] = field(default_factory=list)
    stories: int = 0
    pairs: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def run(self, groups: Iterable[Group] = GROUPS, tick: Callable[[Scenario], None] = lambda _: None) -> "Matrix":
        """Tell every story with one fault each, and with two where the second is met only after a first."""
        for group in groups:
            with group.staged() as stage:
                for scenario in group.scenarios:
                    story = told(scenario, stage)
                    self._fail(story, (), story.spots)
                    tick(scenario)
        return self

    def _fail(self, story: Story, first: tuple[Fault, ...], spots: Iterable[Spot]) -> None:
        for spot in spots:
            known = spot.site in self.failed
            self.met.add(spot.site)
            if known and (first or not self.thorough):
                continue
            self.failed.add(spot.site)
            for fault in self._ways(spot):
                then = self.disturb(story, *first, fault)
                if len(first) < 2:
                    self._fail(story, (*first, fault), [each for each in then if each.site not in self.failed])

    def disturb(self, story: Story, *faults: Fault) -> tuple[Spot, ...]:
        """Tell a story with faults; returns the calls after the last one."""
        self.stories += 1
        self.faults.update(str(fault.way) for fault in faults)
        try:
            return story.disturbed(*faults)
        except Broken as broken:
            self.broken.append(broken)
            return ()

    def _ways(self, spot: Spot) -> Iterator[Fault]:
        faults = list(faults_at([spot]))
        if self.thorough:
            yield from faults
            return
        writes = spot.site.operation in WRITES or spot.site.service == "iot"
        alike = READS_FAIL_ALIKE[crc32(str(spot.site).encode()) % len(READS_FAIL_ALIKE)]
        for fault in faults:
            way = fault.way.name
            if fault.lasts == (way in ONCE) and fault.way.lasts and not (writes and way == "answer lost"):
                continue
            if writes or way not in {*READS_FAIL_ALIKE, "killed after"} or way == alike:
                yield fault

    def pair(self, story: Story, chance: Random | None = None, share: float = 1.0) -> None:
        """Tell a story with every pair of faults, or with a share of them drawn by chance."""
        for first in faults_at(story.spots):
            if chance is not None and chance.random() > share:
                continue
            then = self.disturb(story, first)
            for second in faults_at(then):
                if chance is None or chance.random() <= share:
                    self.disturb(story, first, second)
                    self.pairs += 1

    def of(self, kind: str) -> list[Broken]:
        """Return the broken stories of a kind."""
        return [each for each in self.broken if each.kind == kind]
