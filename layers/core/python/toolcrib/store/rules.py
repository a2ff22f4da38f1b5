"""Rules as admins edit them: one item each, saved together with the rule book's stamp."""

from datetime import datetime
from typing import Final, TypeVar

from pynamodb.transactions import TransactWrite

from toolcrib.domain.agreements import Agreement
from toolcrib.domain.assets import AssetType
from toolcrib.domain.kits import Kit
from toolcrib.domain.pairing import Pair
from toolcrib.domain.people import Group
from toolcrib.domain.policies import Policy, Site
from toolcrib.store import keys
from toolcrib.store.edits import edit
from toolcrib.store.items import RevisionItem, RuleItem
from toolcrib.store.listing import Source, rules
from toolcrib.store.reads import find, load
from toolcrib.store.rulebook import raise_stamp, revision_item, rule_item, to_rule

Rule = TypeVar("Rule", Group, AssetType, Site, Policy, Agreement, Pair, Kit)

KINDS: Final[dict[type, str]] = {
    Group: "group",
    AssetType: "type",
    Site: "site",
    Policy: "policy",
    Agreement: "agreement",
    Pair: "pair",
    Kit: "kit",
}
WORDS: Final[dict[type, str]] = {
    Group: "group",
    AssetType: "asset type",
    Site: "site",
    Policy: "policy",
    Agreement: "terms",
    Pair: "pair",
    Kit: "kit",
}


def load_rule(org: str, kind: type[Rule], rule_id: str) -> Rule:
    """Return a group, asset type, site or policy; raises `NotFound`."""
    return to_rule(load(RuleItem, keys.rule(org, KINDS[kind], rule_id), WORDS[kind]), kind)


def find_rule(org: str, kind: type[Rule], rule_id: str) -> Rule | None:
    """Return a rule, or None."""
    item = find(RuleItem, keys.rule(org, KINDS[kind], rule_id))
    return None if item is None else to_rule(item, kind)


def load_revision(org: str, kind: type[Rule], rule_id: str, number: int) -> Rule:
    """Return a rule as it was at a revision, the present one included; raises `NotFound`."""
    now = load_rule(org, kind, rule_id)
    if number == now.revision:
        return now
    key = keys.revision(org, KINDS[kind], rule_id, number)
    return to_rule(load(RevisionItem, key, f"revision of this {WORDS[kind]}"), kind)


def source(org: str, kind: type[Rule]) -> Source:
    """Return where all rules of a kind are listed, by id."""
    return rules(org, KINDS[kind])


def save_rule(
    org: str, op: str, at: datetime, rule: Rule, *, stamp: int | None = None, before: Rule | None = None
) -> None:
    """Write a rule over the revision before it (1: none), and count the change of the rule book.

    Where `stamp` is given the rule book must still have it; what was there `before` is kept where it is given. Raises
    `LostRace` with nothing written.
    """
    item = rule_item(org, KINDS[type(rule)], rule)
    revision = RuleItem.revision
    unchanged = RuleItem.pk.does_not_exist() if rule.revision == 1 else revision == rule.revision - 1

    def fill(write: TransactWrite) -> None:
        write.save(item, condition=unchanged)
        if before is not None:
            write.save(revision_item(org, KINDS[type(rule)], before))
        raise_stamp(write, org, expected=stamp)

    edit(org, op, at, fill)
