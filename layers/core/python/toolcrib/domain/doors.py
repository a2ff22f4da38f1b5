"""Banks, their doors, and the grants that open a door once."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from toolcrib.domain.assets import SIZES, Asset
from toolcrib.domain.authorisers import Authoriser, Awaiting
from toolcrib.domain.credentials import Certified, Claim
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import Part
from toolcrib.domain.languages import ENGLISH
from toolcrib.domain.outages import Outage
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import Record
from toolcrib.domain.upkeep import Condition

OPEN_WINDOW_S = 15  # long enough to pull a handle, short enough that nobody else walks up
CLOSE_WINDOW_S = 60  # rules.md, *Doors*
COMMAND_LIFE = timedelta(seconds=30)  # design.md, `open`: exp ≤ 30 s after iat
RESIGN_LIMIT = timedelta(seconds=60)  # a second tap never moves exp past this after authorisation
REPORT_DEADLINE = timedelta(minutes=10)  # a grant without any report for so long is unresolved
JAMS_TO_QUARANTINE = 3
MAX_DOORS = 64
IN_REPAIR = "in_repair"  # why a door is not lendable: what it holds waits for the workshop
BANK_REVOKED = "bank_revoked"  # why a door is not lendable: nobody knows what happened inside meanwhile
QUARANTINED = "quarantined"  # why a door is not lendable: it is broken, or jams too often
UNRESOLVED = "unresolved"  # why a door is not lendable: nobody knows how its last grant ended
LASTING = frozenset({IN_REPAIR, BANK_REVOKED, QUARANTINED})  # reasons that doubt about the contents does not replace
MAX_SEQS = 64  # sequence numbers remembered per door between two gap checks


class Mode(StrEnum):
    """Whether the bank has a screen."""

    KIOSK = "kiosk"
    EXPRESS = "express"


class BankState(StrEnum):
    """`planned` until enrolled; a revoked bank has no effect online."""

    PLANNED = "planned"
    ACTIVE = "active"
    REVOKED = "revoked"


class Purpose(StrEnum):
    """What a grant is for."""

    TAKE = "take"
    RETURN = "return"
    SERVICE = "service"


class GrantState(StrEnum):
    """`issued → opened → used`, or `lapsed`, `failed`, `unresolved`; only the first two are live."""

    ISSUED = "issued"
    OPENED = "opened"
    USED = "used"
    LAPSED = "lapsed"
    FAILED = "failed"
    UNRESOLVED = "unresolved"


LIVE = frozenset({GrantState.ISSUED, GrantState.OPENED})


class Grant(Record, frozen=True, kw_only=True):
    """Permission to open one door once, for one purpose, until a moment.

    `id` is derived from the upload or request that asked for it; `expires_at` is the last signed `exp`.
    `asset` is what it is about; `loan` the loan it began (take) or means to close (return); `evidence` what the
    bank can see, at best. `given_up` says why it was ended without a report (its bank was revoked or enrolled anew),
    until asset, loan and case say so as well. `language` is the person's: what the door comes to is told in it.
    `demands` are the others who have to countersign a return, `signed` those who did so far. `kit` are the parts of a
    kit beside the first, each with its own loan.
    """

    id: str
    purpose: Purpose
    state: GrantState
    person: str | None = None
    asset: str | None = None
    loan: str | None = None
    authorised_at: datetime
    expires_at: datetime
    evidence: Evidence = Evidence.DOOR_ONLY
    boot: int | None = None
    by: str | None = None
    reason: str | None = None
    opened_at: datetime | None = None
    over_at: datetime | None = None
    given_up: str | None = None
    language: str = ENGLISH
    demands: tuple[Authorisers, ...] = ()
    signed: tuple[Authoriser, ...] = ()
    kit: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything it is about, the first first; nothing where it is about no certain thing."""
        return () if self.asset is None else (Part(asset=self.asset, loan=self.loan), *self.kit)

    @property
    def live(self) -> bool:
        """Whether the door may still be opened or closed by it."""
        return self.state in LIVE


SUMMARISED: Final = (
    *("type", "name", "tag", "condition", "lent", "lent_at"),
    *("serviced_at", "serviced_lent", "charge", "charge_at"),
)
"""What a door repeats of an asset that lies in it."""


class Content(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What a door holds, as much as a tap needs to know about it without another read; as its asset says it."""

    asset: str
    type: str
    name: str
    tag: str | None = None
    since: datetime
    condition: Condition = Condition.OK
    lent: int = 0
    lent_at: datetime | None = None
    serviced_at: datetime | None = None
    serviced_lent: int = 0
    charge: int | None = None
    charge_at: datetime | None = None

    @classmethod
    def of(cls, asset: Asset, since: datetime) -> "Content":
        """Return what a door says of an asset that lies in it since a moment."""
        return cls(asset=asset.id, since=since, **{name: getattr(asset, name) for name in SUMMARISED})


class Door(Record, frozen=True, kw_only=True):
    """One compartment. It is the lock on what is inside it: its `grant` is the only thing in flight.

    `unlendable` says why nothing may be taken from it (quarantine, an unresolved grant, revoked bank), else None.
    `seqs` are (boot, seq) of reports applied here since the last gap check.
    """

    bank: str
    number: int
    size: str = "M"
    features: tuple[str, ...] = ()
    capacity: int = 1
    contents: tuple[Content, ...] = ()
    grant: Grant | None = None
    unlendable: str | None = None
    awaits: Awaiting | None = None
    physical: str = "closed"
    jams: tuple[datetime, ...] = ()
    seqs: tuple[tuple[int, int], ...] = ()
    version: int = 1

    @property
    def busy(self) -> bool:
        """Whether a live grant holds it."""
        return self.grant is not None and self.grant.live

    @property
    def free(self) -> bool:
        """Whether something may be put into it now."""
        return not self.busy and self.unlendable is None and len(self.contents) < self.capacity

    def takes(self, size: str | None) -> bool:
        """Whether a thing of this size (None: the smallest) can be put into it now."""
        return self.free and SIZES.get(self.size, 0) >= SIZES.get(size or "", 0)


class Bank(Record, frozen=True, kw_only=True):
    """One cabinet with one controller. `generation` counts enrolments and is the `kid` of its commands.

    `claim` is a board's right to enrol itself; `certified` the life of its certificate, where it is known, and
    `renewal` the next one, until the bank has come in with it. `firmware` is what its last status called its software.
    """

    id: str
    site: str
    name: str = ""
    evidence: Evidence
    mode: Mode
    state: BankState = BankState.PLANNED
    generation: int = 0
    certificate: str | None = None
    last_seen_at: datetime | None = None
    boot: int | None = None
    firmware: str | None = None
    silent: bool = False
    unknown_taps: tuple[datetime, ...] = ()
    outages: tuple[Outage, ...] = ()
    checkpoint: tuple[int, int] | None = None
    seqs: tuple[tuple[int, int], ...] = ()
    revision: int = 1
    claim: Claim | None = None
    certified: Certified | None = None
    renewal: Certified | None = None
    door_count: int = 0
    doors: tuple[Door, ...] = ()

    @property
    def certificates(self) -> tuple[str, ...]:
        """The certificates it may show: its own, and while it changes over the next one as well."""
        named = (self.certificate, None if self.renewal is None else self.renewal.arn)
        return tuple(arn for arn in named if arn is not None) if self.state is BankState.ACTIVE else ()
