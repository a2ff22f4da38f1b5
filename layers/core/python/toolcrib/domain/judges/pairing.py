"""Row 8: nothing is out that must not be out together with it."""

from toolcrib.domain.judges.finding import Fact, Finding
from toolcrib.domain.pairing import Pair, PairKind, partners
from toolcrib.domain.people import Holding
from toolcrib.domain.rulebook import RuleBook, Subject


def pairing(subject: Subject, book: RuleBook) -> Finding:
    """Row 8: the person holds nothing that excludes it (exclusive), and what locks it is in (lockout)."""
    if not book.pairs:
        return Finding(detail="nothing is paired")
    exclusive = (_exclusive(pair, subject, book) for pair in book.pairs.values())
    found = next((finding for finding in exclusive if finding is not None), None) or _locked_out(subject, book)
    return found or Finding(detail="nothing it is paired with is out")


def _exclusive(pair: Pair, subject: Subject, book: RuleBook) -> Finding | None:
    if not pair.active or pair.kind is not PairKind.EXCLUSIVE:
        return None
    wanted = pair.sides(subject.asset_type)
    other = next((held for held in subject.person.holdings.values() if _excludes(pair, held, wanted, book)), None)
    if other is None:
        return None
    detail = f"{other.asset} is held, and pair {pair.id} excludes {subject.asset_type.id}"
    return _conflict(PairKind.EXCLUSIVE, subject, detail, other.name)


def _excludes(pair: Pair, held: Holding, wanted: frozenset[str], book: RuleBook) -> bool:
    """Whether what is held is on another side of the pair than what is wanted."""
    kind = book.types.get(held.type)
    return kind is not None and any(mine != theirs for mine in wanted for theirs in pair.sides(kind))


def _locked_out(subject: Subject, book: RuleBook) -> Finding | None:
    if subject.content is None:
        return None
    for other in sorted(partners(book.pairs.values(), subject.content.asset)):
        where = book.whereabouts.get(other)
        if where is None or not where.is_in:
            detail = f"{other} is out, or may be, and locks {subject.content.asset}"
            return _conflict(PairKind.LOCKOUT, subject, detail, other if where is None else where.name)
    return None


def _conflict(kind: PairKind, subject: Subject, detail: str, other: str) -> Finding:
    thing = subject.asset_type.name if subject.content is None else subject.content.name
    facts: dict[str, Fact] = {"thing": thing, "other": other}
    return Finding(code="pair_conflict", detail=detail, says=f"pair_conflict.{kind}", facts=facts)
