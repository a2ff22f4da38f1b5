"""Cases: something a person must sort out."""

from datetime import datetime
from enum import StrEnum

from toolcrib.domain.record import Record, replace


class CaseKind(StrEnum):
    """What happened; each has its own words in `send/wording`."""

    WRONG_ITEM = "wrong_item"
    UNKNOWN_TAG = "unknown_tag"
    UNEXPECTED_ITEM = "unexpected_item"
    WEAK_EVIDENCE = "weak_evidence"
    NOT_TAKEN = "not_taken"
    NOT_RETURNED = "not_returned"
    FORCED = "forced"
    LEFT_OPEN = "left_open"
    JAMMED = "jammed"
    UNRESOLVED = "unresolved"
    LATE_REPORT = "late_report"
    CONTRADICTION = "contradiction"
    REVOKED_BANK = "revoked_bank"
    REJECTED_REPORT = "rejected_report"
    SILENT_BANK = "silent_bank"
    SEQUENCE_GAP = "sequence_gap"
    CLOCK_SKEW = "clock_skew"
    TAMPER = "tamper"
    POWER = "power"
    UNKNOWN_BADGES = "unknown_badges"
    BADGE_ELSEWHERE = "badge_elsewhere"
    FAULT = "fault"
    CLAIMED_RETURNED = "claimed_returned"
    MISPLACED = "misplaced"


class CaseState(StrEnum):
    """Open until a person, or the event it waited for, resolves it."""

    OPEN = "open"
    RESOLVED = "resolved"


class Case(Record, frozen=True, kw_only=True):
    """`id` is derived from what caused it, so that a repeat can open no second one.

    `waiting` are the assets that became unconfirmed with it; it answers itself once the last of them is settled.
    """

    id: str
    kind: CaseKind
    state: CaseState = CaseState.OPEN
    opened_at: datetime
    site: str | None = None
    asset: str | None = None
    person: str | None = None
    loan: str | None = None
    bank: str | None = None
    door: int | None = None
    grant: str | None = None
    waiting: tuple[str, ...] = ()
    detail: str = ""
    resolution: str | None = None
    note: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    version: int = 1


def settled(case: Case, asset: str) -> Case:
    """Return the case as one asset less waits for it; it may be resolved once none does."""
    return replace(case, waiting=tuple(each for each in case.waiting if each != asset), version=case.version + 1)
