"""What a decision wants written, all or nothing, and what is to be sent once it is."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import field

from toolcrib.domain.agreements import Acceptance
from toolcrib.domain.assets import Asset
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.authorisers import Agreeing
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import Bank, Door, Grant
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.offline.use import ToldAlone
from toolcrib.domain.people import Holding, LastReturn, LastTake, Override, Person, PinStanding
from toolcrib.domain.pins import Pin
from toolcrib.domain.questions import Questioning
from toolcrib.domain.record import Record


class Holdings(Record, frozen=True, kw_only=True):
    """A change of a person's summary of loans: entries put and removed by loan id.

    `expected_version` is set where the decision depends on the rest of the profile (allowance); None where the
    entry alone matters, so that two doors closing for one person do not fight.
    `acceptances`, `asked`, `spent` and `overrides` are all there are from now on; they are given together with the
    version only.
    `late_returns` are noted beside those on record; `remembered_late` replaces them, so that they stay few.
    """

    person: str
    put: Mapping[str, Holding] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    last_take: LastTake | None = None
    last_return: LastReturn | None = None
    acceptances: Mapping[str, Acceptance] | None = None
    late_returns: tuple[datetime, ...] = ()
    remembered_late: tuple[datetime, ...] | None = None
    pin: PinStanding | None = None
    asked: Mapping[str, Agreeing] | None = None
    spent: Mapping[str, datetime] | None = None
    overrides: Mapping[str, Override] | None = None
    expected_version: int | None = None


class Remember(Record, frozen=True, kw_only=True):
    """A grant added to an open loan's memory without reading the loan first (a return that is authorised).

    `answered` is what was asked with it, and answered; None leaves on record what there is.
    """

    loan: str
    grant: str
    answered: Questioning | None = None


class TagChange(Record, frozen=True, kw_only=True):
    """A tag put onto an asset that nobody wears yet, or taken off the asset that wears it."""

    tag: str
    asset: str
    worn: bool


class Unchanged(Record, frozen=True, kw_only=True):
    """Something that a decision rests on and does not write: an asset, or a door (bank, number), at a version."""

    asset: str | None = None
    door: tuple[str, int] | None = None
    version: int


class BankEdit(Record, frozen=True, kw_only=True):
    """A bank's description or enrolment; `anew` forgets what was heard from the controller before."""

    bank: Bank
    anew: bool = False


class Opening(Record, frozen=True, kw_only=True):
    """A remote opening, kept forever in the ledger: the same request can make no second one.

    `reason_sha256` is of the free text; `by` is the principal.
    """

    grant: str
    bank: str
    door: int
    by: str
    reason_sha256: str
    at: datetime


class Agreed(Record, frozen=True, kw_only=True):
    """What somebody else said to a take or return, kept forever in the ledger beside the person whose it is.

    `about` is the session, request or case that it answers, `said` is joined, approved, refused, expired or
    countersigned; `by` is None where nobody answered. `reason_sha256` is of the free text.
    """

    person: str
    about: str
    said: str
    at: datetime
    by: str | None = None
    type: str | None = None
    bank: str | None = None
    site: str | None = None
    reason_sha256: str | None = None


class Heard(Record, frozen=True, kw_only=True):
    """What a bank's report says about the bank itself: that it is alive, and which report this was.

    Added to whatever is on record without reading it first; `boot` and `firmware` are set by a status only.
    """

    bank: str
    at: datetime | None = None
    boot: int | None = None
    firmware: str | None = None
    seq: tuple[int, int] | None = None


class OverrideNote(Record, frozen=True, kw_only=True):
    """What the ledger keeps of an override for ever: that it was given, or by which `grant` it was used up."""

    id: str
    person: str
    code: str
    by: str
    reason_sha256: str
    at: datetime
    grant: str | None = None


class OpenDoor(Record, frozen=True, kw_only=True):
    """A door command to be signed and published after the commit."""

    bank: str
    door: int
    grant: Grant
    re: str | None


class Change(Record, frozen=True, kw_only=True):
    """Everything one operation writes in one transaction.

    Records carry their new version: the store conditions each on the version before (1 = must not exist). `op` is the
    operation id; `guard` is set where no loan remembers the operation, so that `OP#{op}` is put beside each asset's
    events (safety.md, I3).
    `told` are people of whose ends (`endings.py`) more was told, and nothing else changed.
    `described` are assets whose description changed (`revision`) and whose custody must not have (`version`), unless
    they are among `assets`, too: then both change at once.
    `active` are people who must not have been disabled meanwhile, `used` the requests that a take uses up, `unless`
    what must be as it was and is not written. `alone` is the report of what a bank did by itself that this applies.
    """

    op: str
    at: datetime
    assets: tuple[Asset, ...] = ()
    doors: tuple[Door, ...] = ()
    loans: tuple[Loan, ...] = ()
    holdings: tuple[Holdings, ...] = ()
    remember: tuple[Remember, ...] = ()
    cases: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    events: tuple[CustodyEvent, ...] = ()
    heard: Heard | None = None
    guard: bool = False
    described: tuple[Asset, ...] = ()
    tags: tuple[TagChange, ...] = ()
    banks: tuple[BankEdit, ...] = ()
    openings: tuple[Opening, ...] = ()
    pins: tuple[Pin, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    used: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    overrides: tuple[OverrideNote, ...] = ()
    told: tuple[Person, ...] = ()
    unless: tuple[Unchanged, ...] = ()
    alone: ToldAlone | None = None
    command: OpenDoor | None = None
