"""One event under test, told undisturbed and then with every fault: it has to come to the same.

A story is over when whoever started it has nothing left to do again: the report is acknowledged and its function ended
well, the person at the bank got an answer, the client a final one, the batch is through.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from tests.proof.faults.injector import Fault, Injector, Spot
from tests.proof.faults.stage import Stage
from tests.proof.faults.ways import WAYS

MOST_DELIVERIES = 8


class Broken(AssertionError):  # noqa: N818 - what a story is
    """A disturbed story came to something else. `kind` is lost, doubled, wrong refusal or endless."""

    def __init__(self, kind: str, faults: Iterable[Fault], details: Iterable[str]) -> None:
        self.kind = kind
        super().__init__("\n".join([kind, *map(str, faults), *details]))


class Event(Protocol):
    """What sets a function going."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        """Hand it over, `nth` from 0; adds what was definitely said to `told`; returns whether it is over."""


Scene = Callable[[Stage], Event]


@dataclass(frozen=True)
class Scenario:
    """A scene with its name; `custody`: pairs of faults are tried, too."""

    name: str
    scene: Scene
    custody: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass
class Story:
    """A scenario on its stage. `right` is what it comes to undisturbed, `spots` are its calls then."""

    stage: Stage
    event: Event
    right: list[str] = field(default_factory=list)
    says: frozenset[str] = frozenset()
    spots: tuple[Spot, ...] = ()

    @property
    def injector(self) -> Injector:
        return self.stage.injector

    def undisturbed(self) -> None:
        """Tell the story as it should be; raises `Broken` where even that does not end."""
        self._tell(())
        self.right, self.says, self.spots = self.stage.end(), frozenset(self.stage.told), tuple(self.injector.seen)

    def disturbed(self, *faults: Fault) -> tuple[Spot, ...]:
        """Tell it with faults; raises `Broken`, returns the calls that came after the last fault."""
        self._tell(faults)
        if len(self.injector.injected) != len(faults):
            raise Broken("not met", faults, map(str, self.injector.seen))
        wrong = [each for each in self.stage.told if each not in self.says]
        if wrong:
            raise Broken("wrong refusal", faults, wrong)
        end = self.stage.end()
        if end != self.right:
            lost, more = _without(self.right, end), _without(end, self.right)
            kind = "lost" if len(lost) >= len(more) else "doubled"
            raise Broken(kind, faults, [*(f"- {line}" for line in lost), *(f"+ {line}" for line in more)])
        seen = self.injector.seen
        return tuple(seen[seen.index(faults[-1].spot) + 1 :])

    def _tell(self, faults: tuple[Fault, ...]) -> None:
        self.stage.restore()
        self.injector.begin_story(faults)
        for nth in range(MOST_DELIVERIES):
            self.injector.begin_delivery()
            self.stage.cloud.dynamo.forget_tokens()  # what is sent again may come after more than ten minutes
            if self.event.deliver(self.stage, nth):
                return
        raise Broken("endless", faults, self.stage.told)


def told(scenario: Scenario, stage: Stage) -> Story:
    """Set the stage, and tell a scenario's story undisturbed."""
    stage.clear()
    event = scenario.scene(stage)
    stage.begins()
    story = Story(stage, event)
    story.undisturbed()
    return story


def faults_at(spots: Iterable[Spot]) -> Iterator[Fault]:
    """Yield every way in which each of some calls can go wrong: once, and where that can be for as long as it takes."""
    for spot in spots:
        for way in WAYS:
            if way.fits(spot.site.service, spot.site.operation):
                yield Fault(spot, way, lasts=False)
                if way.lasts:
                    yield Fault(spot, way, lasts=True)


def _without(lines: list[str], others: list[str]) -> list[str]:
    rest = list(others)
    return [line for line in lines if line not in rest or rest.remove(line)]  # type: ignore[func-returns-value]
