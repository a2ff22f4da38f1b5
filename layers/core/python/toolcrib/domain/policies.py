"""Policies, and the terms a loan is made under. Sites with their calendar stand here too, since rules read both."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum

from msgspec import field

from toolcrib.domain.record import Record


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


class Step(Record, frozen=True, kw_only=True):
    """One rung of the ladder; `offset` counts from the due time, negative is before."""

    offset: timedelta
    to: To
    via: Via
    repeat: Repeat | None = None
    urgent: bool = False


class Terms(Record, frozen=True, kw_only=True):
    """What a loan is made under, as a snapshot: later edits of the policy do not touch it."""

    policy: str
    policy_revision: int = 1
    period: Period
    curfew: Curfew = field(default_factory=Curfew)
    closed: Closed = Closed.KEEP
    grace: timedelta = timedelta()
    ladder: tuple[Step, ...] = ()


class Policy(Record, frozen=True, kw_only=True):
    """Rules for whatever `match` names. Terms come from the most specific match, limits from all (rules.md)."""

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
    revision: int = 1


class Hours(Record, frozen=True, kw_only=True):
    """Open from `opens` to `closes`, local time; `closes` at or before `opens` means past midnight."""

    opens: time
    closes: time


class Site(Record, frozen=True, kw_only=True):
    """A workplace.

    `opening_hours` maps ISO weekday 1..7 to its hours; a weekday without an entry is closed;
    an empty mapping means always open. `supervisors` are person ids, `channel` a Slack channel.
    """

    id: str
    name: str
    time_zone: str
    opening_hours: Mapping[str, tuple[Hours, ...]] = field(default_factory=dict)
    closed_days: tuple[date, ...] = ()
    supervisors: tuple[str, ...] = ()
    channel: str | None = None
    revision: int = 1
