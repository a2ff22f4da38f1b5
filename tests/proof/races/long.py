"""The long form: G5 on MiniStack.

RACE_ROUNDS (1,000) rounds for the last laptop, shared out over 2 to 16 contenders; RACE_OTHERS (250) rounds of each
other race: a return against a remote opening, two returns into one door, a take against the revocation of its badge,
a take against the freezing of its person, a renewal against a recall.
PROVE_AT is the folder of a local stack that runs already; otherwise one is started and stopped.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

from infra.local.home import Home
from tests.journeys.asking import signed_in, toolcrib
from tests.journeys.corner import Corner
from tests.proof.figures import Figure, Say
from tests.proof.races.last_one import LastOne
from tests.proof.races.race import Race
from tests.proof.races.remote import ReturnOrRemote
from tests.proof.races.renewing import RenewOrRecall
from tests.proof.races.revoking import TakeOrFrozenPerson, TakeOrRevokedBadge
from tests.proof.races.two_returns import TwoReturns
from tests.proof.resuming import Work
from tests.support.local_stack import at_hand

ROUNDS = int(os.environ.get("RACE_ROUNDS", "1000"))
OTHERS = int(os.environ.get("RACE_OTHERS", "250"))
RUNNING = os.environ.get("PROVE_AT")
FEWEST, MOST = 2, 16
SIZES = range(FEWEST, MOST + 1)
KINDS: dict[str, Callable[..., Race]] = {
    "return against remote opening": ReturnOrRemote,
    "two returns into one door": TwoReturns,
    "take against revoking its badge": TakeOrRevokedBadge,
    "take against freezing its person": TakeOrFrozenPerson,
    "renewal against recall": RenewOrRecall,
}


def prove(say: Say) -> Sequence[Figure]:
    """Run every race; a round without exactly one winner, and any answer of 5xx, ends the run with an error."""
    with at_hand(RUNNING) as home, Progress(console=Console(stderr=True)) as progress:
        races = _Races(home, say, progress, Work("races", f"{ROUNDS}-{OTHERS}"))
        last = Counter[str]()
        for number, contenders in enumerate(SIZES):
            rounds = ROUNDS // len(SIZES) + (number < ROUNDS % len(SIZES))
            name = f"the last laptop, {contenders} contenders"
            last += races.run(name, lambda corner, many=contenders: LastOne(corner=corner, contenders=many), rounds)
        others = {name: races.run(name, kind, OTHERS) for name, kind in KINDS.items()}
    bar = "exactly one winner each, 0 5xx, the record verifies"
    played = [
        Figure(goal="G5", name=name, bar=bar, reached=_in_words(won), held=len(won) > 1) for name, won in others.items()
    ]
    reached = f"{last.total():,} rounds, one winner each"
    return [
        Figure(goal="G5", name=f"the last laptop, {FEWEST} to {MOST} contenders", bar=bar, reached=reached, held=True),
        *played,
    ]


@dataclass(frozen=True)
class _Races:
    """Races on a running stack, each followed by a look at the whole record; those that were run are not run again."""

    home: Home
    say: Say
    progress: Progress
    work: Work

    def run(self, name: str, kind: Callable[..., Race], rounds: int) -> Counter[str]:
        """Return who won how often."""
        before = self.work.done().get(name)
        if before is not None:
            return Counter(before)
        won = self._run(name, kind, rounds)
        self.say(f"{name}: {_in_words(won)}; {toolcrib(self.home, 'verify').strip().splitlines()[-1]}")
        self.work.keep(name, won)
        return won

    def _run(self, name: str, kind: Callable[..., Race], rounds: int) -> Counter[str]:
        with signed_in(self.home) as web:  # a token is good for an hour: each race has its own
            corner = Corner(home=self.home, web=web, stack=self.home.read("stack.json"))
            try:
                race = kind(corner=corner)
                for _ in self.progress.track(range(rounds), description=name):
                    race.round()
                race.finish()
            finally:
                corner.close()
        return race.won


def _in_words(won: Counter[str]) -> str:
    return f"{won.total()} rounds, won by " + ", by ".join(f"{who} {times}" for who, times in sorted(won.items()))
