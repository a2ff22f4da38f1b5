"""Rows 10 and 11: nobody can book or wait for a thing yet, so nothing is reserved or held for another."""

from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.rulebook import RuleBook, Subject


def reservation(_: Subject, __: RuleBook) -> Finding:
    """Row 10: no booking overlaps the loan that this would become."""
    return Finding(detail="none")


def queue(_: Subject, __: RuleBook) -> Finding:
    """Row 11: nobody else is waiting for it."""
    return Finding(detail="none")
