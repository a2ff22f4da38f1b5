"""Uploads: `toolcrib/v1/{org}:{bank}/up/{kind}`. The classes are the schema; docs and tests are made from them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

# `$(?!\n)`: Python's `$` alone also ends before a last newline, and an id is no place for one
Ulid = Annotated[str, Meta(pattern=r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$(?!\n)")]
Token = Annotated[str, Meta(pattern=r"^[0-9]{1,4}[.][A-Za-z0-9_-]{43}$(?!\n)")]
GrantId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$(?!\n)")]
Epc = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$(?!\n)")]
RosterVersion = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$(?!\n)")]
Opaque = Annotated[str, Meta(max_length=2048)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
AgeMs = Annotated[int, Meta(ge=0, le=366 * 86_400_000)]  # a bank that was away for longer has to be looked at
DoorNumber = Annotated[int, Meta(ge=1, le=64)]
DoorKey = Annotated[str, Meta(pattern=r"^([1-9]|[1-5][0-9]|6[0-4])$(?!\n)")]
Tags = Annotated[list[Epc], Meta(max_length=64)]
Instant = Annotated[datetime, Meta(tz=True)]


class Upload(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What every upload carries. `at` is the bank's clock, for display; `age_ms` is what time is computed from."""

    id: Ulid
    at: Instant
    age_ms: AgeMs
    boot: Count


class Conversation(Upload, kw_only=True, frozen=True):
    """Someone is waiting: never journalled, never repeated. `journal_depth`: reports not yet acknowledged."""

    journal_depth: Count


class Report(Upload, kw_only=True, frozen=True):
    """Journalled first, numbered within a boot, repeated until acknowledged."""

    seq: Count


class Tap(Conversation, kw_only=True, frozen=True):
    """A badge at the reader; two tokens while keys rotate; `session` when a further badge joins a session."""

    badges: Annotated[list[Token], Meta(min_length=1, max_length=2)]
    session: Opaque | None = None


class Choice(Conversation, kw_only=True, frozen=True):
    """What was picked on the screen."""

    session: Opaque
    option: Annotated[str, Meta(min_length=1, max_length=128)]
    pin: Token | None = None
    new_pin: Token | None = None
    terms_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")] | None = None
    answers: dict[str, str | bool | int | None] | None = None


class Time(Conversation, kw_only=True, frozen=True):
    """A bank asks what time it is."""

    nonce: Annotated[str, Meta(min_length=8, max_length=128)]


class Fetch(Conversation, kw_only=True, frozen=True):
    """A bank wants something that is too large for a message: the body of a roster."""

    what: Literal["roster"]
    version: RosterVersion


class Offline(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What the bank decided by itself, while it had no network."""

    kind: Literal["take", "return"]
    badge: Token
    asset: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    roster: RosterVersion


class Door(Report, kw_only=True, frozen=True):
    """What a door did, and what its sensors saw."""

    door: DoorNumber
    grant: GrantId | None = None
    outcome: Literal["opened", "closed", "not_opened", "left_open", "jammed", "forced", "unresolved"]
    opened_ms: AgeMs | None = None
    closed_ms: AgeMs | None = None
    evidence: Literal["tags", "presence", "door_only"]
    present: bool | None = None
    tags: Tags | None = None
    offline: Offline | None = None


class Fault(Report, kw_only=True, frozen=True):
    """A person says that something is broken; `session` or `grant` tells to which custody it belongs.

    `photo`: one of the kind `photo_type` follows, and the bank asks where it may go.
    """

    severity: Literal["minor", "critical"]
    asset: Annotated[str, Meta(max_length=64)] | None = None
    door: DoorNumber | None = None
    answers: dict[str, str | bool | int | None] | None = None
    text: Annotated[str, Meta(max_length=1000)] | None = None
    photo: bool = False
    photo_type: Literal["image/jpeg", "image/png", "image/webp"] = "image/jpeg"
    session: Opaque | None = None
    grant: GrantId | None = None


class Status(Report, kw_only=True, frozen=True):
    """How the bank and its doors are, in parts of at most 16 doors."""

    firmware: Annotated[str, Meta(max_length=64)]
    uptime_s: Count
    journal_depth: Count
    doors: dict[DoorKey, Literal["closed", "open", "fault"]]
    tags: dict[DoorKey, Tags | None] = {}
    part: Annotated[int, Meta(ge=1, le=8)] = 1
    parts: Annotated[int, Meta(ge=1, le=8)] = 1


class Alarm(Report, kw_only=True, frozen=True):
    """Something about the cabinet itself."""

    kind: Literal["tamper", "power_lost", "power_back", "unknown_badge_burst"]
