"""People, their badges and groups."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import field

from toolcrib.domain.agreements import Acceptance
from toolcrib.domain.authorisers import Agreeing
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.languages import ENGLISH
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import Record


class BadgeState(StrEnum):
    """A revoked badge is nobody's."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Badge(Record, frozen=True, kw_only=True):
    """A card or fob, known only by its keyed hash (`id` = `{key version}.{hash}`).

    `format` is how its number was written when it was registered; `revision` counts registrations and revocations.
    """

    id: str
    person: str
    state: BadgeState = BadgeState.ACTIVE
    format: str = "hex"
    created_at: datetime | None = None
    revoked_at: datetime | None = None
    revision: int = 1


class Holding(Record, frozen=True, kw_only=True):
    """What a person's profile says about one of their loans, so that a tap needs no further read.

    `state` is `pending` (authorised, not yet removed), `open`, or `unconfirmed` (last seen with this person).
    `until` is the due time, or for a pending loan the moment its grant expires. `renew_from` is when it may be renewed
    at the earliest, as far as the loan itself tells; None for never. Past `blocks_from` a loan that is still out stops
    its holder from taking; `lost_since` it is declared lost, which does so at once (rules.md, row 3). `kit` is the one
    that it went out with.
    """

    asset: str
    type: str
    name: str
    tag: str | None = None
    state: str
    bank: str
    door: int
    site: str
    since: datetime
    until: datetime
    evidence: Evidence | None = None
    countersign: tuple[Authorisers, ...] = ()
    renew_from: datetime | None = None
    blocks_from: datetime | None = None
    lost_since: datetime | None = None
    kit: str | None = None


class LastTake(Record, frozen=True, kw_only=True):
    """Where and when a badge last took something, for rule 2 (`badge_elsewhere`)."""

    site: str
    at: datetime


class LastReturn(Record, frozen=True, kw_only=True):
    """The last return that only a door told of, so that the person may still say that they put nothing in.

    `more` are the other parts of a kit that came back with it, by loan.
    """

    loan: str
    bank: str
    door: int
    at: datetime
    holding: Holding
    more: Mapping[str, Holding] = field(default_factory=dict)


