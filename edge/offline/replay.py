"""The order in which offline reports go up: strictly that of the events, one unacknowledged at a time.

What one did rests on what was done before it, so none may overtake another (docs/decisions.md).
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from edge.outbox import FIRST_RETRY_MS, MAX_RETRY_MS

PAUSE_MS: Final = 100  # ten a second at most: a site's banks come back in the same moment


class Replay:
    """A queue whose head is sent, and sent again with back-off, until it is acknowledged."""

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._queue: deque[str] = deque()
        self._waiting: set[str] = set()
        self._attempts = 0
        self._due_ms: int | None = None

    def __len__(self) -> int:
        """Return how many wait for their acknowledgement."""
        return len(self._waiting)

    def add(self, ids: Iterable[str], now_ms: int) -> None:
        """Queue reports behind the others."""
        was_empty = not self._waiting
        for id_ in ids:
            self._queue.append(id_)
            self._waiting.add(id_)
        if was_empty and self._waiting:
            self._begin(max(now_ms, self._due_ms or now_ms))

    def drop(self, ids: Iterable[str], now_ms: int) -> None:
        """Forget what was acknowledged; the next one's turn comes after a pause."""
        head = self._head()
        self._waiting.difference_update(ids)
        if self._head() != head:
            self._begin(now_ms + PAUSE_MS)

    def rush(self, now_ms: int) -> None:
        """Send the head now: the connection is back."""
        self._begin(now_ms)

    def resume(self, now_ms: int) -> None:
        """Send the head now if it was held back: the time is known."""
        if self._due_ms is None:
            self._begin(now_ms)

    def due(self, now_ms: int) -> str | None:
        """Return the head if its moment has come, and set its next, later one."""
        head = self._head()
        if head is None or self._due_ms is None or now_ms < self._due_ms:
            return None
        wait_ms = min(MAX_RETRY_MS, FIRST_RETRY_MS << min(self._attempts, 10))
        self._attempts += 1
        self._due_ms = now_ms + wait_ms + int(wait_ms * self._jitter() / 2)
        return head

    def holds_back(self) -> None:
        """Wait with the head, and so with all, until `resume`: its age cannot be told yet."""
        self._due_ms = None

    def due_at_ms(self) -> int | None:
        """Return when the head is due."""
        return self._due_ms if self._waiting else None

    def _begin(self, due_ms: int) -> None:
        self._attempts, self._due_ms = 0, due_ms

    def _head(self) -> str | None:
        while self._queue and self._queue[0] not in self._waiting:
            self._queue.popleft()
        return self._queue[0] if self._queue else None
