"""One thread, one clock, one queue: what happens next, and who is in the middle of what.

A task is a greenlet. It stops wherever it calls `pause`, which is at every call of the store, of IoT Core and of a
journal, so that anything else may happen in between; nothing ever happens anywhere else. Chance comes in named streams
of one seed: taking an act out of a plan leaves the chances of the others as they were.
"""

import heapq
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

TRACE_KEPT = 400  # lines that a failure shows at most
Place = tuple[Any, str, Callable[[], Any]]
"""A global: where, its name, and what makes it anew for a new process."""


@dataclass(eq=False)
class Task:
    """Something that can be stopped half way. `about` is told in the trace; `own` are globals of its process."""

    about: str
    started_ms: int
    own: dict[int, Any] = field(default_factory=dict)
    thread: Any = None
    over: bool = False
    deadline_ms: int | None = None
    killed: bool = False
    request: Any = None


class Hub:
    """The queue. `swapped` are the globals that each task has for itself, as each Lambda process has."""

    def __init__(self, seed: int, now_ms: int, *, swapped: Sequence[Place] = (), moved: Callable[[int], None]) -> None:
        self.seed, self.now_ms, self.events = seed, now_ms, 0
        self.trace: deque[str] = deque(maxlen=TRACE_KEPT)
        self.tally: Counter[str] = Counter()
        self._swapped, self._moved = swapped, moved
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self._streams: dict[str, Random] = {}
        self._digest = sha256()
        self._tasks: dict[Any, Task] = {}

    @property
    def fingerprint(self) -> str:
        """The hash of everything that was noted: the same seed has the same."""
        return self._digest.hexdigest()

    @property
    def task(self) -> Task | None:
        """The task that runs now, None outside of any."""
        return self._tasks.get(getcurrent())

    def chance(self, stream: str) -> Random:
        """Return a stream of chance, the same one each time."""
        found = self._streams.get(stream)
        if found is None:
            found = self._streams[stream] = Random(f"{self.seed}/{stream}")
        return found

    def happens(self, kind: str, what: str = "") -> None:
        """Note an event: something that arrived, moved or was asked for."""
        self.events += 1
        self.tally[kind] += 1
        self.note(f"{kind} {what}")

    def note(self, line: str) -> None:
        """Write a line into the trace."""
        stamped = f"{self.now_ms} {line}"
        self._digest.update(stamped.encode())
        self.trace.append(stamped)

    def later(self, delay_ms: float, do: Callable[[], None]) -> None:
        """Do something after a time."""
        self._number += 1
        heapq.heappush(self._queue, (self.now_ms + max(0, round(delay_ms)), self._number, do))

    def spawn(
        self, about: str, do: Callable[[], None], *, delay_ms: float = 0, own: dict[int, Any] | None = None
    ) -> Task:
        """Begin a task after a time; `own` are values of the swapped globals by their place."""
        task = Task(about=about, started_ms=self.now_ms, own=own or {})
        task.thread = greenlet(do)
        self._tasks[task.thread] = task
        self.later(delay_ms, lambda: self._resume(task))
        return task

    def pause(self, ms: float) -> None:
        """Let others go first, for a time. Only a task may pause."""
        task = self.task
        assert task is not None
        self.later(ms, lambda: self._resume(task))
        task.thread.parent.switch()

    def end(self, task: Task, how: BaseException) -> None:
        """End a task where it is: `how` is raised there, and has to be caught by what it does."""
        if task.thread:  # begun, and not over
            self._resume(task, how)
        self._close(task)

    def run(self, until: Callable[[], bool]) -> None:
        """Let happen what is due, one after the other, until there is nothing left or enough has happened."""
        while self._queue and not until():
            at_ms, _, do = heapq.heappop(self._queue)
            if at_ms > self.now_ms:
                self.now_ms = at_ms
                self._moved(at_ms)
            do()

    def _resume(self, task: Task, how: BaseException | None = None) -> None:
        if task.over:
            return
        for number, (where, name, fresh) in enumerate(self._swapped):
            setattr(where, name, task.own[number] if number in task.own else fresh())
        task.thread.parent = getcurrent()
        task.thread.switch() if how is None else task.thread.throw(how)
        for number, (where, name, _) in enumerate(self._swapped):
            task.own[number] = getattr(where, name)
        if task.thread.dead:
            self._close(task)

    def _close(self, task: Task) -> None:
        task.over = True
        self._tasks.pop(task.thread, None)
