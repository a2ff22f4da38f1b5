"""Uploads that somebody waits for. The first answer consumes one; after 30 s nobody waits any more (design.md)."""

from dataclasses import dataclass
from typing import Final

from edge.clock import Now

WAIT_MS: Final = 30_000
MAX_WAITING: Final = 16  # one reader, one person: more is a bouncing card


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One upload without an answer, since `since_ms` on the monotonic clock."""

    upload: str
    since_ms: int


class Conversations:
    """Who waits for what. Kept in memory only: after a reboot nobody waits."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}

    def begin(self, upload: str, now: Now) -> None:
        """Remember that somebody waits for the answer to `upload`; the oldest gives way above 16."""
        self._waiting[upload] = Waiting(upload=upload, since_ms=now.mono_ms)
        while len(self._waiting) > MAX_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def waits(self, upload: str, now: Now) -> bool:
        """Whether somebody still waits (at most 30 s)."""
        waiting = self._waiting.get(upload)
        return waiting is not None and now.mono_ms - waiting.since_ms <= WAIT_MS

    def consume(self, upload: str | None, now: Now) -> bool:
        """Take an answer for `upload`; False when nobody waits for it."""
        if upload is None or not self.waits(upload, now):
            return False
        del self._waiting[upload]
        return True

    def expire(self, now: Now) -> list[str]:
        """Forget and return the uploads nobody waits for any more."""
        late = [upload for upload in self._waiting if not self.waits(upload, now)]
        for upload in late:
            del self._waiting[upload]
        return late

    def forget(self) -> None:
        """Wait for nothing any more: who asked went away."""
        self._waiting.clear()

    def due_at_ms(self) -> int | None:
        """Return when the next one runs out."""
        return min((waiting.since_ms + WAIT_MS + 1 for waiting in self._waiting.values()), default=None)
