"""What a decision about taking looks at: the org's rules, and who wants what, where and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from msgspec import field

from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Bank
from toolcrib.domain.people import Badge, Group, Person
from toolcrib.domain.policies import Policy, Site
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import NotFound

_T = TypeVar("_T")


class Subject(Record, frozen=True, kw_only=True):
    """One question: may this person take a thing of this type from this bank at this moment?

    `badge` is None where none was used (API, dry run). The answer is the same for every unit of the type in the bank.
    """

    person: Person
    badge: Badge | None = None
    asset_type: AssetType
    bank: str
    site: Site
    at: datetime


class RuleBook(Record, frozen=True, kw_only=True):
    """An org's rules, each kind by id, as they were at `stamp` (raised by every edit of any of them).

    `fallback` names nothing and so matches everything: every question finds at least one policy.
    """

    fallback: Policy
    policies: Mapping[str, Policy] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    types: Mapping[str, AssetType] = field(default_factory=dict)
    stamp: int = 0

    def subject(self, person: Person, badge: Badge | None, asset_type: str, bank: Bank, at: datetime) -> Subject:
        """Return the question with its ids looked up; raises `NotFound` for a type or site that is not here."""
        return Subject(
            person=person,
            badge=badge,
            asset_type=_found(self.types, asset_type, "asset type"),
            bank=bank.id,
            site=_found(self.sites, bank.site, "site"),
            at=at,
        )


def _found(kind: Mapping[str, _T], key: str, what: str) -> _T:
    """Return the record with this id or refuse by name."""
    try:
        return kind[key]
    except KeyError:
        raise NotFound(detail=f"there is no {what} {key}", advice=f"Create the {what} or name another.") from None
