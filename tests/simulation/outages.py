"""A bank is alone for long: people come to it, and to others, while admins edit what it cannot hear of."""

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Final

from tests.simulation import workplace
from tests.simulation.dealings import DEALINGS
from tests.simulation.deciding import LIKELY, Manner
from tests.simulation.edits import EDITS
from tests.simulation.plan import Act

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

LENGTHS_MS: Final = (4 * 60_000, 11 * 60_000, 22 * 60_000)  # rosters last nine minutes and sixteen
VISITS, FIRST_MS, EVERY_MS = 8, 5_000, (10_000, 110_000)
HERE: Final = 0.7  # how often somebody comes to the very bank; the others come to another
FOUND_AGAIN: Final = 0.8
WANTS: Final = ("take", "take", "take", "return", None)
AGAINST: Final[Mapping[str, int]] = {
    "freeze": 3,
    "card": 6,  # is lost, and found again
    "block": 2,
    "groups": 2,
    "recall": 2,
    "resolve": 2,
    "policy": 1,
    "schedule": 1,
    "terms": 1,
}
"""What admins edit meanwhile."""
MOVES: Final = ("unstow", "send_to_repair", "declare_missing", "declare_lost", "found")


def outage(here: "Simulation", act: Act, chance: Random) -> None:
    """Cut a bank off, let people come as time passes, and let admins do what stands against what they do there."""
    station = here.stations[act.bank]
    station.line(up=False)
    lasts_ms = chance.choice(LENGTHS_MS)
    here.hub.later(lasts_ms, lambda: station.line(up=True))
    if chance.random() < 0.2:
        here.hub.later(chance.randint(FIRST_MS, lasts_ms), lambda: station.cut_power(chance.choice((500, 60_000))))
    at_ms, few = FIRST_MS, chance.sample(sorted(here.people), k=3)
    for _ in range(VISITS):
        here.hub.later(at_ms, lambda: _somebody_comes(here, act, few, chance))
        at_ms += chance.randint(*EVERY_MS)
        if chance.random() < 0.4:
            here.hub.later(at_ms, lambda: _somebody_edits(here, act, few, chance))


def _somebody_comes(here: "Simulation", act: Act, few: list[str], chance: Random) -> None:
    bank = act.bank if chance.random() < HERE else chance.choice(sorted(workplace.BANKS))
    manner = chance.choices(list(LIKELY), list(LIKELY.values()))[0] if chance.random() < 0.5 else Manner.PROPER
    here.comes(here.people[chance.choice(few)], bank, chance, wants=chance.choice(WANTS), manner=manner)


def _somebody_edits(here: "Simulation", act: Act, few: list[str], chance: Random) -> None:
    """An admin thinks of one of those people, or of a thing that lies, or lay, in the bank."""
    if chance.random() < 0.4:
        things = [what for (bank, _), what in workplace.STOWED.items() if bank == act.bank]
        kind, number = chance.choice(things)
        move = {"move": chance.choice(MOVES), "reason": "it was counted", "site": workplace.BANKS[act.bank][0]}
        here.admins.ask("POST", f"/assets/{kind}-{number}/move", move)
        return
    what = chance.choices(list(AGAINST), list(AGAINST.values()))[0]
    about = Act(number=act.number, at_ms=act.at_ms, what=what, bank=act.bank, person=chance.choice(few))
    _EDITS[what](here, about, chance)


def _card(here: "Simulation", act: Act, chance: Random) -> None:
    """A card is lost and revoked; mostly it is found and registered again, which makes it another one from then on."""

    def revoked() -> None:
        here.watches.blocked(act.person)
        if chance.random() < FOUND_AGAIN:
            here.hub.later(chance.randint(5_000, 120_000), found)

    def found() -> None:
        here.watches.thaws(act.person)
        card = {"number": here.people[act.person].uid}
        here.admins.ask("POST", f"/people/{act.person}/badges", card, lambda _: here.watches.thawed(act.person))

    here.admins.revoke_badges(act.person, revoked)


_EDITS: Final = {**EDITS, **DEALINGS, "card": _card}
