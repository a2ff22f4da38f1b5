"""Frozen settings of one bank: who it is, whom it trusts, what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from edge.version import firmware

MAX_DOORS: Final = 64  # design.md, *Data*: one Query is the whole bank


class Evidence(StrEnum):
    """What the bank's sensors can prove (rules.md, law 2)."""

    TAGS = "tags"
    PRESENCE = "presence"
    DOOR_ONLY = "door_only"


class Mode(StrEnum):
    """Whether the bank has a screen (`kiosk`) or only a reader (`express`)."""

    KIOSK = "kiosk"
    EXPRESS = "express"


@dataclass(frozen=True, kw_only=True)
class BadgeKey:
    """The org's key for badge tokens; `version` travels in front of every token."""

    version: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Windows:
    """How long a door may take, in milliseconds (rules.md, *Doors*)."""

    open_ms: int = 15_000  # long enough to pull a handle, short enough that nobody else walks up
    close_ms: int = 60_000
    alarm_ms: int = 120_000


@dataclass(frozen=True, kw_only=True)
class BankConfig:
    """Everything a controller needs to be one bank.

    `command_keys` holds the signing key of each enrolment generation by its `kid`; `badge_keys` has one entry, or two
    while the org rotates its key. Raises ValueError for a bank that cannot work.
    """

    org: str
    bank: str
    host: str
    port: int
    ca: Path
    cert: Path
    key: Path
    command_keys: Mapping[str, bytes] = field(repr=False)
    badge_keys: tuple[BadgeKey, ...]
    doors: int
    evidence: Evidence
    mode: Mode
    journal: Path
    windows: Windows = field(default_factory=Windows)
    firmware: str = field(default_factory=firmware)

    def __post_init__(self) -> None:
        if not 1 <= self.doors <= MAX_DOORS:
            raise ValueError(f"{self.bank} has {self.doors} doors: a bank has 1 to {MAX_DOORS}")
        if not 1 <= len(self.badge_keys) <= 2:  # noqa: PLR2004 - two while keys rotate
            raise ValueError(f"{self.bank} has {len(self.badge_keys)} badge keys: give one, or two while keys rotate")
        if not self.command_keys:
            raise ValueError(f"{self.bank} has no command key: enrol it again")

    @property
    def thing(self) -> str:
        """The IoT thing name, MQTT client id and audience of commands."""
        return f"{self.org}:{self.bank}"

    @property
    def door_numbers(self) -> range:
        """Doors are numbered from 1."""
        return range(1, self.doors + 1)

    def topic(self, direction: str, kind: str) -> str:
        """Return the topic of one kind of message; `direction` is `up` or `down` (design.md, *MQTT contract*)."""
        return f"toolcrib/v1/{self.thing}/{direction}/{kind}"
