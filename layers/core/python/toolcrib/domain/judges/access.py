"""Row 4: somebody gave this person access to such things here."""

from collections.abc import Iterator

from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import Group, GroupGrant
from toolcrib.domain.rosters import groups_of
from toolcrib.domain.rulebook import RuleBook, Subject


def access(subject: Subject, book: RuleBook) -> Finding:
    """Row 4: one of the person's groups grants the type at this bank; without a grant nothing may be taken."""
    groups = _groups(subject, book)
    granting = next((group.id for group, _ in granted(subject, book)), None)
    what = f"{subject.asset_type.id} at {subject.bank}"
    if granting is None:
        compared = f"none of {len(groups)} groups grants {what}"
        return Finding(code="no_access", detail=compared, facts={"thing": subject.asset_type.name})
    return Finding(detail=f"group {granting} grants {what}")


def _groups(subject: Subject, book: RuleBook) -> list[Group]:
    """Return the groups that the person belongs to at the moment of asking."""
    return [book.groups[group] for group in groups_of(subject.person, subject.at) if group in book.groups]


def granted(subject: Subject, book: RuleBook) -> Iterator[tuple[Group, GroupGrant]]:
    """Yield each grant that speaks about the type at this bank, with its group."""
    for group in _groups(subject, book):
        yield from ((group, grant) for grant in group.grants if _grants(grant, subject))


def _grants(grant: GroupGrant, subject: Subject) -> bool:
    """Whether a grant covers what is asked for, where it is asked for."""
    kind = subject.asset_type
    return covers(grant, kind.id, kind.category, site=subject.site.id, bank=subject.bank)


def covers(grant: GroupGrant, kind: str, category: str | None, *, site: str, bank: str) -> bool:
    """Whether a grant is about things of a type and category at a place."""
    anything = not grant.asset_types and not grant.categories
    what = anything or kind in grant.asset_types or category in grant.categories
    anywhere = not grant.sites and not grant.banks
    return what and (anywhere or site in grant.sites or bank in grant.banks)
