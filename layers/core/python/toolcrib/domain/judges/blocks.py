"""Row 3: nothing stops this person from taking."""

from toolcrib.domain.blocking import Block, BlockKind, standing
from toolcrib.domain.judges.finding import Fact, Finding
from toolcrib.domain.matching import ranked
from toolcrib.domain.rulebook import RuleBook, Subject

_AT = "%Y-%m-%dT%H:%M:%SZ"


def blocks(subject: Subject, book: RuleBook) -> Finding:
    """Row 3: no block stands, as the terms of this take have it; the first of several is what the person reads."""
    policy = ranked(subject, book)[0]
    late = policy.blocks.late_returns
    found = standing(subject.person, subject.at, {} if late is None else {policy.id: late})
    if not found:
        return Finding(detail="nothing blocks the person")
    first = found[0]
    open_ended = first.kind is BlockKind.MANUAL and first.until is None
    return Finding(
        code="blocked",
        detail="; ".join(map(_compared, found)),
        says="blocked.manual_open" if open_ended else f"blocked.{first.kind}",
        facts=_facts(first),
    )


def _compared(block: Block) -> str:
    """Return `overdue since 2026-11-20T09:00:00Z (loan x), lifts when returned`."""
    about = f" (loan {block.loan})" if block.loan else f" (policy {block.policy})" if block.policy else ""
    lifts = f"lifts at {block.until:{_AT}}" if block.until else f"lifts when {block.lifts_when.replace('_', ' ')}"
    return f"{block.kind} since {block.since:{_AT}}{about}, {lifts}"


def _facts(block: Block) -> dict[str, Fact]:
    thing: dict[str, Fact] = {} if block.holding is None else {"thing": block.holding.name}
    return thing if block.until is None else {**thing, "until": block.until}
