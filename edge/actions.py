"""What the bank's decisions ask of the world. The controller carries them out in order; a simulator may look on."""

from dataclasses import dataclass, field
from typing import Any

from edge.commands import Purpose
from edge.display import Screen
from edge.journal import Report


@dataclass(frozen=True, kw_only=True)
class Send:
    """Publish one upload now."""

    kind: str
    id: str
    payload: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Unlock:
    """One pulse on a lock. Its grant is already marked used."""

    door: int
    grant: str
    purpose: Purpose


@dataclass(frozen=True, kw_only=True)
class Lock:
    """End the pulse, where the hardware holds it."""

    door: int


@dataclass(frozen=True, kw_only=True)
class Read:
    """Read a door's sensors after it closed; `cycle` comes back with the answer."""

    door: int
    cycle: int


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Read all doors for a status; `begun_ms` comes back with the answer."""

    begun_ms: int


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The buzzer of a door that stands open."""

    door: int
    on: bool


@dataclass(frozen=True, kw_only=True)
class Show:
    """Change what the person sees. `language` is theirs, where the bank itself knows who they are."""

    screen: Screen
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class PhotoWanted:
    """The cloud says where the photo of a fault report goes; `form` is as it came (nothing to do; for a kiosk)."""

    report: str
    form: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A report was journalled (nothing to do; for those who look on)."""

    report: Report


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """Reports were acknowledged; `rejected` maps ids to codes (nothing to do; for those who look on)."""

    ids: tuple[str, ...]
    rejected: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Dated:
    """The cloud's time is known (nothing to do; for those who look on)."""


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """Download a roster's body: so many bytes with this SHA-256; `sha256` comes back with what was read."""

    url: str = field(repr=False)  # whoever has it may read what it leads to
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Rostered:
    """Another roster is in force from now on (nothing to do; for those who look on)."""

    version: str


Told = PhotoWanted | Recorded | Forgotten | Dated | Rostered
"""What asks for nothing."""
Action = Send | Unlock | Lock | Read | Survey | Sound | Show | Fetch | Told
