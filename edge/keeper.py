"""Keeps the doors: obeys commands, follows each door to its final report, and settles at boot what a power cut left."""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from edge import display
from edge.actions import Action, Show, Unlock
from edge.clock import Now, TimeBase
from edge.commands import Burn, Ignore, Obey, OpenCommand, Reason, Standing, judge
from edge.config import BankConfig, Evidence
from edge.conversations import Conversations
from edge.display import Message, Opening
from edge.doors import DoorCycle, Happened, Phase, Step, earliest
from edge.drivers.base import Observation
from edge.journal import Journal, UsedGrant
from edge.messages import Open
from edge.reports import Reporter
from edge.uploads import FINAL, DoorReport, Outcome, bounded

log = logging.getLogger(__name__)
TELL_THE_PERSON: Final = {
    Outcome.CLOSED: display.DONE,
    Outcome.NOT_OPENED: display.NOT_OPENED,
    Outcome.JAMMED: display.DOOR_JAMMED,
}


class Keeper:
    """All doors of one bank. The used-mark of a grant is durable before its `Unlock` is returned (safety.md I7)."""

    def __init__(
        self, config: BankConfig, journal: Journal, base: TimeBase, reporter: Reporter, waiting: Conversations
    ) -> None:
        self._config, self._journal, self._base, self._reporter = config, journal, base, reporter
        self._waiting = waiting
        self.doors = {number: DoorCycle(number, config.windows) for number in config.door_numbers}

    def starts(self, found: Mapping[int, Observation], now: Now) -> list[Action]:
        """Settle what the last boot left: `unresolved` per used grant without an end, `forced` for doors found open."""
        actions: list[Action] = []
        known_open = set(self._journal.open_doors())
        for used in self._journal.unsettled():
            seen = found.get(used.door)
            is_open = seen is not None and seen.is_open
            body = self._report(
                Happened(door=used.door, outcome=Outcome.UNRESOLVED, grant=used.grant, observation=seen), now
            )
            actions += self._reporter.tell([body], now, settles=used.grant, door=(used.door, is_open))
            known_open.add(used.door)
        for number, door in self.doors.items():
            actions += self._found(door, found.get(number), now, known=number in known_open)
        return actions

    def commanded(self, message: Open, now: Now) -> list[Action]:
        """Judge a command, then obey it, burn it, or leave it."""
        verdict = judge(message.command, self._standing(now))
        if isinstance(verdict, Ignore):
            return self._ignored(verdict, now)
        command = verdict.command
        self._waiting.consume(command.re, now)
        door = self.doors[command.door]
        if isinstance(verdict, Burn):
            return self._burnt(command, now)
        if door.phase is not Phase.CLOSED:
            return [*self._burnt(command, now), Show(screen=display.DOOR_STUCK_OPEN)]
        return self._obeyed(verdict, door, now)

    def moved(self, number: int, now: Now, *, is_open: bool) -> list[Action]:
        """Take an edge of a door's sensor."""
        door = self.doors.get(number)
        if door is None:
            log.warning("sensor of a door this bank does not have: door=%d", number)
            return []
        was_explained = door.phase is Phase.OPEN
        actions = self._carried_out(door.opens(now) if is_open else door.closes(now), now)
        if was_explained and door.phase is Phase.CLOSED:  # an opening without a grant has ended: no report says so
            self._journal.remember_door(number, is_open=False)
        return actions

    def observed(self, number: int, cycle: int, observation: Observation, now: Now) -> list[Action]:
        """Take the sensors' answer after a closing."""
        return self._carried_out(self.doors[number].observed(cycle, observation), now)

    def jammed(self, number: int, now: Now) -> list[Action]:
        """Take the driver's word that the bolt did not move."""
        return self._carried_out(self.doors[number].jams(), now)

    def ticks(self, now: Now) -> list[Action]:
        """Let time act on every door."""
        return [action for door in self.doors.values() for action in self._carried_out(door.ticks(now), now)]

    def due_at_ms(self) -> int | None:
        """Return when a door has something to do."""
        return earliest(door.due_at_ms() for door in self.doors.values())

    def _standing(self, now: Now) -> Standing:
        return Standing(
            thing=self._config.thing,
            keys=self._config.command_keys,
            doors=self._config.door_numbers,
            cloud_ms=self._base.cloud_ms(now),
            waits=lambda upload: self._waiting.waits(upload, now),
            used=self._journal.is_used,
        )

    def _ignored(self, verdict: Ignore, now: Now) -> list[Action]:
        log.warning("command ignored: reason=%s", verdict.reason)
        if verdict.reason is Reason.USED or not self._waiting.consume(verdict.re, now):
            return []
        return [Show(screen=display.TOO_LATE)]

    def _burnt(self, command: OpenCommand, now: Now) -> list[Action]:
        log.info("command burnt, nobody waits or the door is not at rest: grant=%s door=%d", command.jti, command.door)
        body = DoorReport(door=command.door, grant=command.jti, outcome=Outcome.NOT_OPENED)
        return self._reporter.burn(self._used(command, now), body, now)

    def _obeyed(self, verdict: Obey, door: DoorCycle, now: Now) -> list[Action]:
        command = verdict.command
        self._journal.use(self._used(command, now))
        door.unlock(command.jti, now)
        return [
            Unlock(door=command.door, grant=command.jti, purpose=command.purpose),
            Show(screen=Opening(door=command.door, purpose=command.purpose, grant=command.jti)),
        ]

    def _used(self, command: OpenCommand, now: Now) -> UsedGrant:
        cloud_ms = self._base.cloud_ms(now)
        assert cloud_ms is not None  # no command passes without a time base
        return UsedGrant(grant=command.jti, door=command.door, cloud_ms=cloud_ms)

    def _found(self, door: DoorCycle, seen: Observation | None, now: Now, *, known: bool) -> list[Action]:
        if seen is None or seen.fault:
            return []
        if not seen.is_open:
            if known:
                self._journal.remember_door(door.number, is_open=False)
            return []
        door.found_open(now)
        if known:
            return []
        return self._carried_out([Happened(door=door.number, outcome=Outcome.FORCED, grant=None)], now)

    def _carried_out(self, steps: Iterable[Step], now: Now) -> list[Action]:
        actions: list[Action] = []
        for step in steps:
            actions += self._told(step, now) if isinstance(step, Happened) else [step]
        return actions

    def _told(self, step: Happened, now: Now) -> list[Action]:
        settles = step.grant if step.outcome in FINAL else None
        moved = {Outcome.OPENED: True, Outcome.FORCED: True, Outcome.CLOSED: False}.get(step.outcome)
        door = None if moved is None else (step.door, moved)
        actions = self._reporter.tell([self._report(step, now)], now, settles=settles, door=door)
        return [*actions, *(Show(screen=screen) for screen in _screens(step))]

    def _report(self, step: Happened, now: Now) -> DoorReport:
        seen = step.observation or Observation(is_open=False)
        tags = bounded(seen.tags)
        return DoorReport(
            door=step.door,
            grant=step.grant,
            outcome=step.outcome,
            opened_ms=None if step.opened_ms is None else now.mono_ms - step.opened_ms,
            closed_ms=None if step.closed_ms is None else now.mono_ms - step.closed_ms,
            evidence=_level(seen),
            present=seen.present,
            tags=tags,
        )


def _level(seen: Observation) -> Evidence:
    if seen.tags is not None:
        return Evidence.TAGS
    return Evidence.DOOR_ONLY if seen.present is None else Evidence.PRESENCE


def _screens(step: Happened) -> list[Message]:
    if step.outcome in {Outcome.LEFT_OPEN, Outcome.FORCED}:
        return [display.please_close(step.door)]
    return [TELL_THE_PERSON[step.outcome]] if step.outcome in TELL_THE_PERSON else []
