"""Row 9: how many things a person may have at once."""

from toolcrib.domain.ids import loan_of
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.matching import Limit, limits, ranked
from toolcrib.domain.people import Holding
from toolcrib.domain.rulebook import RuleBook, Subject


def allowance(subject: Subject, book: RuleBook) -> Finding:
    """Row 9: loans and live take-grants stay below every limit; where several are reached the lowest is named."""
    counted = [(limit, _count(limit, subject, book)) for limit in limits(ranked(subject, book))]
    reached = next(((limit, count) for limit, count in counted if count >= limit.most), None)
    if reached is not None:
        limit, count = reached
        return Finding(
            code="allowance_reached",
            detail=_compared(limit, count, subject),
            says=f"allowance_reached.{limit.kind}",
            facts={"count": count, "most": limit.most, "thing": subject.asset_type.name},
        )
    return Finding(detail="; ".join(_compared(limit, count, subject) for limit, count in counted) or "no limit applies")


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
