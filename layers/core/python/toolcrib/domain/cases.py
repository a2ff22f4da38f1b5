"""Cases: something a person must sort out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import field

from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Repair
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.upkeep import Condition

MOST_ENTRIES = 50  # of one case's history: beyond that it is not a case but a conversation


class CaseKind(StrEnum):
    """What happened; each has its own words (functions/notices)."""

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
    DISPUTED = "disputed"
    LOST = "lost"
    MISPLACED = "misplaced"
    TERMS_DECLINED = "terms_declined"
    COUNTERSIGNATURE = "countersignature"
    SHORTAGE = "shortage"
    LOW_CHARGE = "low_charge"
    OFFLINE_CONFLICT = "offline_conflict"
    OFFLINE_STRANGER = "offline_stranger"
    NOT_ENTITLED = "not_entitled"
    DOUBLE_SEEN = "double_seen"


class CaseState(StrEnum):
    """Open until a person, or the event it waited for, resolves it."""

    OPEN = "open"
    RESOLVED = "resolved"


class CaseEntry(Record, frozen=True, kw_only=True):
    """Something that was done about a case while it was open: by whom (a principal), when, and what they wrote."""

    at: datetime
    by: str
    what: str
    note: str | None = None


class Case(Record, frozen=True, kw_only=True):
    """`id` is derived from what caused it, so that a repeat can open no second one.

    `waiting` are the assets that became unconfirmed with it; it answers itself once the last of them is settled.
    `severity` is that of a fault, `answers` are what somebody was asked about it. `evidence` is what it rests on,
    `owner` the person who sees to it, `history` what was done about it since. `effect` is what its resolution did to
    custody: the move that was stated with it, or None where it moved nothing. `repair` is what tags propose.
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
    severity: Condition | None = None
    answers: Mapping[str, str | bool | int] = field(default_factory=dict)
    evidence: Evidence | None = None
    repair: Repair | None = None
    owner: str | None = None
    history: tuple[CaseEntry, ...] = ()
    resolution: str | None = None
    effect: str | None = None
    note: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    version: int = 1


def noted(case: Case, entry: CaseEntry) -> Case:
    """Return an open case with one more entry; raises `Conflict` for one that is over, or full."""
    if case.state is not CaseState.OPEN:
        raise Conflict(code="already_resolved", detail=f"this case was resolved as {case.resolution}")
    if len(case.history) >= MOST_ENTRIES:
        raise Conflict(
            code="history_full", detail=f"{MOST_ENTRIES} entries are on record", advice="Resolve it, or open a ticket."
        )
    return replace(case, history=(*case.history, entry), version=case.version + 1)


def answered(case: Case, *, resolution: str, by: str, at: datetime, note: str | None, effect: str | None) -> Case:
    """Return a case as a person resolves it; whatever still waited for it waits no longer."""
    return replace(
        case,
        state=CaseState.RESOLVED,
        resolution=resolution,
        note=note,
        effect=effect,
        waiting=(),
        resolved_at=at,
        resolved_by=by,
    )


def settled(case: Case, asset: str) -> Case:
    """Return the case as one asset less waits for it; it may be resolved once none does."""
    return replace(case, waiting=tuple(each for each in case.waiting if each != asset), version=case.version + 1)
