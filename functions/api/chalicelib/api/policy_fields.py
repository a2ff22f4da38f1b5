"""A policy as the API writes it."""

from datetime import timedelta
from typing import Annotated, Final

import msgspec

from chalicelib.web.fields import Clock, Id, Short
from toolcrib.domain.ladder import MAX_STEPS
from toolcrib.domain.policies import Closed, To, Via

END_OF_SHIFT: Final = "end_of_shift"
ZERO: Final = timedelta()

Most = Annotated[int, msgspec.Meta(ge=0, le=10_000, description="0 allows none; absent means unlimited.")]
PeriodText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(P[0-9DTHMS.]+|end_of_shift)$(?!\n)",
        max_length=32,
        description="A duration without months or years, `PT8H`, or `end_of_shift`.",
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
    """One rung of the ladder; `offset` counts from the due time, negative is before."""

    offset: timedelta
    to: To
    via: Via
    repeat: RepeatFields | None = None
    urgent: bool = False


class PolicyFields(Strict, kw_only=True, frozen=True):
    """What can be set of a policy. Of two that match equally well the lower `priority` wins."""

    name: Short = ""
    match: MatchFields = MatchFields()
    priority: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 100
    loan_period: PeriodText | Until
    curfew: CurfewFields = CurfewFields()
    closed: Closed = Closed.KEEP
    grace: timedelta = ZERO
    allowance: AllowanceFields = AllowanceFields()
    ladder: Annotated[tuple[StepFields, ...], msgspec.Meta(max_length=MAX_STEPS)] = ()


class PolicyView(PolicyFields, kw_only=True, frozen=True):
    """A policy."""

    id: str
