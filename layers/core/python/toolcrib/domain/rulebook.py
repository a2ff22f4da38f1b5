"""What a decision about taking looks at: the org's rules, and who wants what, where and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import field

from toolcrib.domain.agreements import Agreement
from toolcrib.domain.assets import AssetType
from toolcrib.domain.authorisers import Authoriser
from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.kits import Kit
from toolcrib.domain.pairing import Pair, Whereabouts
from toolcrib.domain.people import Badge, Group, Person
from toolcrib.domain.pins import Shown
from toolcrib.domain.policies import Policy, Site
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import NotFound

_T = TypeVar("_T")


class Given(Record, frozen=True, kw_only=True):
    """What a person brought along for one take: what rules 12 to 14 ask for.

    `session` is the id of the one that runs, `authorisers` are those who tapped in it. `answers` are as they came: what
    is no answer to a question of the type counts for nothing.
    """

    session: str | None = None
    authorisers: tuple[Authoriser, ...] = ()
    terms_sha256: str | None = None
    pin: Shown | None = None
    answers: Mapping[str, Any] | None = None


class Subject(Record, frozen=True, kw_only=True):
    """One question: may this person take a thing of this type from this bank at this moment?

    `actor` is who stands there where they borrow for another, whose rules apply and whose loan it becomes; None where
    both are the same. Rows 1, 2 and 12 are about whoever stands there.
    `badge` is None where none was used (API, dry run). `content` is the unit it is about and `door` where that
    lies; both are None where the bank has none of the type, `door` alone where the unit lies elsewhere.
    `kit` is the one that it is lent with, `missing` what of that is not in the same door.
    `overridden` are codes that somebody lets pass: a rule that knows several goes on to what else it has against it.
    """

    person: Person
    actor: Person | None = None
    badge: Badge | None = None
    asset_type: AssetType
    content: Content | None = None
    door: Door | None = None
    kit: Kit | None = None
    missing: tuple[str, ...] = ()
    bank: str
    site: Site
    at: datetime
    given: Given = field(default_factory=Given)
    overridden: frozenset[str] = frozenset()

    @property
    def present(self) -> Person:
        """Who stands there."""
        return self.actor or self.person


class RuleBook(Record, frozen=True, kw_only=True):
    """An org's rules, each kind by id, as they were at `stamp` (raised by every edit of any of them).

    `fallback` names nothing and so matches everything: every question finds at least one policy.
    `whereabouts` are no rules: where things are that must not be out together with what the bank at hand lends.
    """

    fallback: Policy
    policies: Mapping[str, Policy] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    types: Mapping[str, AssetType] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    kits: Mapping[str, Kit] = field(default_factory=dict)
    whereabouts: Mapping[str, Whereabouts] = field(default_factory=dict)
    stamp: int = 0

    def subject(
        self, person: Person, badge: Badge | None, asset_type: str, bank: Bank, at: datetime, **more: Any
    ) -> Subject:
        """Return the question with its ids looked up; raises `NotFound` for a type or site that is not here.

        `more` are the unit it is about (`content`, `door`) and what is `given`, where known.
        """
        return Subject(
            person=person,
            badge=badge,
            asset_type=_found(self.types, asset_type, "asset type"),
            bank=bank.id,
            site=_found(self.sites, bank.site, "site"),
            at=at,
            **more,
        )


def _found(kind: Mapping[str, _T], key: str, what: str) -> _T:
    """Return the record with this id or refuse by name."""
    try:
        return kind[key]
    except KeyError:
        raise NotFound(detail=f"there is no {what} {key}", advice=f"Create the {what} or name another.") from None
