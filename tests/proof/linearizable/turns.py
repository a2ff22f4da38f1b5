"""Clients in one thread, each a greenlet: at every call to the store somebody else may be served first, by one seed."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet


class Turns:
    """Lets bodies take turns. `chance` says whose turn it is; `moments` counts what is noted: no two are the same."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.moments = chance, 0
        self._hub: greenlet | None = None

    def run(self, bodies: Iterable[Callable[[], None]]) -> None:
        """Run bodies until all are done; the first error of one ends it for all."""
        self._hub = getcurrent()
        waiting = [greenlet(body) for body in bodies]
        while waiting:
            number = self.chance.randrange(len(waiting))
            waiting[number].switch()
            if waiting[number].dead:
                waiting.pop(number)
        self._hub = None

    def pass_on(self, *_: Any) -> None:
        """Let others go first; nothing happens outside of `run`."""
        if self._hub is not None and getcurrent() is not self._hub:
            self._hub.switch()

    def now(self) -> int:
        """Return a moment later than every one before."""
        self.moments += 1
        return self.moments
