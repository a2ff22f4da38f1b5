"""The rule book: policies, groups, sites and asset types of an org, read at once and kept until its stamp moves."""

import time
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from pynamodb.transactions import TransactWrite

from toolcrib.domain.agreements import Agreement
from toolcrib.domain.assets import AssetType
from toolcrib.domain.kits import Kit
from toolcrib.domain.pairing import Pair
from toolcrib.domain.people import Group
from toolcrib.domain.policies import Match, Period, Policy, Site
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store import keys
from toolcrib.store.items import RevisionItem, RuleItem, StampItem
from toolcrib.store.mapping import plain
from toolcrib.store.reads import find
from toolcrib.store.tables import connection

KEEP_S = 60  # design.md: policies and sites may be up to a minute old where no stamp was read

KINDS: dict[str, type] = {
    "policy": Policy,
    "group": Group,
    "site": Site,
    "type": AssetType,
    "agreement": Agreement,
    "pair": Pair,
    "kit": Kit,
}

BUILT_IN = Policy(id="built-in", name="Until the org has a fallback policy", period=Period(after=timedelta(hours=8)))

Rule = TypeVar("Rule")

_kept: dict[str, tuple[float, RuleBook]] = {}


def rule_book(org: str, stamp: int | None = None) -> RuleBook:
    """Return an org's rule book: no older than `stamp` where one was read, else no older than a minute."""
    kept = _kept.get(org)
    if kept is not None:
        age_s = time.monotonic() - kept[0]
        if kept[1].stamp == stamp if stamp is not None else age_s < KEEP_S:
            return kept[1]
    book = _read(org, stamp if stamp is not None else read_stamp(org))
    _kept[org] = (time.monotonic(), book)
    return book


def book_with_site(org: str, *sites: str | None) -> RuleBook:
    """Return the rule book, read anew if it is too old to know all of these sites; None is no site."""
    book = rule_book(org)
    known = all(site is None or site in book.sites for site in sites)
    return book if known else rule_book(org, read_stamp(org))


def read_stamp(org: str) -> int:
    """Return the rule book's counter; 0 before the first rule."""
    item = find(StampItem, keys.rules_stamp(org))
    return 0 if item is None else int(item.stamp)


def _read(org: str, stamp: int) -> RuleBook:
    connection()
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for item in RuleItem.query(keys.rule(org, "policy", "")[0], consistent_read=True):
        kind = item.sk.split("#", 1)[0].lower()
        rule: Any = to_rule(item, KINDS[kind])
        found[kind][rule.id] = rule
    fallback = next((policy for policy in found["policy"].values() if policy.match == Match()), BUILT_IN)
    found["policy"].pop(fallback.id, None)
    return RuleBook(
        fallback=fallback,
        policies=found["policy"],
        groups=found["group"],
        sites=found["site"],
        types=found["type"],
        agreements=found["agreement"],
        pairs=found["pair"],
        kits=found["kit"],
        stamp=stamp,
    )


def to_rule(item: RuleItem | RevisionItem, kind: type[Rule]) -> Rule:
    """Return the rule an item describes."""
    return msgspec.convert({**item.about, "revision": int(item.revision)}, kind)


def raise_stamp(write: TransactWrite, org: str, *, expected: int | None = None) -> None:
    """Count one more change of the rule book, in the transaction that makes it, if the stamp is as expected."""
    stamp = StampItem.stamp
    before = None if expected is None else StampItem.pk.does_not_exist() if expected == 0 else stamp == expected
    # the kind is set too: the very first update makes the item
    actions: list[Any] = [stamp.set((stamp | 0) + 1), StampItem.kind.set(StampItem)]
    write.update(StampItem(*keys.rules_stamp(org)), actions=actions, condition=before)


def rule_item(org: str, kind: str, rule: Any) -> RuleItem:
    """Return the item of a policy, group, site or type."""
    return RuleItem(*keys.rule(org, kind, rule.id), **_described(rule))


def revision_item(org: str, kind: str, rule: Any) -> RevisionItem:
    """Return the item that keeps a rule as it is, for when it has been changed."""
    return RevisionItem(*keys.revision(org, kind, rule.id, rule.revision), **_described(rule))


def _described(rule: Any) -> dict[str, Any]:
    whole = plain(rule)
    return {"revision": whole.pop("revision"), "about": whole}
