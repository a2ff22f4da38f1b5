"""Row 9: how many things a person may have at once."""

from collections.abc import Iterator

from toolcrib.domain.ids import loan_of
from toolcrib.domain.judges.access import covers, granted
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.matching import Limit, limits, ranked
from toolcrib.domain.people import GroupGrant, Holding
from toolcrib.domain.record import Record
from toolcrib.domain.rulebook import RuleBook, Subject


class Counted(Record, frozen=True, kw_only=True):
    """A limit with what it was compared with; `kind` as in `Limit`, or `grant`: of what a group grants."""

    kind: str
    most: int
    count: int
    detail: str


def allowance(subject: Subject, book: RuleBook) -> Finding:
    """Row 9: loans and live take-grants stay below every limit; where several are reached the lowest is named."""
    counted = sorted((*_by_policies(subject, book), *_by_grants(subject, book)), key=lambda each: each.most)
    reached = next((each for each in counted if each.count >= each.most), None)
    if reached is None:
        return Finding(detail="; ".join(each.detail for each in counted) or "no limit applies")
    return Finding(
        code="allowance_reached",
        detail=reached.detail,
        says=f"allowance_reached.{reached.kind if reached.most else 'none'}",
        facts={"count": reached.count, "most": reached.most, "thing": subject.asset_type.name},
    )


def _by_policies(subject: Subject, book: RuleBook) -> Iterator[Counted]:
    """Yield the limits of the policies, which count in the whole org, or at the site that a policy names."""
    for limit in limits(ranked(subject, book)):
        held = (each for each in _loans(subject) if limit.site in {None, each.site})
        count = sum(1 for each in held if _falls_under(limit, each, subject, book))
        yield Counted(kind=limit.kind, most=limit.most, count=count, detail=_compared(limit, count, subject))


def _by_grants(subject: Subject, book: RuleBook) -> Iterator[Counted]:
    """Yield the limits of the grants that speak about this: each counts what it grants, where it grants it (row 4)."""
    for group, grant in granted(subject, book):
        if grant.most is not None:
            count = sum(1 for each in _loans(subject) if _granted_by(grant, each, book))
            detail = f"{count} of at most {grant.most} of what group {group.id} grants"
            yield Counted(kind="grant", most=grant.most, count=count, detail=detail)


def _loans(subject: Subject) -> Iterator[Holding]:
    """Yield the person's loans, pending ones included."""
    yield from (each for key, each in subject.person.holdings.items() if loan_of(key) is not None)


def _granted_by(grant: GroupGrant, holding: Holding, book: RuleBook) -> bool:
    kind = book.types.get(holding.type)
    category = kind.category if kind is not None else None
    return covers(grant, holding.type, category, site=holding.site, bank=holding.bank)


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
