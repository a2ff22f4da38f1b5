"""Time at a bank: a monotonic clock for windows, the cloud's signed time for expiry; the wall clock decides nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MAX_ASKED: Final = 4  # questions on their way at once: a cold function answers after the next was asked
MAX_ROUND_TRIP_MS: Final = 10_000  # an answer older than this says too little about now
_MONOTONIC: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while the machine sleeps


@dataclass(frozen=True, kw_only=True, slots=True)
class Now:
    """One reading: monotonic milliseconds for decisions, the wall clock (UTC) for display only."""

    mono_ms: int
    wall: datetime


Clock = Callable[[], Now]


def system_clock() -> Now:
    """Read this machine's clocks."""
    return Now(mono_ms=time.clock_gettime_ns(_MONOTONIC) // 1_000_000, wall=datetime.now(UTC))


class TimeBase:
    """The cloud's time, carried forward by the monotonic clock; untrusted until the first signed answer of this boot.

    The answer may have been signed at any moment of the round trip; the earliest is assumed, so the base is never
    behind the cloud and an expired command never passes (safety.md, threat 16).
    """

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}
        self._ahead_ms: int | None = None

    @property
    def trusted(self) -> bool:
        """Whether a signed time was received since boot."""
        return self._ahead_ms is not None

    def ask(self, nonce: str, now: Now) -> None:
        """Remember the nonce of a request that is being sent, and the last few before it."""
        self._asked[nonce] = now.mono_ms
        while len(self._asked) > MAX_ASKED:
            del self._asked[next(iter(self._asked))]

    def answer(self, nonce: str, cloud_ms: int, now: Now) -> bool:
        """Take over a verified answer; False when nobody asked for it, or it took too long."""
        asked_ms = self._asked.pop(nonce, None)
        if asked_ms is None:
            return False
        if now.mono_ms - asked_ms > MAX_ROUND_TRIP_MS:
            return False
        self._asked.clear()
        self._ahead_ms = cloud_ms - asked_ms
        return True

    def cloud_ms(self, now: Now) -> int | None:
        """Return the cloud's time in Unix milliseconds, or None while untrusted."""
        return None if self._ahead_ms is None else now.mono_ms + self._ahead_ms
