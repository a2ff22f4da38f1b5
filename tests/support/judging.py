"""A question about one take, and a rule book to judge it by: what the tests of the rules about taking share."""

from datetime import UTC, datetime, timedelta
from typing import Any

from toolcrib.domain.assets import AssetType
from toolcrib.domain.people import Badge, Group, GroupGrant, Person
from toolcrib.domain.policies import Period, Policy, Site
from toolcrib.domain.rulebook import RuleBook, Subject

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERIOD = Period(after=timedelta(hours=8))
FALLBACK = Policy(id="fallback", period=PERIOD)
DRILL = AssetType(id="drill", name="Drill", category="tools")
TYPES = {
    each.id: each
    for each in (
        DRILL,
        AssetType(id="saw", name="Saw", category="tools"),
        AssetType(id="laptop", name="Laptop", category="it"),
    )
}
BADGE = Badge(id="1.x", person="ana")
HQ = Site(id="hq", name="HQ", time_zone="UTC")


def subject(badge: Badge | None = None, *, about: dict[str, Any] | None = None, **person: Any) -> Subject:
    """Return the question whether Ana may take a drill at hq-01; `about` overrides fields of the question itself."""
    asked = {
        "person": Person(**{"id": "ana", "name": "Ana", "groups": ("crew",), **person}),
        "badge": badge,
        "asset_type": DRILL,
        "bank": "hq-01",
        "site": HQ,
        "at": NOW,
    }
    return Subject(**{**asked, **(about or {})})


def book(*policies: Policy, grants: tuple[GroupGrant, ...] = (), **more: Any) -> RuleBook:
    """Return a rule book with these policies and grants of the group `crew`."""
    groups = {"crew": Group(id="crew", name="Crew", grants=grants)}
    by_id = {each.id: each for each in policies}
    return RuleBook(**{"fallback": FALLBACK, "policies": by_id, "groups": groups, "types": TYPES, **more})
