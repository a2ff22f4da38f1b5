"""Assets, their types, and who has them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from toolcrib.domain.evidence import Evidence
from toolcrib.domain.questions import Question
from toolcrib.domain.record import Record
from toolcrib.domain.states import State
from toolcrib.domain.upkeep import Charging, Condition, Service

GENESIS = ""  # `prev_hash` of an asset's first event


class CustodianKind(StrEnum):
    """Every asset has exactly one custodian (safety.md, I1)."""

    SITE = "site"
    DOOR = "door"
    PERSON = "person"
    WORKSHOP = "workshop"
    NOBODY = "nobody"


class Custodian(Record, frozen=True, kw_only=True):
    """Who or what has an asset: `id` names the site, bank or person; `door` is set for a door only."""

    kind: CustodianKind
    id: str | None = None
    door: int | None = None

    @classmethod
    def at_door(cls, bank: str, door: int) -> "Custodian":
        """A compartment of a bank."""
        return cls(kind=CustodianKind.DOOR, id=bank, door=door)

    @classmethod
    def person(cls, person: str) -> "Custodian":
        """A person."""
        return cls(kind=CustodianKind.PERSON, id=person)

    @classmethod
    def site(cls, site: str) -> "Custodian":
        """A site's store room."""
        return cls(kind=CustodianKind.SITE, id=site)

    @classmethod
    def nobody(cls) -> "Custodian":
        """Missing, lost or retired."""
        return cls(kind=CustodianKind.NOBODY)

    @classmethod
    def workshop(cls) -> "Custodian":
        """In repair."""
        return cls(kind=CustodianKind.WORKSHOP)


class RequiredCertification(Record, frozen=True, kw_only=True):
    """A certification that taking needs; one that has expired still counts for `grace_days` (rules.md, row 5)."""

    certification: str
    grace_days: int = 0


class AssetType(Record, frozen=True, kw_only=True):
    """What assets share. `replacement_value` is in the org's currency, whole units.

    `second_factor`: a badge alone does not do, since badges can be cloned (safety.md, threat 1). `questions` are what a
    screen asks when one is taken or brought back. `prompt`: when one is late, people are told within seconds.
    `offline_life` is for how long a bank without network may lend them (`offline/life.py`); zero means never.
    """

    id: str
    name: str
    category: str
    size: str = "M"
    replacement_value: int = 0
    owner: str | None = None
    min_evidence: Evidence | None = None
    certifications: tuple[RequiredCertification, ...] = ()
    second_factor: bool = False
    service: Service | None = None
    charging: Charging | None = None
    questions: tuple[Question, ...] = ()
    prompt: bool = False
    offline_life: timedelta | None = None
    revision: int = 1


class Asset(Record, frozen=True, kw_only=True):
    """One physical thing. `version` = number of custody events; `head` = hash of the last one.

    While `unconfirmed`, `custodian` is where it was last seen (a person or a door), `unsettled_by` the grant
    that left it so (a late report of that grant still settles it) and `case` the case that is open about it.
    `loan` is the loan that is open or pending on it. `lent` counts how often it was lent, `lent_at` is until when it
    last was: like the rest of custody they follow from its events. `revision` counts edits of the description.
    `serviced_lent` is what `lent` was when it was last serviced; `charge` (percent) was stated at `charge_at`; `fault`
    is the case that says why its condition is what it is.
    """

    id: str
    type: str
    name: str
    serial: str | None = None
    tag: str | None = None
    site: str | None = None
    condition: Condition = Condition.OK
    fault: str | None = None
    serviced_at: datetime | None = None
    serviced_lent: int = 0
    charge: int | None = None
    charge_at: datetime | None = None
    state: State = State.STORED
    custodian: Custodian
    loan: str | None = None
    unsettled_by: str | None = None
    case: str | None = None
    lent: int = 0
    lent_at: datetime | None = None
    version: int = 0
    head: str = GENESIS
    revision: int = 1

    @property
    def is_listed(self) -> bool:
        """Whether a door has it and says so in its contents; what is unconfirmed was only last seen there."""
        return self.custodian.kind is CustodianKind.DOOR and self.state in {State.STOWED, State.IN_REPAIR}


SIZES: Mapping[str, int] = {"S": 1, "M": 2, "L": 3, "XL": 4}
"""Door and asset sizes in growing order; a thing fits where its size is not the larger one."""

MAX_LOAN = timedelta(days=366)
