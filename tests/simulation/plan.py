"""What people, admins, weather and clocks will do, made from the seed beforehand: acts can be left out one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.simulation.workplace import BANKS, UIDS

EVENTS_AN_ACT = 14  # what an act leads to, on average
MEAN_GAP_MS = 10_000
NIGHT_MS = 70 * 60_000

LIKELY: Mapping[str, int] = {
    "visit": 62,
    "cut off": 5,  # the line goes down while somebody uses a door
    "crowd": 6,  # two at the same bank at the same moment
    "force": 3,
    "power": 3,
    "partition": 4,
    "wall clock": 2,
    "stranger": 2,
    "many strangers": 1,
    "alarm": 1,
    "fault": 1,
    "freeze": 2,
    "thaw": 3,
    "expire": 1,
    "groups": 2,
    "policy": 2,
    "revoke badge": 1,
    "stow": 4,
    "move": 5,
    "open": 4,
    "late command": 3,  # what was held back comes when nobody waits any more
    "inspect": 4,
    "resolve": 4,
    "revoke bank": 1,
    "night": 1,  # nobody comes for long: loans turn overdue
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that somebody will do. `number` names its stream of chance, whatever else is left out."""

    number: int
    at_ms: int
    what: str
    bank: str
    person: str

    def __str__(self) -> str:
        return f"#{self.number} at {self.at_ms / 1000:.0f} s: {self.what} ({self.person}, {self.bank})"


def plan(seed: int, events: int) -> tuple[Act, ...]:
    """Return the acts of a seed that lead to about so many events; times count from the beginning."""
    chance = Random(f"{seed}/plan")
    acts, at_ms = list[Act](), 5_000
    for number in range(max(1, events // EVENTS_AN_ACT)):
        what = chance.choices(list(LIKELY), list(LIKELY.values()))[0]
        bank, person = chance.choice(list(BANKS)), chance.choice(list(UIDS))
        acts.append(Act(number=number, at_ms=at_ms, what=what, bank=bank, person=person))
        at_ms += NIGHT_MS if what == "night" else round(chance.expovariate(1 / MEAN_GAP_MS))
    return tuple(acts)
