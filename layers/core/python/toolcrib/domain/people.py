"""People, their badges and groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from toolcrib.domain.evidence import Evidence


class BadgeState(StrEnum):
    """A revoked badge is nobody's."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True)
class Badge:
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


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a person's profile says about one of their loans, so that a tap needs no further read.

    `state` is `pending` (authorised, not yet removed), `open`, or `unconfirmed` (last seen with this person).
    `until` is the due time, or for a pending loan the moment its grant expires.
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


@dataclass(frozen=True, kw_only=True)
class LastTake:
    """Where and when a badge last took something, for rule 2 (`badge_elsewhere`)."""

    site: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LastReturn:
    """The last return that only a door told of, so that the person may still say that they put nothing in."""

    loan: str
    bank: str
    door: int
    at: datetime
    holding: Holding


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who may borrow. `holdings` maps loan id → holding; `version` counts every change, also of holdings."""

    id: str
    name: str
    email: str | None = None
    groups: tuple[str, ...] = ()
    manager: str | None = None
    site: str | None = None
    language: str = "en"
    slack_id: str | None = None
    active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    holdings: Mapping[str, Holding] = field(default_factory=dict)
    last_take: LastTake | None = None
    last_return: LastReturn | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class GroupGrant:
    """What members may take (`asset_types` or `categories`) and where (`sites` or `banks`); empty means any."""

    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """People who may take the same things."""

    id: str
    name: str
    grants: tuple[GroupGrant, ...] = ()
    revision: int = 1
