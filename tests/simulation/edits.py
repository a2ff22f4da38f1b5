"""What admins edit while things are in flight: people and their rights, rules of every kind, the shape of things."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.simulation import rules, workplace
from tests.simulation.plan import Act
from tests.support.http import Reply
from toolcrib.domain.events import instant
from toolcrib.domain.overrides import OVERRIDABLE

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

BOOKED: Final = frozenset({"reserved", "held_for_other"})  # rows 10 and 11 have nothing to override yet
CODES: Final = tuple(code for code in OVERRIDABLE if code not in BOOKED)
TYPES: Final = ("drill", "saw", "laptop")
WORDS: Final = ("lock it", "carry it with both hands", "keep it dry", *rules.TERMS.values())


def _at(here: "Simulation", **ahead: float) -> str:
    return instant(datetime.fromtimestamp(here.hub.now_ms / 1000, UTC) + timedelta(**ahead))


def _stopped(here: "Simulation", act: Act, chance: Random) -> str:
    """Return whom to keep from taking: often somebody who has something, and soon comes to bring it back."""
    loan = here.checks.some_loan(chance)
    if loan is None or loan.person not in here.people or chance.random() < 0.3:
        return act.person
    who = here.people[loan.person]
    here.hub.later(chance.randint(15_000, 90_000), lambda: here.comes(who, act.bank, chance, wants="return"))
    return who.id


def _freeze(here: "Simulation", act: Act, chance: Random) -> None:
    person = _stopped(here, act, chance)

    def frozen(reply: Reply) -> None:
        if reply.status < HTTPStatus.BAD_REQUEST:
            here.watches.blocked(person)

    here.admins.change(f"/people/{person}", {"active": False}, frozen)


def _thaw(here: "Simulation", act: Act, _: Random) -> None:
    here.watches.thaws(act.person)
    thawed = {"active": True, "valid_from": None, "valid_until": None}
    here.admins.change(f"/people/{act.person}", thawed, lambda _: here.watches.thawed(act.person))


def _expire(here: "Simulation", act: Act, chance: Random) -> None:
    person = _stopped(here, act, chance)
    if chance.random() < 0.5:
        here.admins.change(f"/people/{person}", {"valid_until": _at(here, minutes=chance.randint(-30, 10))})
    else:
        here.admins.change(f"/people/{person}", {"valid_from": _at(here, minutes=chance.randint(1, 20))})


def _groups(here: "Simulation", act: Act, chance: Random) -> None:
    groups = chance.choice((["crew"], ["office"], ["crew", "office"], ["crew", "office", "leads"], []))
    here.admins.change(f"/people/{act.person}", {"groups": groups})


def _certify(here: "Simulation", act: Act, chance: Random) -> None:
    """Somebody has learned something, for good or for a while, or it turns out that they have not."""
    name = chance.choice(list(rules.CERTIFICATIONS.values()))
    until = {"valid_until": _at(here, minutes=chance.randint(-5, 10))}
    here.admins.change(f"/people/{act.person}", {"certifications": {name: chance.choice(({}, {}, {}, until, None))}})


def _block(here: "Simulation", act: Act, chance: Random) -> None:
    until = {"until": _at(here, minutes=chance.randint(1, 15))} if chance.random() < 0.7 else {}
    here.admins.ask("POST", f"/people/{_stopped(here, act, chance)}/blocks", {"reason": "It was dropped", **until})


def _unblock(here: "Simulation", act: Act, _: Random) -> None:

    def lift(reply: Reply) -> None:
        for block in reply.json.get("items", ()):
            here.admins.ask("DELETE", f"/people/{act.person}/blocks/{block['id']}")

    here.admins.ask("GET", f"/people/{act.person}/blocks", then=lift)


def _override(here: "Simulation", act: Act, chance: Random) -> None:
    """A supervisor lets somebody take a thing once, in spite of what they were told; then they come again.

    Of all that is refused, that comes first which supervisors have let pass least often.
    """
    told = sorted(key for key in here.watches.refused if key[1] in CODES)
    chance.shuffle(told)
    person, code = min(told, key=lambda key: here.hub.tally[f"let pass: {key[1]}"], default=(act.person, CODES[0]))
    title, bank = here.watches.refused.pop((person, code), ("", act.bank))
    kind = next((kind for kind in TYPES if title.startswith(kind)), None) or chance.choice(TYPES)
    about = {"code": code, "asset_type": kind, "reason": "It is urgent"}
    where = {"site": workplace.BANKS[bank][0]}
    here.hub.tally[f"let pass: {code}"] += 1

    def again(_: Reply) -> None:
        for soonest_ms, latest_ms in ((500, 8_000), (60_000, 120_000)):  # who is still busy comes later
            delay_ms = chance.randint(soonest_ms, latest_ms)
            here.hub.later(delay_ms, lambda: here.comes(here.people[person], bank, chance, wants=f"take {kind}"))

    here.admins.ask("POST", f"/people/{person}/overrides", about | where, again, by=workplace.OVERRIDER)


def _pin(here: "Simulation", act: Act, chance: Random) -> None:
    """An admin gives out a PIN that has to be changed, lets one be set at a screen, or lifts a lock."""
    who, pin = here.people[act.person], f"82{chance.randrange(10)}6"

    def told(_: Reply) -> None:
        who.pin = pin

    what = chance.choice(("set", "set", "screen", "unlock"))
    if what == "set":
        here.admins.ask("POST", f"/people/{act.person}/pin", {"pin": pin}, told)
    elif what == "screen":
        here.admins.ask("POST", f"/people/{act.person}/pin", {"at_kiosk": True})
    else:
        here.admins.ask("POST", f"/people/{act.person}/pin/unlock")


def _policy(here: "Simulation", _: Act, chance: Random) -> None:
    which = chance.choice(("drills", "laptops", "laptops-hq-01", "saws"))
    patch = chance.choice(
        (
            {"loan_period": chance.choice(("PT10M", "PT1H", "end_of_shift", {"until": "17:30"}))},
            {"allowance": {"total": chance.choice((1, 2, None))}},
            {"curfew": {"after": chance.choice(("PT15M", "PT40M", None))}},
            {"grace": chance.choice(("PT0S", "PT2M"))},
            {"renewals": {"max": chance.choice((0, 1, 3))}},
            {"lost_after": chance.choice(("PT20M", "PT75M"))},
            {"authorisers": {"count": chance.choice((0, 1)), "on": chance.choice((["take"], ["return"]))}},
            {"priority": chance.choice((90, 100, 110))},
        )
    )
    here.admins.change(f"/policies/{which}", patch)


def _schedule(here: "Simulation", act: Act, chance: Random) -> None:
    """The hours of a policy are others from now on; sometimes it is outside of them."""
    which = chance.choice(("tools-dock", "computers-hq"))
    zone = rules.ZONES[which]
    local = datetime.fromtimestamp(here.hub.now_ms / 1000, zone)
    opens, closes = (f"{local + timedelta(minutes=minutes):%H:%M}" for minutes in chance.choice(((3, -1), (-1, -2))))
    week = {day: [[opens, closes]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    here.admins.change(f"/policies/{which}", {"schedule": chance.choice((week, week, None))})


def _pair(here: "Simulation", _: Act, chance: Random) -> None:
    here.admins.change("/pairs/now-and-then", {"active": chance.random() < 0.5})


def _kit(here: "Simulation", _: Act, chance: Random) -> None:
    """A kit consists of other things from now on, or is taken apart, or put together again."""
    patch = chance.choice(({"active": False}, {"active": True}, {"active": True, "parts": chance.choice(rules.KITS)}))
    here.admins.change("/kits/drilling", patch)


def _terms(here: "Simulation", _: Act, chance: Random) -> None:
    here.admins.change("/terms/screens", {"texts": {"en": chance.choice(WORDS)}})


def _shape(here: "Simulation", _: Act, chance: Random) -> None:
    """Something is found broken or mended, was serviced, or its charge was read."""
    kind, number = chance.choice(workplace.THINGS)
    patch: dict[str, Any] = chance.choice(
        (
            {"condition": chance.choice(("ok", "ok", "ok", "minor", "critical")), "reason": "I looked"},
            {"serviced_at": _at(here)},
            {"charge": chance.choice((5, 20, 60, 100))},
        )
    )
    here.admins.change(f"/assets/{kind}-{number}", patch)


def _type(here: "Simulation", _: Act, chance: Random) -> None:
    """What a type asks for is another thing from now on; what people have to have learned for it stays."""
    patch: dict[str, Any] = chance.choice(
        (
            {"service": chance.choice((None, {"loans": 1, "action": "warn"}, {"loans": 2}, {"every": "PT1H"}))},
            {"second_factor": chance.random() < 0.3},
        )
    )
    here.admins.change(f"/asset-types/{chance.choice(('drill', 'saw'))}", patch)


def _roster(here: "Simulation", act: Act, chance: Random) -> None:
    """A roster gives somebody the rights of a shift, and a shift that ends."""
    minutes = chance.choice((10, 40, 200))
    row = f"{act.person},{_at(here, minutes=-1)},{_at(here, minutes=minutes)},shift"
    here.admins.ask("POST", "/imports", {"site": "hq", "csv": f"person,starts,ends,groups\n{row}\n"})


EDITS: Final[Mapping[str, Callable[["Simulation", Act, Random], None]]] = {
    "freeze": _freeze,
    "thaw": _thaw,
    "expire": _expire,
    "groups": _groups,
    "certify": _certify,
    "block": _block,
    "unblock": _unblock,
    "override": _override,
    "pin": _pin,
    "policy": _policy,
    "schedule": _schedule,
    "pair": _pair,
    "kit": _kit,
    "terms": _terms,
    "shape": _shape,
    "type": _type,
    "roster": _roster,
}
"""Acts by name."""
