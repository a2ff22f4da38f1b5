"""Bad and good commands by the thousand, counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from edge.actions import Unlock
from edge.drivers.base import Observation
from tests.edge.rig import only
from tests.proof.commands import bad, outages
from tests.proof.commands.stage import Stage
from toolcrib.domain.doors import Purpose

FAMILIES: Mapping[str, bad.Family] = {
    each.__name__.replace("_", " "): each
    for each in (
        bad.replayed,
        bad.altered,
        bad.expired,
        bad.early,
        bad.foreign_bank,
        bad.foreign_org,
        bad.foreign_door,
        bad.other_generations,
        bad.other_algorithms,
        bad.life_too_long,
        bad.malformed,
        bad.nobody_waits,
        bad.untrusted_time,
        bad.clock_jumps,
        outages.after_reboot,
        outages.power_cuts,
    )
}
"""What may be wrong with a command, by name."""
A_FORTNIGHT_MS = 14 * 86_400_000  # after a week the marks of settled grants are forgotten

Endings: tuple[Callable[[Stage, int], object], ...] = (
    lambda stage, door: stage.ends(door),
    lambda stage, _: stage.wait(15),
    lambda stage, door: stage.did(stage.bank.on_jammed(door, stage.now())),
)
"""A door is opened and closed, nobody opens it, its bolt sticks."""


@contextmanager
def stage(within: Path | None) -> Iterator[Stage]:
    """A bank that booted and knows the time, on a journal in a folder that goes away."""
    with TemporaryDirectory(dir=within) as folder:
        (Path(folder) / "bank").mkdir()
        made = Stage(Path(folder) / "bank")
        made.boot()
        try:
            yield made
        finally:
            made.db.close()


def share(family: str, attempts: int) -> int:
    """Return how many of some attempts a family makes: half of them alter bits, since a command has thousands."""
    return attempts // 2 if family == "altered" else -(-attempts // 2 // (len(FAMILIES) - 1))


def opened_by(family: str, attempts: int, seed: int, within: Path | None = None) -> int:
    """Return how often a door opened to some bad commands of a family; a good one afterwards has to open its door."""
    with stage(within) as here:
        tried = islice(FAMILIES[family](here, Random(f"{family} {seed}")), attempts)
        opened = sum(len(only(list(attempt()), Unlock)) for attempt in tried)
        assert max(here.pulsed.values(), default=0) <= 1
        _at_rest(here)
        assert here.opens(here.token(here.tap(), door=4)) == 1, "a bank that is deaf obeys nothing, either"
    return opened


def obeyed(commands: int, seed: int, within: Path | None = None) -> Counter[int]:
    """Return how often good commands were obeyed, by number of pulses; each is sent up to three times."""
    rng = Random(seed)
    with stage(within) as here:
        for number in range(1, commands + 1):
            door, purpose = rng.randint(1, 4), rng.choice(list(Purpose))
            re = None if purpose is Purpose.SERVICE and rng.random() < 0.5 else here.tap()
            token = here.order(re, grant=next(here.grants), door=door, purpose=purpose)
            for _ in range(rng.randint(1, 3)):
                here.hears(token)
            rng.choice(Endings)(here, door)
            here.settle()
            if number % 1_000 == 0:
                here.mono_ms += A_FORTNIGHT_MS
                here.boot()
                here.hears(token)
        unheard = commands - len(here.pulsed)
        return Counter(here.pulsed.values()) + Counter({0: unheard})


def _at_rest(here: Stage) -> None:
    here.seen = {door: Observation(is_open=False, present=False, tags=()) for door in here.seen}
    here.boot()
