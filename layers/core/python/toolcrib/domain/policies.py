"""Policies, and the terms a loan is made under. Sites with their calendar stand here too, since rules read both."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum

from msgspec import field

from toolcrib.domain.evidence import Evidence
from toolcrib.domain.languages import ENGLISH
from toolcrib.domain.record import Record

COOLDOWN = timedelta(minutes=15)  # unless a site says otherwise: long enough for one round through the shop


class Closed(StrEnum):
    """What a closed moment at the end of the loan period does to it."""

    KEEP = "keep"
    END_OF_PREVIOUS_OPEN = "end_of_previous_open"
    START_OF_NEXT_OPEN = "start_of_next_open"


class Period(Record, frozen=True, kw_only=True):
    """A loan period: rolling (`after`), fixed local time (`until`), or end of shift. Exactly one is set."""

    after: timedelta | None = None
    until: time | None = None
    end_of_shift: bool = False


class Curfew(Record, frozen=True, kw_only=True):
    """A hard limit: clock time at the site (`at`) and/or a duration since taken (`after`); the earliest wins."""

    at: time | None = None
    after: timedelta | None = None


class Match(Record, frozen=True, kw_only=True):
    """What a policy is about; None means any."""

    asset_type: str | None = None
    category: str | None = None
    group: str | None = None
    site: str | None = None
    bank: str | None = None


class Allowance(Record, frozen=True, kw_only=True):
    """At most so many loans and live take-grants per person; None means unlimited, 0 means none."""

    type: int | None = None
    category: int | None = None
    total: int | None = None


class To(StrEnum):
    """Who a step tells (design.md, *Recipients of notices*)."""

    HOLDER = "holder"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    OWNER = "owner"
    CHANNEL = "channel"


class Via(StrEnum):
    """How a step tells them."""

    SLACK = "slack"
    EMAIL = "email"


class Repeat(Record, frozen=True, kw_only=True):
    """Say it again `every` so long, `until` so long after the first time."""

    every: timedelta
    until: timedelta


class Step(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One rung of the ladder; `offset` counts from the due time, negative is before.

    It is there for things whose replacement value is `min_value` or more.
    """

    offset: timedelta
    to: To
    via: Via
    repeat: Repeat | None = None
    urgent: bool = False
    min_value: int = 0


class Renewals(Record, frozen=True, kw_only=True, omit_defaults=True):
    """How often a loan may be renewed, and how long before it is due at the earliest; None means at any time."""

    max: int = 0
    window: timedelta | None = None


class Recall(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What a holder keeps when a loan is called back: `notice` from now, `guaranteed_minimum` since it was taken."""

    notice: timedelta = timedelta(days=1)
    guaranteed_minimum: timedelta = timedelta()


class LateReturns(Record, frozen=True, kw_only=True):
    """So many late returns (`count`) `within` so long stop a person from taking for the `suspension`."""

    count: int
    within: timedelta
    suspension: timedelta


class Blocks(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What stops a person from taking by itself: a loan overdue for longer than this, or late returns."""

    overdue_after: timedelta | None = None
    late_returns: LateReturns | None = None


class Moment(StrEnum):
    """When others have to be there."""

    TAKE = "take"
    RETURN = "return"


class Authorisers(Record, frozen=True, kw_only=True, omit_defaults=True):
    """How many others have to agree, never the taker; each from `group`, where one is named."""

    count: int = 0
    group: str | None = None
    on: tuple[Moment, ...] = (Moment.TAKE,)


class Hours(Record, frozen=True, kw_only=True):
    """From `opens` to `closes`, local time; `closes` at or before `opens` means past midnight."""

    opens: time
    closes: time


Week = Mapping[str, tuple[Hours, ...]]
"""Hours by ISO weekday, "1" to "7"; a weekday without an entry has none, and an empty week means always."""


class Terms(Record, frozen=True, kw_only=True):
    """What a loan is made under, as a snapshot: later edits of the policy do not touch it.

    `min_evidence` is the strictest of all policies that matched, for its return; the type's own stands beside it.
    `countersign` are the others whom its return needs, of all policies that matched. With `prompt` people are told
    within seconds of each step, because its type is worth that.
    """

    policy: str
    policy_revision: int = 1
    period: Period
    curfew: Curfew = field(default_factory=Curfew)
    closed: Closed = Closed.KEEP
    grace: timedelta = timedelta()
    ladder: tuple[Step, ...] = ()
    renewals: Renewals = field(default_factory=Renewals)
    recall: Recall = field(default_factory=Recall)
    blocks: Blocks = field(default_factory=Blocks)
    lost_after: timedelta | None = None
    min_evidence: Evidence | None = None
    countersign: tuple[Authorisers, ...] = ()
    prompt: bool = False


class Policy(Record, frozen=True, kw_only=True):
    """Rules for whatever `match` names. Terms come from the most specific match, limits from all (rules.md).

    `lost_after` counts from the due time. The limits are `allowance`, `schedule`, `min_evidence`, `authorisers` and
    `second_factor`; all else are terms.
    """

    id: str
    name: str = ""
    match: Match = field(default_factory=Match)
    priority: int = 100
    period: Period
    curfew: Curfew = field(default_factory=Curfew)
    closed: Closed = Closed.KEEP
    grace: timedelta = timedelta()
    allowance: Allowance = field(default_factory=Allowance)
    ladder: tuple[Step, ...] = ()
    renewals: Renewals = field(default_factory=Renewals)
    recall: Recall = field(default_factory=Recall)
    blocks: Blocks = field(default_factory=Blocks)
    lost_after: timedelta | None = None
    schedule: Week = field(default_factory=dict)
    min_evidence: Evidence | None = None
    authorisers: Authorisers = field(default_factory=Authorisers)
    second_factor: bool = False
    revision: int = 1


class Site(Record, frozen=True, kw_only=True):
    """A workplace.

    An empty week of `opening_hours` means always open. `supervisors` are person ids, `channel` a Slack channel,
    `language` is for whoever is not known. `cooldown` is how long somebody who was told something of the site is told
    nothing more that is not urgent; what comes meanwhile is one message.
    At `digest_at`, local time, they are told how things stand (`digests.py`).
    """

    id: str
    name: str
    time_zone: str
    opening_hours: Week = field(default_factory=dict)
    closed_days: tuple[date, ...] = ()
    supervisors: tuple[str, ...] = ()
    channel: str | None = None
    language: str = ENGLISH
    cooldown: timedelta = COOLDOWN
    digest_at: time | None = None
    revision: int = 1
