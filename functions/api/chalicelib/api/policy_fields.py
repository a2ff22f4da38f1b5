"""A policy as the API writes it."""

from datetime import timedelta
from typing import Annotated, Final

import msgspec

from chalicelib.api.weeks import WeekFields
from chalicelib.web.fields import Clock, Id, Short, Value
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ladder import MAX_STEPS
from toolcrib.domain.policies import Closed, Moment, To, Via

END_OF_SHIFT: Final = "end_of_shift"
ZERO: Final = timedelta()
RIGHT_PERIOD: Final = 'a duration like PT8H or P1D (no weeks, months or years), end_of_shift, or {"until": "17:30"}'

Most = Annotated[int, msgspec.Meta(ge=0, le=10_000, description="0 allows none; absent means unlimited.")]
PeriodText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(P[0-9DTHMS.]+|end_of_shift)$(?!\n)",
        max_length=32,
        description="A duration without months or years, `PT8H`, or `end_of_shift`.",
        extra={"right": RIGHT_PERIOD},
    ),
]


class Strict(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Base of what is nested in a policy."""


class MatchFields(Strict, kw_only=True, frozen=True):
    """What a policy is about: whatever is named must fit. Naming nothing makes it the fallback."""

    asset_type: Id | None = None
    category: Short | None = None
    group: Id | None = None
    site: Id | None = None
    bank: Id | None = None


class Until(Strict, kw_only=True, frozen=True):
    """A loan period that ends at a fixed local time of the site."""

    until: Clock


class CurfewFields(Strict, kw_only=True, frozen=True):
    """Hard limits: a clock time at the site, a duration since taken, or both; the earliest wins."""

    at: Clock | None = None
    after: timedelta | None = None


class AllowanceFields(Strict, kw_only=True, frozen=True):
    """How many loans a person may have at once: of the type, of its category, in total."""

    type: Most | None = None
    category: Most | None = None
    total: Most | None = None


class RepeatFields(Strict, kw_only=True, frozen=True):
    """Say it again `every` so long, `until` so long after the first time."""

    every: timedelta
    until: timedelta


class StepFields(Strict, kw_only=True, frozen=True):
    """One rung of the ladder; `offset` counts from the due time, negative is before.

    It is there for types whose `replacement_value` is `min_value` or more.
    """

    offset: timedelta
    to: To
    via: Via
    repeat: RepeatFields | None = None
    urgent: bool = False
    min_value: Value = 0


class RenewalsFields(Strict, kw_only=True, frozen=True):
    """How often a loan may be renewed, and how long before it is due at the earliest (absent: at any time)."""

    max: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    window: timedelta | None = None


class RecallFields(Strict, kw_only=True, frozen=True):
    """What a holder keeps when a loan is called back: `notice` from then, `guaranteed_minimum` since it was taken."""

    notice: timedelta = timedelta(days=1)
    guaranteed_minimum: timedelta = ZERO


class LateReturnsFields(Strict, kw_only=True, frozen=True):
    """So many late returns `within` so long stop a person from taking for the `suspension`."""

    count: Annotated[int, msgspec.Meta(ge=1, le=20)]
    within: timedelta
    suspension: timedelta


class BlocksFields(Strict, kw_only=True, frozen=True):
    """What stops a person from taking by itself: a loan overdue for longer than `overdue_after`, or late returns."""

    overdue_after: timedelta | None = None
    late_returns: LateReturnsFields | None = None


class AuthorisersFields(Strict, kw_only=True, frozen=True):
    """How many others have to agree, each from `group` where one is named, on taking, on returning or on both."""

    count: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    group: Id | None = None
    on: Annotated[tuple[Moment, ...], msgspec.Meta(min_length=1, max_length=2)] = (Moment.TAKE,)


class PolicyFields(Strict, kw_only=True, frozen=True):
    """What can be set of a policy. Of two that match equally well the lower `priority` wins.

    `schedule` gives weekdays their windows, `{"mon": [["08:00", "12:00"], ["22:00", "06:00"]]}`, in the site's local
    time; a window that ends at or before it begins runs past midnight, a weekday that is not named has none, and the
    site's closed days have none either. Without any, things may be taken at any time. Schedule, `allowance`,
    `min_evidence`, `authorisers` and `second_factor` hold with those of all policies that match; the rest are terms,
    of the one that fits best. `lost_after` counts from the due time.
    """

    name: Short = ""
    match: MatchFields = MatchFields()
    priority: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 100
    loan_period: PeriodText | Until
    curfew: CurfewFields = CurfewFields()
    closed: Closed = Closed.KEEP
    grace: timedelta = ZERO
    allowance: AllowanceFields = AllowanceFields()
    ladder: Annotated[tuple[StepFields, ...], msgspec.Meta(max_length=MAX_STEPS)] = ()
    renewals: RenewalsFields = RenewalsFields()
    recall: RecallFields = RecallFields()
    blocks: BlocksFields = BlocksFields()
    lost_after: timedelta | None = None
    schedule: WeekFields = {}
    min_evidence: Evidence | None = None
    authorisers: AuthorisersFields = AuthorisersFields()
    second_factor: bool = False


class PolicyView(PolicyFields, kw_only=True, frozen=True):
    """A policy; `revision` counts from 1, by one with every change."""

    id: str
    revision: int
