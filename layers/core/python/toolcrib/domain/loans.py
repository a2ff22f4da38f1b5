"""Loans: one person's custody of one asset, from taken to returned."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import field

from toolcrib.domain.doors import GrantState
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import InKit
from toolcrib.domain.policies import Terms
from toolcrib.domain.questions import Answers
from toolcrib.domain.record import Record


class LoanState(StrEnum):
    """`pending → open → closed`, or `void`; a late report may still turn `void` into `open`."""

    PENDING = "pending"
    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


class Recalled(Record, frozen=True, kw_only=True):
    """That a loan was called back, once: when, by which principal, why in their words, and what it was due before."""

    at: datetime
    by: str
    due_before: datetime
    reason: str | None = None


class Handover(Record, frozen=True, kw_only=True):
    """That a loan's holder wants somebody else to take it over: `to` whom, until when, in which condition it is.

    `id` is the operation that asked for it, `by` the principal. It falls away with its loan.
    """

    id: str
    to: str
    by: str
    at: datetime
    expires_at: datetime
    condition: str


class Quiet(Record, frozen=True, kw_only=True):
    """What somebody who was told asked for: no step before `until` (acknowledged), later steps `moved` (snoozed)."""

    until: datetime | None = None
    moved: timedelta = timedelta()


class Loan(Record, frozen=True, kw_only=True):
    """`id` is the id of the grant that began it; `grants` remembers every grant that named it, forever.

    Of a `kit` that is so for the loan of the first part; those of the others are derived from it (`ids.part_loan`).

    `terms` is a snapshot: no rule change rewrites it (rules.md, law 3). `next_step` is the ladder's cursor:
    the moment at which the sweeper has to look at this loan again, or None.
    `valid_until` is the person's own end, a hard limit of the due time; `shift_end` that of their running shift, where
    the loan period is the shift. `proofs` is what the taken event says of how the take passed its rules.
    `excused` is how much of the time since it was due its bank could take nothing back: so much later does it count as
    late. `tried` are other banks at which its holder found no room for it. `lost_at` is when it was given up as lost.
    `take_answers` and `return_answers` are what was said at a screen; `return_proofs` is what the event of its return
    says of that.
    `paused_until`: notices to the holder wait until then (a case says the holder may be innocent).
    `noted_until`: every ladder step up to this moment has its records; those to the holder, where a pause holds
    them back, only up to `holder_noted_until`. `quiet` is what was asked of the whole ladder, `holder_quiet` of the
    steps to its holder; both end with the due version.
    `by` is who took it for the person, where that was somebody else. `handover` is the last request to hand it over;
    `handed_from` and `handed_to` are the loans before and after it. What was handed over was taken from no door: its
    `door` is 0.
    """

    id: str
    asset: str
    type: str
    person: str
    by: str | None = None
    site: str
    bank: str
    door: int
    state: LoanState
    authorised_at: datetime
    taken_at: datetime | None = None
    due_at: datetime
    due_why: str = "loan_period"
    due_version: int = 1
    returned_at: datetime | None = None
    return_bank: str | None = None
    return_door: int | None = None
    evidence: Evidence | None = None
    return_evidence: Evidence | None = None
    renewals: int = 0
    recalled: Recalled | None = None
    handover: Handover | None = None
    handed_from: str | None = None
    handed_to: str | None = None
    kit: InKit | None = None
    grants: Mapping[str, GrantState] = field(default_factory=dict)
    terms: Terms
    valid_until: datetime | None = None
    proofs: Mapping[str, str] = field(default_factory=dict)
    shift_end: datetime | None = None
    take_answers: Answers = field(default_factory=dict)
    return_answers: Answers = field(default_factory=dict)
    return_proofs: Mapping[str, str] = field(default_factory=dict)
    excused: timedelta = timedelta()
    tried: tuple[str, ...] = ()
    lost_at: datetime | None = None
    paused_until: datetime | None = None
    next_step: datetime | None = None
    noted_until: datetime | None = None
    holder_noted_until: datetime | None = None
    quiet: Quiet | None = None
    holder_quiet: Quiet | None = None
    version: int = 1

    @property
    def begun_by(self) -> str:
        """The grant that began it."""
        return self.id if self.kit is None else self.kit.grant

    @property
    def parts(self) -> tuple[str, ...]:
        """The loans that one grant began together with it, itself among them."""
        return (self.id,) if self.kit is None else tuple(part.loan for part in self.kit.parts if part.loan is not None)

    @property
    def late_after(self) -> datetime:
        """Past this moment it counts as late for every consequence: due plus grace and what is excused (rules.md)."""
        return self.due_at + self.terms.grace + self.excused

    @property
    def blocks_from(self) -> datetime | None:
        """Past this moment its holder may take nothing while it is out, by the terms it was made under; None: never."""
        after = self.terms.blocks.overdue_after
        return None if after is None else self.late_after + after

    @property
    def returned_late(self) -> bool:
        """Whether it is over and was back too late."""
        return self.returned_at is not None and self.returned_at > self.late_after

    def overdue(self, now: datetime) -> bool:
        """Derived, never stored: open and past due plus grace (rules.md, *Late*)."""
        return self.state is LoanState.OPEN and now > self.late_after
