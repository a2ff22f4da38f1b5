"""Where it happens: two sites, three banks with each kind of sensors, a handful of people, tools and laptops."""

from datetime import timedelta
from pathlib import Path

from edge.config import BadgeKey, BankConfig, Evidence, Mode
from edge.tokens import badge_tokens, pin_token
from tests.support import workplace
from tests.support.http import enter
from tests.support.tables import BADGE_KEY, MASTER
from tests.support.workplace import FALLBACK, ORG
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.doors import Mode as DomainMode
from toolcrib.domain.evidence import Evidence as DomainEvidence
from toolcrib.domain.people import Group, GroupGrant, Person, PinStanding
from toolcrib.domain.pins import set_anew
from toolcrib.domain.policies import Allowance, Match, Period, Policy, Site, Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.send.signing import command_key
from toolcrib.send.slow_hash import slow_hash
from toolcrib.store import mapping
from toolcrib.store.banks import find_door

KEY = BadgeKey(version="1", key=bytes.fromhex(BADGE_KEY))
UIDS = {f"p-{number}": f"04A2246B1F90{number:02X}" for number in range(1, 8)}
BANKS = {
    "hq-01": ("hq", Evidence.TAGS, Mode.KIOSK, 5),
    "hq-02": ("hq", Evidence.PRESENCE, Mode.EXPRESS, 3),
    "dock-01": ("dock", Evidence.DOOR_ONLY, Mode.KIOSK, 3),
}
STOWED = {
    ("hq-01", 1): ("drill", 1),
    ("hq-01", 2): ("drill", 2),
    ("hq-01", 3): ("laptop", 3),
    ("hq-02", 1): ("laptop", 4),
    ("hq-02", 2): ("laptop", 5),
    ("dock-01", 1): ("drill", 6),
    ("dock-01", 2): ("laptop", 7),
}
IN_STORE = (("drill", 8), ("laptop", 9))
BESIDE = (("hq-01", 1), ("drill", 10))  # a door that holds two
CAPACITY = {"hq-01": 2}
PINS = {f"p-{number}": f"83{number}5" for number in range(1, 6)}  # of those who may take laptops; one has none
REMINDERS = (
    Step(offset=timedelta(minutes=-10), to=To.HOLDER, via=Via.SLACK),
    Step(offset=timedelta(), to=To.HOLDER, via=Via.EMAIL),
    Step(offset=timedelta(minutes=15), to=To.SUPERVISOR, via=Via.EMAIL),
)


def prepare() -> None:
    """Put the workplace into the tables; the rest comes through the product's own doors."""
    workplace.rules(*_sites(), *_types(), *_groups(), FALLBACK, *_policies())
    for person, uid in UIDS.items():
        workplace.put_person(_person(person), *badge_tokens(uid, (KEY,)))
        if person in PINS:
            hashed = slow_hash(pin_token(PINS[person], KEY), person.encode().ljust(16))
            pin = set_anew(None, person=person, hashed=hashed, key=KEY.version, at=workplace.NOW)
            mapping.pin_item(ORG, pin).save()
    for bank, (site, evidence, mode, doors) in BANKS.items():
        here = {door: asset(*what, site) for (at, door), what in STOWED.items() if at == bank}
        record = Bank(
            id=bank,
            site=site,
            evidence=DomainEvidence(str(evidence)),
            mode=DomainMode(str(mode)),
            state=BankState.ACTIVE,
            generation=1,
        )
        workplace.put_bank(record, doors=doors, stowed=here, size="L", capacity=CAPACITY.get(bank, 1))
    for what in IN_STORE:
        workplace.put_asset(asset(*what, "hq"))
    _put_beside()
    enter("admin", "admin")


def people_by_token() -> dict[str, str]:
    """Return the person of each badge token."""
    return {token: person for person, uid in UIDS.items() for token in badge_tokens(uid, (KEY,))}


def config(bank: str) -> BankConfig:
    """Return the settings of a bank's controller, with the key that its enrolment gave it."""
    _, evidence, mode, doors = BANKS[bank]
    nowhere = Path()
    return BankConfig(
        org=ORG,
        bank=bank,
        host="",
        port=0,
        ca=nowhere,
        cert=nowhere,
        key=nowhere,
        journal=nowhere,
        command_keys={"1": command_key(bytes.fromhex(MASTER), org=ORG, bank=bank, generation=1)},
        badge_keys=(KEY,),
        doors=doors,
        evidence=evidence,
        mode=mode,
    )


def stocked(bank: str) -> dict[int, list[str]]:
    """Return what lies behind a bank's doors in the beginning, as its reader names it."""
    things: dict[int, list[str]] = {}
    for (at, door), (_, number) in (*STOWED.items(), BESIDE):
        if at == bank:
            things.setdefault(door, []).append(tag(number))
    return things


def tag(number: int) -> str:
    """Return the tag of an asset by its number."""
    return f"E200{number:04d}"


def asset(kind: str, number: int, site: str) -> Asset:
    """Return an asset as it is created."""
    return Asset(
        id=f"{kind}-{number}",
        type=kind,
        name=f"{kind.title()} {number}",
        tag=tag(number),
        state=State.STORED,
        custodian=Custodian.site(site),
        site=site,
    )


def _put_beside() -> None:
    """Lay a second thing beside the first."""
    (bank, number), what = BESIDE
    second = workplace.put_asset(asset(*what, BANKS[bank][0]), at=(bank, number))
    door = find_door(ORG, bank, number)
    assert door is not None
    content = replace(door.contents[0], asset=second.id, type=second.type, name=second.name, tag=second.tag)
    mapping.door_item(ORG, replace(door, contents=(*door.contents, content))).save()


def _person(person: str) -> Person:
    return Person(
        id=person,
        name=f"Person {person[2:]}",
        groups=("crew",) if person == "p-7" else ("crew", "office"),
        site="hq",
        email=f"{person}@example.com",
        slack_id=f"U{person[2:]}",
        pin=PinStanding(is_set=True) if person in PINS else None,
    )


def _sites() -> tuple[Site, ...]:
    supervisors = ("p-6",)
    return (
        Site(id="hq", name="HQ", time_zone="Europe/Berlin", supervisors=supervisors, channel="C1"),
        Site(id="dock", name="Dock", time_zone="America/New_York", supervisors=supervisors, channel="C2"),
    )


def _types() -> tuple[AssetType, ...]:
    return (
        AssetType(id="drill", name="Drill", category="tools", size="M"),
        AssetType(id="laptop", name="Laptop", category="computers", size="M"),
    )


def _groups() -> tuple[Group, ...]:
    return (
        Group(id="crew", name="Crew", grants=(GroupGrant(categories=("tools",)),)),
        Group(id="office", name="Office", grants=(GroupGrant(categories=("computers",)),)),
    )


def _policies() -> tuple[Policy, ...]:
    drills = Policy(
        id="drills",
        match=Match(asset_type="drill"),
        period=Period(after=timedelta(minutes=30)),
        grace=timedelta(minutes=2),
        ladder=REMINDERS,
        allowance=Allowance(type=2),
    )
    laptops = Policy(
        id="laptops",
        match=Match(asset_type="laptop"),
        period=Period(after=timedelta(hours=1)),
        ladder=REMINDERS,
        allowance=Allowance(total=3),
    )
    where = Match(asset_type="laptop", bank="hq-01")  # a bank with a screen
    return drills, laptops, replace(laptops, id="laptops-hq-01", match=where, second_factor=True)
