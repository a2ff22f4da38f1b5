"""The fault matrix: every call site that any story meets fails in every way; what that leads to is tried as well.

    thorough    at every call of every scenario; once, and for as long as it takes
    else        at a call site's first call in the first scenario that meets it, whichever of the two says more

Nobody can tell why a call was not answered: of those ways one is taken, another at each call site, unless the matrix
is thorough. To whoever only reads, an answer that was lost is one of them. Pairs are told apart by call sites and ways,
and each is tried once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import sqrt
from random import Random
from typing import NamedTuple
from zlib import crc32

from tests.proof.faults.injector import Fault, Site, Spot
from tests.proof.faults.permissions import Need
from tests.proof.faults.scenarios import Group
from tests.proof.faults.story import Broken, Scenario, Story, faults_at, told

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "Publish", "SendEmail", "PutObject"})
NOT_ANSWERED = ("not sent", "throttled", "500", "503")
MENDED_AT_ONCE = frozenset({"conflict", "in progress", "throttled inside", "left unprocessed"})
"""Ways that the next try mends: once says more of them than for as long as it takes."""
DEEPEST = 2  # faults before one that is met only after them
INNERMOST = 8  # functions: a commit's or an edit's own five or six, and whose it is

Pair = tuple[Site, str, Site, str]
Ahead = tuple[tuple[Fault, ...], Spot]


class Finding(NamedTuple):
    """A story that came to something else: lost, doubled, a wrong refusal, endless, or a fault that was not met."""

    kind: str
    text: str


@dataclass
class Matrix:
    """`met` are the call sites that were seen, `failed` those that went wrong, `alone` without another fault before.

    `needed` is what each function's role has to allow. A `share` of the pairs is tried, by chance.
    """

    thorough: bool = False
    share: float = 0.0
    chance: Random = field(default_factory=lambda: Random(3))
    met: set[Site] = field(default_factory=set)
    needed: set[tuple[str, Need]] = field(default_factory=set)
    failed: set[Site] = field(default_factory=set)
    alone: set[Site] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    stories: int = 0
    pairs: set[Pair] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)

    def run(self, group: Group, tick: Callable[[Scenario], None] = lambda _: None) -> "Matrix":
        """Tell every story with one fault each, and those of custody with two; returns itself."""
        with group.staged() as stage:
            for scenario in group.scenarios:
                story = told(scenario, stage)
                self._fail(story)
                if scenario.custody and self.share:
                    self._pair(story)
                tick(scenario)
            self.needed |= stage.injector.needed
        return self

    def add(self, other: "Matrix") -> None:
        """Count in what another one came to."""
        self.met |= other.met
        self.needed |= other.needed
        self.failed |= other.failed
        self.alone |= other.alone
        self.findings += other.findings
        self.stories += other.stories
        self.pairs |= other.pairs
        self.faults += other.faults

    def of(self, kind: str) -> list[str]:
        """Return the findings of a kind."""
        return [finding.text for finding in self.findings if finding.kind == kind]

    def _fail(self, story: Story) -> None:
        """Let every call fail that the story makes, then those that it makes only after a fault, or after two."""
        spots: list[Spot] = []
        for spot in story.spots:
            self.met.add(spot.site)
            if self.thorough or self._key(spot) not in self.alone:
                self.alone.add(self._key(spot))
                spots.append(spot)
        self.failed |= set(map(self._key, spots))
        ahead: list[Ahead] = [((), spot) for spot in spots]
        for _ in range(DEEPEST + 1):
            ahead = list(self._fail_all(story, ahead))

    def _fail_all(self, story: Story, ahead: list[Ahead]) -> Iterator[Ahead]:
        """Yield the calls that were met for the first time, with the faults before."""
        for first, spot in ahead:
            for fault in faults_at([spot]) if self.thorough and not first else lean(spot):
                for each in self._disturb(story, *first, fault):
                    self.met.add(each.site)
                    if self._key(each) not in self.failed:
                        self.failed.add(self._key(each))
                        yield (*first, fault), each

    def _key(self, spot: Spot) -> Site:
        """Return what tells a call site from others: all that led to it, or the innermost functions."""
        return spot.site if self.thorough else spot.site._replace(chain=spot.site.chain[:INNERMOST])

    def _pair(self, story: Story) -> None:
        each = sqrt(self.share)  # of the first faults, and of the second ones after each of those
        for first in (fault for spot in story.spots for fault in lean(spot)):
            if self.chance.random() > each:
                continue
            then = self._disturb(story, first)
            for second in (fault for spot in then for fault in lean(spot)):
                pair = (first.spot.site, str(first.way), second.spot.site, str(second.way))
                if pair not in self.pairs and self.chance.random() <= each:
                    self.pairs.add(pair)
                    self._disturb(story, first, second)

    def _disturb(self, story: Story, *faults: Fault) -> tuple[Spot, ...]:
        """Tell a story with faults; returns the calls after the last one."""
        self.stories += 1
        self.faults.update(str(fault.way) for fault in faults)
        try:
            return story.disturbed(*faults)
        except Broken as broken:
            self.findings.append(Finding(broken.kind, str(broken)))
            return ()


def lean(spot: Spot) -> Iterator[Fault]:
    """Yield the ways in which a call can go wrong that say something new of its call site."""
    writes = spot.site.operation in WRITES or spot.site.service == "iot"
    taken = NOT_ANSWERED[crc32(str(spot.site).encode()) % len(NOT_ANSWERED)]
    for fault in faults_at([spot]):
        way = fault.way.name
        if fault.way.lasts and fault.lasts == (way in MENDED_AT_ONCE) and not (writes and way == "answer lost"):
            continue
        if way == taken or (way not in NOT_ANSWERED and (writes or way not in {"answer lost", "killed after"})):
            yield fault
