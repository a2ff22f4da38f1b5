"""What the bank sends up (design.md, *MQTT contract*): bodies as typed records, envelopes added when sending."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from edge.config import Evidence

TAG: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
MAX_TAGS: Final = 64  # of one door
TAGS_BUDGET: Final = 6_000  # characters of tags in one payload, so that it stays under 8 KB
DOORS_PER_STATUS: Final = 16
MAX_PARTS: Final = 8
AGES: Final = ("opened_ms", "closed_ms")  # of a door report: they grow until the moment of sending


class Outcome(StrEnum):
    """How a door's story goes on or ends."""

    OPENED = "opened"
    CLOSED = "closed"
    NOT_OPENED = "not_opened"
    LEFT_OPEN = "left_open"
    JAMMED = "jammed"
    FORCED = "forced"
    UNRESOLVED = "unresolved"


FINAL: Final = frozenset({Outcome.CLOSED, Outcome.NOT_OPENED, Outcome.JAMMED, Outcome.UNRESOLVED})


class AlarmKind(StrEnum):
    """What the cabinet itself complains about."""

    TAMPER = "tamper"
    POWER_LOST = "power_lost"
    POWER_BACK = "power_back"
    UNKNOWN_BADGE_BURST = "unknown_badge_burst"


class Severity(StrEnum):
    """How bad a reported fault is; `critical` blocks lending."""

    MINOR = "minor"
    CRITICAL = "critical"


class Tap(msgspec.Struct, frozen=True, kw_only=True):
    """A badge was shown; `session` when it joins a running one."""

    badges: tuple[str, ...]
    session: str | UnsetType = UNSET


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The person picked an option; PINs are tokens."""

    session: str
    option: str | int
    pin: str | UnsetType = UNSET
    new_pin: str | UnsetType = UNSET
    terms_sha256: str | UnsetType = UNSET
    answers: dict[str, Any] | UnsetType = UNSET


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """The token of a pick-up code was entered."""

    code: str


class TimeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The bank asks for the signed time."""

    nonce: str


class FetchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The bank asks where it may fetch the roster of a version."""

    version: str
    what: Literal["roster"] = "roster"


class Offline(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank decided by itself: for whom, about what, by which roster's version."""

    kind: Literal["take", "return"]
    badge: str
    asset: str | None
    roster: str


class DoorReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a door did. `opened_ms` and `closed_ms` are milliseconds before the event until sending adds its age."""

    door: int
    grant: str | None
    outcome: Outcome
    opened_ms: int | None = None
    closed_ms: int | None = None
    evidence: Evidence = Evidence.DOOR_ONLY
    present: bool | None = None
    tags: tuple[str, ...] | None = None
    offline: Offline | UnsetType = UNSET


class FaultReport(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that something is broken: `asset`, `door`, or `grant` (what a door was opened for) says what."""

    severity: Severity
    asset: str | UnsetType = UNSET
    door: int | UnsetType = UNSET
    answers: dict[str, Any] = {}
    text: str = ""
    photo: bool = False
    session: str | UnsetType = UNSET
    grant: str | UnsetType = UNSET


class StatusReport(msgspec.Struct, frozen=True, kw_only=True):
    """How the bank is, for at most 16 doors."""

    firmware: str
    uptime_s: int
    journal_depth: int
    doors: Mapping[str, str]
    tags: Mapping[str, tuple[str, ...] | None]
    part: int = 1
    parts: int = 1


class AlarmReport(msgspec.Struct, frozen=True, kw_only=True):
    """The cabinet's own alarm."""

    kind: AlarmKind


KINDS: Final[dict[type[msgspec.Struct], str]] = {
    Tap: "tap",
    Choice: "choice",
    Code: "code",
    TimeRequest: "time",
    FetchRequest: "fetch",
    DoorReport: "door",
    FaultReport: "fault",
    StatusReport: "status",
    AlarmReport: "alarm",
}


def kind_of(body: msgspec.Struct) -> str:
    """Return the topic's last word for a body."""
    return KINDS[type(body)]


def rfc3339(at: datetime) -> str:
    """Return UTC with milliseconds and `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def conversation(body: msgspec.Struct, *, upload: str, at: datetime, boot: int, journal_depth: int) -> bytes:
    """Return the payload of an upload that somebody waits for; it is sent at once, so its age is 0."""
    envelope = {"id": upload, "at": rfc3339(at), "age_ms": 0, "boot": boot, "journal_depth": journal_depth}
    return msgspec.json.encode(envelope | msgspec.to_builtins(body))


def report(body: bytes, *, upload: str, at: str, boot: int, seq: int, age_ms: int) -> bytes:
    """Return the payload of a journalled report, `age_ms` milliseconds after its event."""
    fields = msgspec.json.decode(body, type=dict[str, Any])
    grown = {name: fields[name] + age_ms for name in AGES if fields.get(name) is not None}
    envelope = {"id": upload, "at": at, "age_ms": age_ms, "boot": boot, "seq": seq}
    return msgspec.json.encode(envelope | fields | grown)


def bounded(tags: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the tags that are well formed, at most 64 and as many as fit one payload; None stays None."""
    if tags is None:
        return None
    kept: list[str] = []
    for tag in tags:
        if TAG.fullmatch(tag) and len(kept) < MAX_TAGS and _weight(*kept, tag) <= TAGS_BUDGET:
            kept.append(tag)
    return tuple(kept)


def status(
    doors: Mapping[int, str],
    tags: Mapping[int, tuple[str, ...] | None],
    *,
    firmware: str,
    uptime_s: int,
    journal_depth: int,
) -> list[StatusReport]:
    """Return a status in as many parts as needed: at most 16 doors each, and few enough tags for 8 KB.

    A bank so full of tags that 8 parts do not hold them sends its doors without tags.
    """
    chunks = _chunks(doors, tags)
    if len(chunks) > MAX_PARTS:
        tags = {}
        chunks = _chunks(doors, tags)
    return [
        StatusReport(
            firmware=firmware,
            uptime_s=uptime_s,
            journal_depth=journal_depth,
            doors={str(number): doors[number] for number in chunk},
            tags={str(number): tags.get(number) for number in chunk},
            part=part,
            parts=len(chunks),
        )
        for part, chunk in enumerate(chunks, 1)
    ]


def _chunks(doors: Mapping[int, str], tags: Mapping[int, tuple[str, ...] | None]) -> list[list[int]]:
    chunks: list[list[int]] = [[]]
    room = TAGS_BUDGET
    for door in sorted(doors):
        weight = _weight(*(tags.get(door) or ()))
        if len(chunks[-1]) == DOORS_PER_STATUS or (chunks[-1] and weight > room):
            chunks.append([])
            room = TAGS_BUDGET
        chunks[-1].append(door)
        room -= weight
    return chunks


def _weight(*tags: str) -> int:
    return sum(len(tag) + len('"",') for tag in tags)
