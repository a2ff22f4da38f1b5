"""What the hardware saw, in levels (rules.md, law 2)."""

from collections.abc import Iterable
from enum import StrEnum


class Evidence(StrEnum):
    """`tags` > `presence` > `door_only` > `declared`; the level is on every custody event."""

    TAGS = "tags"
    PRESENCE = "presence"
    DOOR_ONLY = "door_only"
    DECLARED = "declared"

    @property
    def strength(self) -> int:
        """Higher proves more."""
        return _ORDER.index(self)


_ORDER = (Evidence.DECLARED, Evidence.DOOR_ONLY, Evidence.PRESENCE, Evidence.TAGS)


def strongest(levels: Iterable[Evidence | None]) -> Evidence | None:
    """Return the strongest of these levels; None where there is none."""
    return max((each for each in levels if each is not None), key=lambda each: each.strength, default=None)


def seen(level: Evidence, *, present: bool | None, tags: tuple[str, ...] | None) -> Evidence:
    """Return the level a report really carries: a reader that failed proves no more than what is left."""
    if level is Evidence.TAGS and tags is not None:
        return Evidence.TAGS
    if level in {Evidence.TAGS, Evidence.PRESENCE} and present is not None:
        return Evidence.PRESENCE
    return Evidence.DOOR_ONLY
