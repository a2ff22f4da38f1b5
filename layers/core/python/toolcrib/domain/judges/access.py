"""Row 4: somebody gave this person access to such things here."""

from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import GroupGrant
from toolcrib.domain.rosters import groups_of
from toolcrib.domain.rulebook import RuleBook, Subject


def access(subject: Subject, book: RuleBook) -> Finding:
    """Row 4: one of the person's groups grants the type at this bank; without a grant nothing may be taken."""
    groups = [book.groups[group] for group in groups_of(subject.person, subject.at) if group in book.groups]
    granting = next((group.id for group in groups if any(_grants(grant, subject) for grant in group.grants)), None)
    what = f"{subject.asset_type.id} at {subject.bank}"
    if granting is None:
        compared = f"none of {len(groups)} groups grants {what}"
        return Finding(code="no_access", detail=compared, facts={"thing": subject.asset_type.name})
    return Finding(detail=f"group {granting} grants {what}")


def _grants(grant: GroupGrant, subject: Subject) -> bool:
    """Whether a grant covers the type (by id or category) and the place (by site or bank); naming none means any."""
    kind, anything = subject.asset_type, not grant.asset_types and not grant.categories
    what = anything or kind.id in grant.asset_types or kind.category in grant.categories
    anywhere = not grant.sites and not grant.banks
    return what and (anywhere or subject.site.id in grant.sites or subject.bank in grant.banks)
