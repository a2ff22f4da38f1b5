"""Where it happens: two sites, three banks with each kind of sensors, a handful of people, tools and laptops."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from edge.config import BadgeKey, BankConfig, Evidence, Mode
from edge.tokens import badge_tokens, pin_token
from tests.simulation import rules
from tests.support import workplace
from tests.support.http import enter
from tests.support.tables import BADGE_KEY, MASTER
from tests.support.workplace import NOW, ORG
from toolcrib.domain.agreements import Acceptance, Texts
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.doors import Mode as DomainMode
from toolcrib.domain.evidence import Evidence as DomainEvidence
from toolcrib.domain.overrides import PERMISSIONS
from toolcrib.domain.people import Certification, Person, PersonKind, PinStanding
from toolcrib.domain.pins import set_anew
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.domain.upkeep import CHARGES
from toolcrib.send.signing import command_key
from toolcrib.send.slow_hash import slow_hash
from toolcrib.store import mapping
from toolcrib.store.agreements import texts_item
from toolcrib.store.banks import find_door

KEY = BadgeKey(version="1", key=bytes.fromhex(BADGE_KEY))
UIDS = {f"p-{number}": f"04A2246B1F90{number:02X}" for number in range(1, 8)}
BANKS = {
    "hq-01": ("hq", Evidence.TAGS, Mode.KIOSK, 8),
    "hq-02": ("hq", Evidence.PRESENCE, Mode.EXPRESS, 3),
    "dock-01": ("dock", Evidence.DOOR_ONLY, Mode.KIOSK, 7),
}
STOWED = {
    ("hq-01", 1): ("drill", 1),
    ("hq-01", 2): ("drill", 2),
    ("hq-01", 3): ("laptop", 3),
    ("hq-01", 4): ("saw", 11),
    ("hq-01", 5): ("meter", 13),
    ("hq-01", 6): ("meter", 14),
    ("hq-02", 1): ("laptop", 4),
    ("hq-02", 2): ("laptop", 5),
    ("dock-01", 1): ("drill", 6),
    ("dock-01", 2): ("laptop", 7),
    ("dock-01", 3): ("saw", 12),
    ("dock-01", 4): ("meter", 15),
    ("dock-01", 5): ("meter", 16),
}
IN_STORE = (("drill", 8), ("laptop", 9))
BESIDE = (("hq-01", 1), ("drill", 10))  # a door that holds two
THINGS = (*STOWED.values(), *IN_STORE, BESIDE[1])
CAPACITY = {"hq-01": 2}
PINS = {f"p-{number}": f"83{number}5" for number in range(1, 6)}  # of those who may take laptops; one has none
FIRST_PIN = "p-6"  # has none, and may choose one at a screen
READ_THEM = ("p-1", "p-2", "p-3")  # have accepted the terms
BORROWS_FOR: Mapping[str, tuple[str, ...]] = {"p-1": (rules.TEAM,), "p-4": (rules.TEAM, "p-3")}
OVERRIDER = "sup"  # may let others take things in spite of a rule


def prepare() -> None:
    """Put the workplace into the tables; the rest comes through the product's own doors."""
    workplace.rules(*rules.book())
    texts_item(ORG, Texts(agreement=rules.terms().id, version=1, at=NOW, texts=rules.TERMS)).save()
    workplace.put_person(_team())
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
        charger = (CHARGES,) if site == "hq" else ()
        workplace.put_bank(record, doors=doors, stowed=here, size="L", capacity=CAPACITY.get(bank, 1), features=charger)
    for what in IN_STORE:
        workplace.put_asset(asset(*what, "hq"))
    _put_beside()
    enter("admin", "admin")
    enter(OVERRIDER, "supervisor", person="p-6", sites=("hq", "dock"))
    for person in UIDS:
        enter(person, "self", person=person)


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
        charge=80 if kind == "laptop" else None,
        charge_at=NOW if kind == "laptop" else None,
        serviced_at=NOW - timedelta(minutes=45 if number == 11 else 0),
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
    number = int(person[2:])
    ending = {2: 15, 4: 6}.get(number)
    return Person(
        id=person,
        name=f"Person {number}",
        groups=_groups(person),
        site="hq",
        email=f"{person}@example.com",
        slack_id=f"U{number}",
        pin=_pin_of(person),
        certifications={} if number == 7 else {"esd": _certified(ending), "saws": _certified(ending)},
        acceptances=_accepted() if person in READ_THEM else {},
        borrows_for=BORROWS_FOR.get(person, ()),
        permissions=PERMISSIONS if person in rules.SUPERVISORS else (),
    )


def _team() -> Person:
    learned = {name: Certification() for name in rules.CERTIFICATIONS.values()}
    groups = ("crew", "office")
    return Person(id=rules.TEAM, name="Team One", kind=PersonKind.TEAM, groups=groups, certifications=learned)


def _groups(person: str) -> tuple[str, ...]:
    desk = () if person == "p-7" else ("office",)
    return ("crew", *desk, *(("leads",) if person in rules.LEADS else ()))


def _pin_of(person: str) -> PinStanding | None:
    if person == FIRST_PIN:
        return PinStanding(kiosk_until=NOW + timedelta(days=1))
    return PinStanding(is_set=True) if person in PINS else None


def _certified(for_minutes: int | None) -> Certification:
    until: datetime | None = None if for_minutes is None else NOW + timedelta(minutes=for_minutes)
    return Certification(valid_until=until)


def _accepted() -> Mapping[str, Acceptance]:
    agreement = rules.terms()
    return {agreement.id: Acceptance(version=1, sha256=agreement.digests["en"], at=NOW - timedelta(days=1))}
