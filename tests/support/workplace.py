"""A small workplace, put straight into the tables: one site, one bank, a few people and drills."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.transactions import TransactWrite

from toolcrib.domain.agreements import Agreement, Texts, digest
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, BankState, Content, Door, Mode
from toolcrib.domain.events import Cause, created, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.people import Badge, Group, GroupGrant, Person
from toolcrib.domain.policies import Allowance, Match, Period, Policy, Site
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State
from toolcrib.store import items, keys, mapping, rulebook
from toolcrib.store.agreements import texts_item
from toolcrib.store.commit import commit
from toolcrib.store.rulebook import raise_stamp, rule_item
from toolcrib.store.rules import KINDS
from toolcrib.store.tables import connection

ORG = "acme"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TOKEN = "1.NW_xfh2XaWiX6zEaXg-ve4cNeBG13Epe6BtHtchKAUo"  # 04A2246B1F9080 under key 00..1f
OTHER_TOKEN = "1.PHW6R2KuhVx3kypI6opZH0Yz_WwcGr6X5PM_E_hti0k"  # 0A1B2C


def site(**more: Any) -> Site:
    return Site(**{"id": "hq", "name": "Headquarters", "time_zone": "Europe/Berlin", **more})


def bank(**more: Any) -> Bank:
    given = {
        "id": "hq-01",
        "site": "hq",
        "evidence": Evidence.TAGS,
        "mode": Mode.EXPRESS,
        "state": BankState.ACTIVE,
        "generation": 1,
    }
    return Bank(**{**given, **more})


def drill(number: int = 1, **more: Any) -> Asset:
    given = {
        "id": f"drill-{number}",
        "type": "drill",
        "name": f"Drill {number}",
        "tag": f"E200{number:04d}",
        "state": State.STORED,
        "custodian": Custodian.site("hq"),
        "site": "hq",
    }
    return Asset(**{**given, **more})


DRILL = AssetType(id="drill", name="Cordless drill", category="tools", size="M")
CREW = Group(id="crew", name="Crew", grants=(GroupGrant(categories=("tools",)),))
FALLBACK = Policy(id="fallback", match=Match(), period=Period(after=timedelta(hours=8)), allowance=Allowance())


def person(number: int = 1, **more: Any) -> Person:
    return Person(**{"id": f"p-{number}", "name": f"Person {number}", "groups": ("crew",), "site": "hq", **more})


def rules(*rules_: Any) -> None:
    """Put rules into the rule book and move its stamp; what an earlier workplace had at this stamp is forgotten."""
    with TransactWrite(connection=connection()) as write:
        for rule in rules_:
            write.save(rule_item(ORG, KINDS[type(rule)], rule))
        raise_stamp(write, ORG)
    rulebook._kept.clear()


def put_terms(texts: dict[str, str], version: int = 1, **more: Any) -> Agreement:
    """Put terms about drills into the rule book, and their texts beside it."""
    given: dict[str, Any] = {"id": "house", "title": "House rules", "asset_types": ("drill",), **more}
    digests = {language: digest(text) for language, text in texts.items()}
    agreement = Agreement(**given, digests=digests, version=version, revision=version)
    rules(agreement)
    connection()
    written = Texts(agreement=agreement.id, version=version, at=NOW, texts=texts)
    texts_item(ORG, written).save()
    return agreement


def put_bank(of: Bank, doors: int = 4, stowed: dict[int, Asset] | None = None, **door: Any) -> None:
    """Put a bank with so many doors (`door` are fields of each), and what is stowed in them, with its tag."""
    connection()
    mapping.bank_item(ORG, replace(of, door_count=doors)).save()
    for number in range(1, doors + 1):
        asset = (stowed or {}).get(number)
        contents = () if asset is None else (Content.of(asset, NOW - timedelta(days=1)),)
        mapping.door_item(ORG, Door(**{"bank": of.id, "number": number, "contents": contents, **door})).save()
        if asset is not None:
            put_asset(asset, at=(of.id, number))


def put_asset(asset: Asset, at: tuple[str, int] | None = None, then: tuple[Move, ...] = ()) -> Asset:
    """Create an asset through its ledger; `at` a door, stow it there; `then` states what became of it."""
    cause = Cause(op=f"setup-{asset.id}", at=NOW - timedelta(days=2), evidence=Evidence.DECLARED)
    new, first = created(asset, cause)
    events = [first]
    if at is not None:
        new, stowed = move(new, Move.STOW, to=Custodian.at_door(*at), cause=replace(cause, op=f"stow-{asset.id}"))
        events.append(stowed)
    for what in then:
        to = Custodian.workshop() if what is Move.SEND_TO_REPAIR else Custodian.nobody()
        new, stated = move(new, what, to=to, cause=replace(cause, op=f"setup-{what}-{asset.id}"))
        events.append(stated)
    commit(ORG, Change(op=cause.op, at=NOW, assets=(new,), events=tuple(events)))
    if asset.tag:
        items.TagItem(*keys.tag(ORG, asset.tag), asset=asset.id).save()
    return new


def is_setup(op: str) -> bool:
    """Whether an operation is how a thing came to be where a scenario begins."""
    return op.startswith(("setup-", "stow-"))


def put_person(of: Person, *tokens: str) -> None:
    connection()
    mapping.person_item(ORG, of).save()
    for token in tokens:
        mapping.badge_item(ORG, Badge(id=token, person=of.id)).save()
