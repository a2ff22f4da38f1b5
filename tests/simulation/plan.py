"""What people, admins, weather and clocks will do, made from the seed beforehand: acts can be left out one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.simulation.workplace import BANKS, UIDS

EVENTS_AN_ACT = 10  # what an act leads to, on average
MEAN_GAP_MS = 8_000
OUTAGE_MS = 12 * 60_000
LONG_MS: Mapping[str, int] = {"night": 70 * 60_000, "outage": OUTAGE_MS}
"""After how long something else happens."""

AT_HOME = 0.85  # how often somebody comes to a bank of their own site: who is seen at two sites at once gets nothing
NEAR: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("p-1", "p-2", "p-3", "p-4"), ("hq-01", "hq-02")),
    **dict.fromkeys(("p-5", "p-6", "p-7"), ("dock-01",)),
}

LIKELY: Mapping[str, int] = {
    "visit": 172,
    "cut off": 8,  # the line goes down while somebody uses a door
    "crowd": 12,  # three at the same bank at the same moment
    "race": 24,  # one badge at two banks at the same moment
    "force": 5,
    "power": 5,
    "partition": 6,
    "wall clock": 3,
    "stranger": 3,
    "many strangers": 2,
    "alarm": 2,
    "rust": 2,  # no bolt of a bank moves for a while
    "fault": 3,
    "freeze": 2,
    "thaw": 10,
    "expire": 3,
    "groups": 3,
    "certify": 5,
    "block": 3,
    "unblock": 3,
    "override": 16,
    "pin": 4,
    "policy": 5,
    "schedule": 3,
    "pair": 2,
    "kit": 3,
    "terms": 2,
    "shape": 5,
    "type": 2,
    "roster": 2,
    "renew": 3,
    "recall": 3,
    "hand over": 7,
    "consent": 5,
    "claim": 4,
    "dispute": 2,
    "resolve": 8,
    "revoke badge": 2,
    "stow": 6,
    "move": 8,
    "open": 6,
    "late command": 5,  # what was held back comes when nobody waits any more
    "inspect": 7,
    "revoke bank": 2,
    "outage": 6,  # a bank is alone for long, and people come to it while admins edit
    "night": 2,  # nobody comes for long: loans turn overdue
}
"""Two in three are somebody at a bank."""


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
        person = chance.choice(list(UIDS))
        bank = chance.choice(NEAR[person] if chance.random() < AT_HOME else list(BANKS))
        acts.append(Act(number=number, at_ms=at_ms, what=what, bank=bank, person=person))
        at_ms += LONG_MS[what] if what in LONG_MS else round(chance.expovariate(1 / MEAN_GAP_MS))
    return tuple(acts)