class Shift(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A stretch of work, from `starts` up to but not including `ends`, that makes its person one of `groups`."""

    starts: datetime
    ends: datetime
    groups: tuple[str, ...] = ()


class Certification(Record, frozen=True, kw_only=True):
    """What somebody has learned, up to but not including `valid_until`; None means for good."""

    valid_until: datetime | None = None


class ManualBlock(Record, frozen=True, kw_only=True):
    """Somebody (`by`) said that a person may take nothing, and why; up to `until`, or until it is lifted."""

    since: datetime
    by: str
    reason: str
    until: datetime | None = None


class PinStanding(Record, frozen=True, kw_only=True):
    """What a profile says of a person's PIN, so that a tap needs no further read; the PIN is an item of its own.

    None stands for someone who never had one, as the defaults do.

    `must_change`: somebody else set it. `kiosk_until`: until then its owner may set one at a screen with the badge.
    """

    is_set: bool = False
    must_change: bool = False
    kiosk_until: datetime | None = None


class Override(Record, frozen=True, kw_only=True):
    """Somebody (`by`) lets a person take one thing in spite of one refuse code, once, before `until` (rules.md).

    It is for a type or one asset, at one bank or at the banks of a site. The free text of why stays here and goes with
    it; its hash is for ever.
    """

    code: str
    by: str
    reason: str
    reason_sha256: str
    since: datetime
    until: datetime
    asset_type: str | None = None
    asset: str | None = None
    bank: str | None = None
    site: str | None = None


class QuietHours(Record, frozen=True, kw_only=True):
    """When not to disturb somebody, `HH:MM` on their site's clocks; past midnight where it ends before it begins."""

    begins: str = field(name="from")
    ends: str = field(name="to")


class MailStop(Record, frozen=True, kw_only=True):
    """Since when, and why (`bounced`, `complained`), no mail goes to somebody's address (`feedback.py`)."""

    why: str
    at: datetime


class PersonKind(StrEnum):
    """Somebody with a name, or an account that several people borrow for."""

    PERSON = "person"
    TEAM = "team"


MOST_BORROWERS = 5  # accounts that one person borrows for: each is read at their tap
MOST_RETURNED_FOR = 20  # accounts that one person still returns for; the latest stay


class Told(Record, frozen=True, kw_only=True):
    """Of what ends at `ends_at` everything up to `upto` was told."""

    ends_at: datetime
    upto: datetime


class Person(Record, frozen=True, kw_only=True):
    """Someone who may borrow. `version` counts every change, also of holdings.

    `holdings` maps loan id → holding; what was last seen with them and is on no loan stands under `ids.last_seen`.
    `blocks` are those that somebody gave, by id; the automatic ones follow from `holdings` and from `late_returns`, the
    moments at which something came back late.
    `overrides` are those not used yet, by id; `permissions` is what this person may do for others (`override:...`).
    Out of office until `absent_until`, what they would be told goes to their `delegate`. In `quiet_hours`, and on other
    than `working_days` (`mon` to `sun`; empty means any) they are told what is urgent only. Of what
    is told once a day or week they do not get what they have `unsubscribed` from (`digests.KINDS`).
    `told` is up to where which end was told of (`endings.py`).
    `shifts` come from rosters, in order; `rosters.groups_of` says which groups a person belongs to at a moment.
    `acceptances` maps an agreement's id to what was accepted of it last. `asked` are requests
    to others to agree to a take, by id, `spent` the sessions in which others agreed and that were used for a grant.
    `borrows_for` are accounts, a team's or another person's, that they may take things for in their place;
    `returns_for` are those they no longer do that for and that had something when it ended: it may still come back by
    their hand (rules.md, law 1).
    """

    id: str
    name: str
    kind: PersonKind = PersonKind.PERSON
    email: str | None = None
    groups: tuple[str, ...] = ()
    manager: str | None = None
    site: str | None = None
    language: str = ENGLISH
    slack_id: str | None = None
    active: bool = True
    frozen_at: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    certifications: Mapping[str, Certification] = field(default_factory=dict)
    permissions: tuple[str, ...] = ()
    borrows_for: tuple[str, ...] = ()
    returns_for: tuple[str, ...] = ()
    holdings: Mapping[str, Holding] = field(default_factory=dict)
    last_take: LastTake | None = None
    last_return: LastReturn | None = None
    shifts: tuple[Shift, ...] = ()
    acceptances: Mapping[str, Acceptance] = field(default_factory=dict)
    blocks: Mapping[str, ManualBlock] = field(default_factory=dict)
    late_returns: tuple[datetime, ...] = ()
    pin: PinStanding | None = None
    asked: Mapping[str, Agreeing] = field(default_factory=dict)
    spent: Mapping[str, datetime] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)
    absent_until: datetime | None = None
    delegate: str | None = None
    quiet_hours: QuietHours | None = None
    working_days: tuple[str, ...] = ()
    unsubscribed: tuple[str, ...] = ()
    mail_stopped: MailStop | None = None
    version: int = 1


def entitled(person: Person, at: datetime) -> bool:
    """Whether a person may take anything at all at this moment (rules.md, row 1)."""
    begun = person.valid_from is None or at >= person.valid_from
    return person.active and begun and (person.valid_until is None or at < person.valid_until)


class GroupGrant(Record, frozen=True, kw_only=True):
    """What members may take (`asset_types` or `categories`) and where (`sites` or `banks`); empty means any.

    At most `most` of it at once each, counting loans and live take-grants; None means unlimited, 0 means none.
    """

    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    most: int | None = None


class Group(Record, frozen=True, kw_only=True):
    """People who may take the same things."""

    id: str
    name: str
    grants: tuple[GroupGrant, ...] = ()
    revision: int = 1
