"""The rules about taking, one function a row: from the question and the rule book to a finding (rules.md).

The number of each row, the order and what a finding means are in `rules.py`.
"""

from datetime import timedelta

from toolcrib.domain.ids import loan_of
from toolcrib.domain.matching import Limit, limits, ranked
from toolcrib.domain.people import BadgeState, GroupGrant, Holding
from toolcrib.domain.record import Record
from toolcrib.domain.rulebook import RuleBook, Subject

PLAUSIBLE_TRAVEL = timedelta(minutes=5)  # safety.md, threat 1: nobody gets from one site to another faster

_AT = "%Y-%m-%dT%H:%M:%SZ"


class Finding(Record, frozen=True, kw_only=True):
    """What a rule found: the refuse code, or None where it passes, and what was compared."""

    code: str | None = None
    detail: str


def person_active(subject: Subject, _: RuleBook) -> Finding:
    """Row 1: not disabled, and within from/until; `valid_until` itself is already too late."""
    person, at = subject.person, subject.at
    if not person.active:
        return Finding(code="person_frozen", detail="the person is not active")
    if person.valid_from is not None and at < person.valid_from:
        return Finding(code="person_not_yet_valid", detail=f"valid from {person.valid_from:{_AT}}, now {at:{_AT}}")
    if person.valid_until is not None and at >= person.valid_until:
        return Finding(code="person_expired", detail=f"valid until {person.valid_until:{_AT}}, now {at:{_AT}}")
    return Finding(detail="the person is active")


def badge_plausible(subject: Subject, _: RuleBook) -> Finding:
    """Row 2: the badge is this person's and active, and was not at another site just now."""
    badge, last = subject.badge, subject.person.last_take
    if badge is None:
        return Finding(detail="no badge was used")
    if badge.person != subject.person.id:
        return Finding(code="badge_unknown", detail="the badge is not this person's")
    if badge.state is BadgeState.REVOKED:
        return Finding(code="badge_revoked", detail="the badge is revoked")
    if last is not None and last.site != subject.site.id and abs(subject.at - last.at) < PLAUSIBLE_TRAVEL:
        apart, least = abs(subject.at - last.at).total_seconds(), PLAUSIBLE_TRAVEL.total_seconds()
        detail = f"at {subject.site.id} {apart:.0f} s from a take at {last.site}, at least {least:.0f} s are plausible"
        return Finding(code="badge_elsewhere", detail=detail)
    return Finding(detail="the badge is active")


def access(subject: Subject, book: RuleBook) -> Finding:
    """Row 4: one of the person's groups grants the type at this bank; without a grant nothing may be taken."""
    groups = [book.groups[group] for group in subject.person.groups if group in book.groups]
    granting = next((group.id for group in groups if any(_grants(grant, subject) for grant in group.grants)), None)
    what = f"{subject.asset_type.id} at {subject.bank}"
    if granting is None:
        return Finding(code="no_access", detail=f"none of {len(groups)} groups grants {what}")
    return Finding(detail=f"group {granting} grants {what}")


def allowance(subject: Subject, book: RuleBook) -> Finding:
    """Row 9: loans and live take-grants stay below every limit; where several are reached the lowest is named."""
    counted = [(limit, _count(limit, subject, book)) for limit in limits(ranked(subject, book))]
    reached = next(((limit, count) for limit, count in counted if count >= limit.most), None)
    if reached is not None:
        return Finding(code="allowance_reached", detail=_compared(*reached, subject))
    return Finding(detail="; ".join(_compared(limit, count, subject) for limit, count in counted) or "no limit applies")


def _grants(grant: GroupGrant, subject: Subject) -> bool:
    """Whether a grant covers the type (by id or category) and the place (by site or bank); naming none means any."""
    kind, anything = subject.asset_type, not grant.asset_types and not grant.categories
    what = anything or kind.id in grant.asset_types or kind.category in grant.categories
    anywhere = not grant.sites and not grant.banks
    return what and (anywhere or subject.site.id in grant.sites or subject.bank in grant.banks)


def _count(limit: Limit, subject: Subject, book: RuleBook) -> int:
    """Return how many of the person's loans, pending ones included, fall under `limit`."""
    loans = (each for key, each in subject.person.holdings.items() if loan_of(key) is not None)
    held = (each for each in loans if limit.site in {None, each.site})
    return sum(1 for each in held if _falls_under(limit, each, subject, book))


def _falls_under(limit: Limit, holding: Holding, subject: Subject, book: RuleBook) -> bool:
    """Whether a holding is of the same type or category as what is asked for; in total, everything is."""
    if limit.kind == "type":
        return holding.type == subject.asset_type.id
    if limit.kind == "category":
        kind = book.types.get(holding.type)
        return kind is not None and kind.category == subject.asset_type.category
    return True


def _compared(limit: Limit, count: int, subject: Subject) -> str:
    """Return what was compared: `2 of at most 2 of category tools at hq (policy tools-hq)`."""
    kinds = {"type": f"of type {subject.asset_type.id}", "category": f"of category {subject.asset_type.category}"}
    about = kinds.get(limit.kind, "in total") + (f" at {limit.site}" if limit.site else "")
    return f"{count} of at most {limit.most} {about} (policy {limit.policy})"
