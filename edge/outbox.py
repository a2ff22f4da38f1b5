"""When to send which report: at once, then again with back-off until acknowledged; a long backlog in small batches."""

import heapq
from collections.abc import Callable, Iterable
from typing import Final

FIRST_RETRY_MS: Final = 5_000  # a cold start in the cloud takes less
MAX_RETRY_MS: Final = 300_000
BATCH: Final = 20  # with a pause of half a second: 40 a second of the 100 that IoT Core takes
BATCH_PAUSE_MS: Final = 500


class Outbox:
    """The order of sending, in memory; the journal holds the reports. `jitter` returns a number in [0, 1)."""

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._attempts: dict[str, int] = {}
        self._places: dict[str, int] = {}  # an id's one valid place in the queue; older places are skipped
        self._queue: list[tuple[int, int, str]] = []
        self._place = 0
        self._paused_until_ms = 0

    def add(self, ids: Iterable[str], now_ms: int) -> None:
        """Queue reports for sending now, with their back-off started afresh."""
        for id_ in ids:
            self._attempts[id_] = 0
            self._push(id_, now_ms)

    def drop(self, ids: Iterable[str]) -> None:
        """Never send these again."""
        for id_ in ids:
            self._attempts.pop(id_, None)
            self._places.pop(id_, None)

    def rush(self, now_ms: int) -> None:
        """Make everything due now, oldest first: the connection is back."""
        self._queue.clear()
        self.add(list(self._attempts), now_ms)

    def due(self, now_ms: int) -> list[str]:
        """Return up to a batch of ids to send now, and put each back with its next, later moment."""
        batch: list[str] = []
        while now_ms >= self._paused_until_ms and self._queue and self._queue[0][0] <= now_ms and len(batch) < BATCH:
            _, place, id_ = heapq.heappop(self._queue)
            if self._places.get(id_) == place:
                batch.append(id_)
                self._retry_later(id_, now_ms)
        if len(batch) == BATCH:
            self._paused_until_ms = now_ms + BATCH_PAUSE_MS
        return batch

    def due_at_ms(self) -> int | None:
        """Return when something is due next."""
        return max(self._queue[0][0], self._paused_until_ms) if self._queue else None

    def _retry_later(self, id_: str, now_ms: int) -> None:
        attempts = self._attempts[id_]
        self._attempts[id_] = attempts + 1
        wait_ms = min(MAX_RETRY_MS, FIRST_RETRY_MS << min(attempts, 10))
        self._push(id_, now_ms + wait_ms + int(wait_ms * self._jitter() / 2))

    def _push(self, id_: str, due_ms: int) -> None:
        self._place += 1
        self._places[id_] = self._place
        heapq.heappush(self._queue, (due_ms, self._place, id_))
