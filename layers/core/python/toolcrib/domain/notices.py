"""Notices: messages to people; the record is the outbox (rules.md, *Late*)."""

from datetime import datetime
from enum import StrEnum

from toolcrib.domain.policies import To, Via
from toolcrib.domain.record import Record


class NoticeState(StrEnum):
    """`pending → sending → sent`, or `superseded`, `cancelled` (no longer true), `given_up` (72 h)."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    GIVEN_UP = "given_up"


UNDELIVERED = frozenset({NoticeState.PENDING, NoticeState.SENDING})


class Acted(Record, frozen=True, kw_only=True):
    """What somebody did about it last: a reaction (`reactions.py`), by which principal, when, and until when it holds.

    `op` is the operation, so that a repeat finds its own work.
    """

    reaction: str
    by: str
    at: datetime
    op: str
    until: datetime | None = None


class Posted(Record, frozen=True, kw_only=True):
    """Where a message is in Slack, so that it can be changed there: Slack's own ids of channel and message."""

    channel: str
    ts: str


class Notice(Record, frozen=True, kw_only=True):
    """One record per (loan, due version, step, occurrence, recipient), or per (case, recipient, via).

    A request to agree to a take (`authorisation`) has one per person asked.

    `recipient` is a person id, or a Slack channel for `to` = channel; addresses are looked up when sending.
    `person` is whose time or certification ends at `ends_at`, `about` which of it (`endings.py`).
    `period` is the day or the week that a digest of all there is tells of (`digests.py`).
    `step` is the ladder's offset as ISO 8601 duration, or the case's kind. `wake_at` is when the agenda looks again.
    `hold_until`: not to be sent before the sweeper lets it go (an alarm that a closed door makes needless).
    `digest` is the notice that it goes out in, `parts` are those that go out in this one.
    `reached` is who was told in the recipient's place. `posted` is its place in Slack; since `outdated_at` the message
    there no longer says how things are (`amending.py`).
    Of a mail: `delivered_at` and `read_at` as its provider says, `bounced` where it came back or was complained about.
    `stumbles` counts how often it broke who looked at it (`stumbling.py`).
    `attempts` counts tries to send it, the first of them at `first_tried_at`; `last_error` is a code, never an address.
    """

    id: str
    loan: str | None = None
    case: str | None = None
    authorisation: str | None = None
    person: str | None = None
    about: str | None = None
    ends_at: datetime | None = None
    period: str | None = None
    site: str | None = None
    due_version: int | None = None
    step: str
    occurrence: int = 0
    to: To
    recipient: str
    via: Via
    state: NoticeState = NoticeState.PENDING
    urgent: bool = False
    late: bool = False
    due_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    first_tried_at: datetime | None = None
    wake_at: datetime | None = None
    hold_until: datetime | None = None
    last_error: str | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    bounced: str | None = None
    acted: Acted | None = None
    reached: str | None = None
    digest: str | None = None
    parts: tuple[str, ...] = ()
    posted: Posted | None = None
    outdated_at: datetime | None = None
    stumbles: int = 0
    version: int = 1
