"""The door cycle: from an unlocked door to one final report (rules.md, *Doors*; safety.md I6 to I8).

closed --unlock--> unlocked --opens--> open --closes--> reading --sensors--> closed     `opened`, `closed`
                      | 15 s: `not_opened`    | 60 s: `left_open`, once
                      | bolt stuck: `jammed`  | 120 s: buzzer
closed --opens, no grant--> open    `forced`, once; buzzer; a survey follows when it closes
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.actions import Action, Lock, Read, Sound, Survey
from edge.clock import Now
from edge.config import Windows
from edge.drivers.base import Observation
from edge.uploads import Outcome

READ_LIMIT_MS: Final = 10_000  # sensors that never answer must not keep a story open


class Phase(StrEnum):
    """Where a door is in its cycle."""

    CLOSED = "closed"
    UNLOCKED = "unlocked"
    OPEN = "open"
    READING = "reading"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Something to report. Times are monotonic milliseconds; `observation` only where sensors were read."""

    door: int
    outcome: Outcome
    grant: str | None
    opened_ms: int | None = None
    closed_ms: int | None = None
    observation: Observation | None = None


Step = Happened | Action


class DoorCycle:
    """One door. Every event returns what happened and what to do; a grant gets exactly one final outcome."""

    def __init__(self, number: int, windows: Windows) -> None:
        self.number = number
        self.phase = Phase.CLOSED
        self.fault = False
        self._windows = windows
        self.touched_ms = 0  # what sensors said before this moment may be old
        self._cycle = 0
        self._closed_ms: int | None = None
        self._reset(grant=None, since_ms=0)

    @property
    def is_open(self) -> bool:
        """Whether the sensor says open."""
        return self.phase is Phase.OPEN

    def at_rest_since(self, mono_ms: int) -> bool:
        """Whether nothing moved here since that moment, so that tags read then still say what is inside."""
        return self.phase is Phase.CLOSED and self.touched_ms <= mono_ms

    def found_open(self, now: Now) -> None:
        """Begin with a door that stands open at boot; nobody's grant."""
        self.phase = Phase.OPEN
        self._reset(grant=None, since_ms=now.mono_ms)

    def unlock(self, grant: str, now: Now) -> bool:
        """Begin a grant's cycle; False when the door is not closed and at rest, so nothing may be pulsed."""
        if self.phase is not Phase.CLOSED:
            return False
        self.phase, self.touched_ms = Phase.UNLOCKED, now.mono_ms
        self._reset(grant=grant, since_ms=now.mono_ms)
        return True

    def opens(self, now: Now) -> list[Step]:
        """Take an opening edge."""
        if self.phase is Phase.OPEN:
            return []
        before, self.phase, self.touched_ms = self.phase, Phase.OPEN, now.mono_ms
        if before is Phase.READING:  # it bounced before it latched: still the same opening
            return []
        self._since_ms = now.mono_ms
        if before is Phase.UNLOCKED:
            self.fault = False
            return [Lock(door=self.number), self._happened(Outcome.OPENED, opened_ms=now.mono_ms)]
        self._reset(grant=None, since_ms=now.mono_ms)
        self._sounding = True
        return [self._happened(Outcome.FORCED, opened_ms=now.mono_ms), Sound(door=self.number, on=True)]

    def closes(self, now: Now) -> list[Step]:
        """Take a closing edge: read the sensors for a grant, survey the bank for an opening without one."""
        if self.phase is not Phase.OPEN:
            return []
        self.touched_ms = now.mono_ms
        quiet: list[Step] = [Sound(door=self.number, on=False)] if self._sounding else []
        self._sounding = False
        if self._grant is None:
            self.phase = Phase.CLOSED
            return [*quiet, Survey(begun_ms=now.mono_ms)]
        self._cycle += 1  # an answer to an earlier closing is stale
        self.phase, self._closed_ms = Phase.READING, now.mono_ms
        return [*quiet, Read(door=self.number, cycle=self._cycle)]

    def observed(self, cycle: int, observation: Observation) -> list[Step]:
        """Take the sensors' answer to `Read`; an answer to an earlier closing, or from an open door, is stale."""
        if not self.awaits(cycle) or observation.is_open:
            return []
        return self._finish(observation)

    def awaits(self, cycle: int) -> bool:
        """Whether the sensors' answer to this `Read` is still wanted."""
        return self.phase is Phase.READING and cycle == self._cycle

    def jams(self) -> list[Step]:
        """Take the driver's word that the bolt did not move."""
        if self.phase is not Phase.UNLOCKED:
            return []
        self.phase, self.fault = Phase.CLOSED, True
        return [Lock(door=self.number), self._happened(Outcome.JAMMED)]

    def ticks(self, now: Now) -> list[Step]:
        """Let time act: 15 s to open, 60 s to close, 120 s to the buzzer."""
        elapsed_ms = now.mono_ms - self._since_ms
        if self.phase is Phase.UNLOCKED and elapsed_ms >= self._windows.open_ms:
            self.phase = Phase.CLOSED
            return [Lock(door=self.number), self._happened(Outcome.NOT_OPENED)]
        if self.phase is Phase.READING and now.mono_ms - self._closed_at_ms >= READ_LIMIT_MS:
            return self._finish(None)
        return self._overdue(elapsed_ms) if self.phase is Phase.OPEN else []

    def due_at_ms(self) -> int | None:
        """Return when `ticks` has something to do, or None."""
        if self.phase is Phase.UNLOCKED:
            return self._since_ms + self._windows.open_ms
        if self.phase is Phase.READING:
            return self._closed_at_ms + READ_LIMIT_MS
        if self.phase is Phase.OPEN and self._grant is not None and not self._left_open:
            return self._since_ms + self._windows.close_ms
        if self.phase is Phase.OPEN and not self._sounding:
            return self._since_ms + self._windows.alarm_ms
        return None

    @property
    def _closed_at_ms(self) -> int:
        return self._since_ms if self._closed_ms is None else self._closed_ms

    def _reset(self, *, grant: str | None, since_ms: int) -> None:
        self._grant, self._since_ms, self._closed_ms = grant, since_ms, None
        self._left_open = self._sounding = False

    def _overdue(self, elapsed_ms: int) -> list[Step]:
        steps: list[Step] = []
        if self._grant is not None and not self._left_open and elapsed_ms >= self._windows.close_ms:
            self._left_open = True
            steps.append(self._happened(Outcome.LEFT_OPEN, opened_ms=self._since_ms))
        if not self._sounding and elapsed_ms >= self._windows.alarm_ms:
            self._sounding = True
            steps.append(Sound(door=self.number, on=True))
        return steps

    def _finish(self, observation: Observation | None) -> list[Step]:
        self.phase = Phase.CLOSED
        opened_ms, closed_ms = self._since_ms, self._closed_ms
        return [self._happened(Outcome.CLOSED, opened_ms=opened_ms, closed_ms=closed_ms, observation=observation)]

    def _happened(
        self,
        outcome: Outcome,
        *,
        opened_ms: int | None = None,
        closed_ms: int | None = None,
        observation: Observation | None = None,
    ) -> Happened:
        return Happened(
            door=self.number,
            outcome=outcome,
            grant=self._grant,
            opened_ms=opened_ms,
            closed_ms=closed_ms,
            observation=observation,
        )


def earliest(moments: Iterable[int | None]) -> int | None:
    """Return the earliest of some moments, where None is never."""
    return min((moment for moment in moments if moment is not None), default=None)
