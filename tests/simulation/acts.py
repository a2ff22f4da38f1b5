"""Each kind of act, carried out: a visit, a power cut, an edit. What a person says of a thing may be wrong."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING

from edge.config import Mode
from edge.uploads import AlarmKind, FaultReport, Severity
from tests.simulation import workplace
from tests.simulation.dealings import DEALINGS
from tests.simulation.deciding import LIKELY, RACE_MS, Manner, Somebody, until_the_start
from tests.simulation.edits import EDITS
from tests.simulation.outages import outage
from tests.simulation.people import Visit, forces
from tests.simulation.plan import Act
from tests.support.certificates import csr
from tests.support.http import Reply

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

STATED = ("unstow", "send_to_repair", "repaired", "declare_missing", "declare_lost", "found", "retire")
ASSETS = tuple(f"{kind}-{number}" for kind, number in workplace.THINGS)
RACES, RACE_EVERY_MS = 9, 15_000
FAR = timedelta(days=365)


def begin(here: "Simulation", act: Act) -> None:
    """Carry an act out."""
    here.hub.happens(f"act: {act.what}", str(act.number))
    _ACTS[act.what](here, act, here.hub.chance(f"act/{act.number}"))


def _visit(here: "Simulation", act: Act, chance: Random) -> None:
    """Somebody comes to a bank, now and then whoever has a copy of their badge and things to bring back."""
    manner = chance.choices(list(LIKELY), list(LIKELY.values()))[0]
    copy = here.copies.get(act.person)
    who = copy if copy is not None and copy.pocket else here.people[act.person]
    _visits(here, who, act.bank, manner, chance)


def _visits(
    here: "Simulation", who: Somebody, bank: str, manner: Manner, chance: Random, *, wants: str | None = None
) -> None:
    if who.busy:
        return
    here.hub.tally[f"manner: {manner}"] += 1

    def calls(friend: Somebody, wants: str | None = None) -> None:
        comes(here, friend, bank, chance, wants=wants)

    friends = [each for person, each in here.people.items() if person != who.id]
    Visit(here.hub, who, here.stations[bank], manner, chance, friends=friends, calls=calls, wants=wants).begins()


def comes(
    here: "Simulation",
    who: Somebody,
    bank: str,
    chance: Random,
    *,
    wants: str | None = None,
    manner: Manner = Manner.PROPER,
) -> None:
    """Let somebody come to a bank and do everything right, or in another manner."""
    _visits(here, who, bank, manner, chance, wants=wants)


def _crowd(here: "Simulation", act: Act, chance: Random) -> None:
    for who in chance.sample(list(here.people.values()), k=3):
        here.hub.later(chance.randint(0, 400), lambda who=who: _visits(here, who, act.bank, _PROPER, chance))


def _race(here: "Simulation", _: Act, chance: Random) -> None:
    """One badge, or a copy of it, at two banks at once, some times: what is left of an allowance may be had once."""
    for number in range(RACES):
        here.hub.later(number * RACE_EVERY_MS, lambda: _races(here, chance))


def _races(here: "Simulation", chance: Random) -> None:
    near, far = ("hq-01", "hq-02"), ("hq-01", "dock-01")
    banks = chance.choice((near, far, far, far))
    now = datetime.fromtimestamp(here.hub.now_ms / 1000, UTC)
    idle = [who for who in here.people.values() if not who.busy and here.rights.in_the_clear(who.id, now)]
    if not idle or not all(here.stations[bank].is_free for bank in banks):
        return
    first = chance.choice(idle)
    second = here.copies.setdefault(first.id, Somebody(id=first.id, uid=first.uid, pin=first.pin))
    for who, bank in zip((first, second), banks, strict=True):
        is_kiosk = here.stations[bank].config.mode is Mode.KIOSK
        delay_ms = until_the_start(here.hub.now_ms) + chance.randint(0, 60) + (0 if is_kiosk else RACE_MS)
        here.hub.later(
            delay_ms, lambda who=who, bank=bank: _visits(here, who, bank, Manner.RACES, chance, wants="take")
        )


_PROPER = Manner.PROPER


def _force(here: "Simulation", act: Act, chance: Random) -> None:
    station, who = here.stations[act.bank], here.people[act.person]
    door = chance.choice(list(station.config.door_numbers))
    if door in station.cabinet.opened:
        return
    forces(station, door)
    things = station.cabinet.contents.setdefault(door, [])
    if things and chance.random() < 0.5:
        thing = things[0]
        station.cabinet.take(door, thing)
        who.pocket.append(thing)
    elif who.pocket and chance.random() < 0.5:
        station.cabinet.put(door, who.pocket.pop())
    here.hub.later(chance.randint(500, 90_000), lambda: station.cabinet.swing(door, is_open=False))


def _power(here: "Simulation", act: Act, chance: Random) -> None:
    here.stations[act.bank].cut_power(chance.choice((500, 5_000, 60_000, 900_000)))


def _partition(here: "Simulation", act: Act, chance: Random) -> None:
    station = here.stations[act.bank]
    station.line(up=False)
    here.hub.later(chance.choice((2_000, 20_000, 120_000, 1_800_000)), lambda: station.line(up=True))


def _wall_clock(here: "Simulation", act: Act, chance: Random) -> None:
    here.stations[act.bank].wall_off = chance.uniform(-1, 1) * FAR


def _cut_off(here: "Simulation", act: Act, chance: Random) -> None:
    """Somebody is served, and before their door is closed again the bank is cut off, for longer than grants wait."""
    _visits(here, here.people[act.person], act.bank, _PROPER, chance)
    station = here.stations[act.bank]
    here.hub.later(chance.randint(2_000, 15_000), lambda: station.line(up=False))
    here.hub.later(chance.randint(60_000, 2_400_000), lambda: station.line(up=True))


def _doubtful(here: "Simulation", chance: Random) -> str:
    """Return an asset to speak of: often one that nobody is sure of, since those are what admins look after."""
    doubted = here.checks.doubted()
    return chance.choice(doubted) if doubted and chance.random() < 0.6 else chance.choice(ASSETS)


def _stranger(here: "Simulation", act: Act, chance: Random) -> None:
    uid = f"DEADBE{chance.getrandbits(8):02X}"
    here.stations[act.bank].feed("tap", lambda bank, now: bank.on_tap(uid, now))


def _many_strangers(here: "Simulation", act: Act, chance: Random) -> None:
    for number in range(6):
        here.hub.later(number * 2_000, lambda: _stranger(here, act, chance))


def _alarm(here: "Simulation", act: Act, chance: Random) -> None:
    kind = chance.choice(list(AlarmKind))
    here.stations[act.bank].feed("alarm", lambda bank, now: bank.on_alarm(kind, now))


def _fault(here: "Simulation", act: Act, chance: Random) -> None:
    station = here.stations[act.bank]
    severity, door = chance.choice(list(Severity)), chance.choice(list(station.config.door_numbers))
    fault = FaultReport(severity=severity, door=door, text="It rattles.")
    if chance.random() < 0.7:
        answers = {"works": severity is Severity.MINOR, "noise": "loud"}
        fault = FaultReport(severity=severity, asset=chance.choice(ASSETS), answers=answers)
    station.feed("fault", lambda bank, now: bank.on_fault(fault, now))


def _revoke_badge(here: "Simulation", act: Act, _: Random) -> None:
    here.admins.revoke_badges(act.person, lambda: here.watches.blocked(act.person))


def _stow(here: "Simulation", act: Act, chance: Random) -> None:
    """An admin says where a thing lies; half of the time it is true."""
    station = here.stations[act.bank]
    asset, door = _doubtful(here, chance), chance.choice(list(station.config.door_numbers))
    here.admins.ask("POST", f"/assets/{asset}/stow", {"bank": act.bank, "door": door})


def _move(here: "Simulation", _: Act, chance: Random) -> None:
    move = chance.choice(STATED)
    body = {"move": move, "reason": "it was counted"} | ({"site": "hq"} if chance.random() < 0.7 else {})
    here.admins.ask("POST", f"/assets/{_doubtful(here, chance)}/move", body)


def _open(here: "Simulation", act: Act, chance: Random) -> None:
    """Somebody opens a door from afar, and a helper at the bank pulls it, looks, and maybe moves a thing."""
    station = here.stations[act.bank]
    door = chance.choice(list(station.config.door_numbers))
    here.admins.ask("POST", f"/banks/{act.bank}/doors/{door}/open", {"reason": "cleaning"})
    manner = chance.choice((Manner.MOVES_NOTHING, Manner.PROPER, Manner.STRANGE_THING))
    here.hub.later(3_000, lambda: _serves(here, act, door, manner, chance))


def _serves(here: "Simulation", act: Act, door: int, manner: Manner, chance: Random) -> None:
    station, who = here.stations[act.bank], here.people[act.person]
    if door in station.unlocked and not who.busy:
        Visit(here.hub, who, station, manner, chance).serves(door)


def _rust(here: "Simulation", act: Act, chance: Random) -> None:
    """No bolt of a bank moves for a while."""
    station = here.stations[act.bank]
    station.rusty = True
    here.hub.later(chance.randint(60_000, 900_000), lambda: setattr(station, "rusty", False))


def _late_command(here: "Simulation", act: Act, chance: Random) -> None:
    """A broker holds back what is for a bank for longer than a command lives (safety.md, threat 9)."""
    station = here.stations[act.bank]
    station.held_back_ms = chance.randint(31_000, 90_000)
    here.hub.later(20_000, lambda: setattr(station, "held_back_ms", 0))
    _open(here, act, chance)


def _inspect(here: "Simulation", act: Act, chance: Random) -> None:
    """Somebody looks into a door and says what is there; what has no tag nobody recognises."""
    station = here.stations[act.bank]
    door = chance.choice(list(station.config.door_numbers))
    inside = station.cabinet.contents.get(door, [])
    seen = [asset for asset in ASSETS if workplace.tag(int(asset.rsplit("-", 1)[1])) in inside]
    here.admins.ask("POST", f"/banks/{act.bank}/doors/{door}/inspect", {"contents": seen})


def _revoke_bank(here: "Simulation", act: Act, chance: Random) -> None:
    here.admins.ask("DELETE", f"/banks/{act.bank}/enrolment")
    here.hub.later(chance.randint(60_000, 400_000), lambda: _enrols(here, act))


def _enrols(here: "Simulation", act: Act) -> None:
    """Enrol a bank anew; where the answer with the keys was lost, another one is asked for."""

    def got(reply: Reply) -> None:
        if reply.status == HTTPStatus.CREATED:
            here.stations[act.bank].enrolled(reply.json["kid"], bytes.fromhex(reply.json["command_key"]))
        elif reply.status == HTTPStatus.CONFLICT:
            _enrols(here, act)

    here.admins.ask("POST", f"/banks/{act.bank}/enrolment", {"csr": csr()}, then=got)


def _night(_here: "Simulation", _act: Act, _: Random) -> None:
    """Nobody comes."""


_ACTS: Mapping[str, Callable[["Simulation", Act, Random], None]] = {
    "visit": _visit,
    "cut off": _cut_off,
    "crowd": _crowd,
    "race": _race,
    "force": _force,
    "power": _power,
    "partition": _partition,
    "wall clock": _wall_clock,
    "stranger": _stranger,
    "many strangers": _many_strangers,
    "alarm": _alarm,
    "fault": _fault,
    **EDITS,
    **DEALINGS,
    "rust": _rust,
    "revoke badge": _revoke_badge,
    "stow": _stow,
    "move": _move,
    "open": _open,
    "late command": _late_command,
    "inspect": _inspect,
    "revoke bank": _revoke_bank,
    "outage": outage,
    "night": _night,
}
