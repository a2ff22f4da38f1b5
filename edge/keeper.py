"""Keeps the doors: obeys commands, follows each door to its final report, and settles at boot what a power cut left."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec import UNSET

from edge import display
from edge.actions import Action, Recorded, Show, Unlock
from edge.clock import Now, TimeBase
from edge.commands import Burn, Ignore, Obey, OpenCommand, Purpose, Reason, Standing, judge
from edge.config import BankConfig, Evidence
from edge.conversations import Conversations
from edge.display import Message, Opening, Screen
from edge.doors import DoorCycle, Happened, Phase, Step, earliest
from edge.drivers.base import Observation
from edge.journal import Journal, Moved, UsedGrant
from edge.messages import Open
from edge.offline.dealings import Dealing, Dealings, is_void
from edge.offline.shelves import DoorFacts, Shelves
from edge.reports import Reporter
from edge.uploads import FINAL, DoorReport, Outcome, bounded

log = logging.getLogger(__name__)
TELL_THE_PERSON: Final = {
    Outcome.CLOSED: display.DONE,
    Outcome.NOT_OPENED: display.NOT_OPENED,
    Outcome.JAMMED: display.DOOR_JAMMED,
}


class Keeper:
    """All doors of one bank. The used-mark of a grant is durable before its `Unlock` is returned (safety.md I7).

    `is_offline` says whether the bank decides by itself: then it takes no commands but remote openings.
    """

    def __init__(
        self,
        config: BankConfig,
        journal: Journal,
        base: TimeBase,
        reporter: Reporter,
        waiting: Conversations,
        *,
        dealings: Dealings,
        is_offline: Callable[[], bool],
    ) -> None:
        self._config, self._journal, self._base, self._reporter = config, journal, base, reporter
        self._waiting, self._dealings, self._is_offline = waiting, dealings, is_offline
        self._seen: dict[int, Observation] = {}  # by door: what its sensors said since it closed
        self.doors = {number: DoorCycle(number, config.windows) for number in config.door_numbers}

    def starts(self, found: Mapping[int, Observation], now: Now) -> list[Action]:
        """Settle what the last boot left: `unresolved` per used grant without an end, `forced` for doors found open."""
        actions: list[Action] = []
        known_open = set(self._journal.open_doors())
        self._seen = {number: seen for number, seen in found.items() if not seen.is_open}
        for used in self._journal.unsettled():
            seen = found.get(used.door)
            is_open = seen is not None and seen.is_open
            step = Happened(door=used.door, outcome=Outcome.UNRESOLVED, grant=used.grant, observation=seen)
            actions += self._tell(step, now, door=(used.door, is_open))
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
        if self._is_offline() and command.purpose is not Purpose.SERVICE:
            return [*self._burnt(command, now), Show(screen=display.TAP_AGAIN)]
        if door.phase is not Phase.CLOSED:
            return [*self._burnt(command, now), Show(screen=display.DOOR_STUCK_OPEN)]
        return self._obeyed(verdict, door, now)

    def deals(self, dealing: Dealing, now: Now) -> list[Action]:
        """Open a door that no command asked for (safety.md I12); what is dealt is durable before the pulse."""
        door = self.doors[dealing.door]
        if door.phase is not Phase.CLOSED:
            return [Show(screen=display.DOOR_STUCK_OPEN)]
        cloud_ms = self._base.cloud_ms(now) or 0  # without the time only returns: their ids are never given again
        self._dealings.begins(dealing, UsedGrant(grant=dealing.grant, door=dealing.door, cloud_ms=cloud_ms))
        return self._unlocked(door, dealing.grant, Purpose(dealing.kind), now)

    def reminder(self, dealing: Dealing) -> Screen:
        """Return what to show to whoever taps again while their door is unlocked or open."""
        if self.doors[dealing.door].phase is Phase.UNLOCKED:
            return Opening(door=dealing.door, purpose=Purpose(dealing.kind), grant=dealing.grant)
        return display.please_close(dealing.door)

    def shelves(self, made_ms: int) -> Shelves:
        """Return what is known of every door, for a roster that was made at `made_ms` of the cloud's time."""
        moved = self._journal.moved()
        facts = {number: self._facts(door, moved.get(number), made_ms) for number, door in self.doors.items()}
        return Shelves(evidence=self._config.evidence, doors=facts)

    def surveyed(self, begun_ms: int, found: Mapping[int, Observation]) -> None:
        """Remember what the sensors said, of every door that did not move meanwhile."""
        self._seen |= {number: seen for number, seen in found.items() if self.doors[number].at_rest_since(begun_ms)}

    def moved(self, number: int, now: Now, *, is_open: bool) -> list[Action]:
        """Take an edge of a door's sensor."""
        door = self.doors.get(number)
        if door is None:
            log.warning("sensor of a door this bank does not have: door=%d", number)
            return []
        self._seen.pop(number, None)
        was_explained = door.phase is Phase.OPEN
        actions = self._carried_out(door.opens(now) if is_open else door.closes(now), now)
        if was_explained and door.phase is Phase.CLOSED:  # an opening without a grant has ended: no report says so
            self._journal.remember_door(number, is_open=False)
        return actions

    def observed(self, number: int, cycle: int, observation: Observation, now: Now) -> list[Action]:
        """Take the sensors' answer after a closing."""
        if self.doors[number].awaits(cycle) and not observation.is_open:
            self._seen[number] = observation
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
        return self._unlocked(door, command.jti, command.purpose, now)

    def _unlocked(self, door: DoorCycle, grant: str, purpose: Purpose, now: Now) -> list[Action]:
        door.unlock(grant, now)
        return [
            Unlock(door=door.number, grant=grant, purpose=purpose),
            Show(screen=Opening(door=door.number, purpose=purpose, grant=grant)),
        ]

    def _facts(self, door: DoorCycle, moved: Moved | None, made_ms: int) -> DoorFacts:
        seen = self._seen.get(door.number)
        fault = door.fault or (seen is not None and (seen.fault or seen.is_open))
        return DoorFacts(
            at_rest=door.phase is Phase.CLOSED and not fault,
            moved=moved is not None and (moved.known_ms is None or moved.known_ms >= made_ms),
            seen=seen,
            untouched_by=None if moved is None else moved.report,
        )

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
        moved = {Outcome.OPENED: True, Outcome.FORCED: True, Outcome.CLOSED: False}.get(step.outcome)
        actions = self._tell(step, now, door=None if moved is None else (step.door, moved))
        return [*actions, *(Show(screen=screen) for screen in _screens(step))]

    def _tell(self, step: Happened, now: Now, *, door: tuple[int, bool] | None) -> list[Action]:
        """Journal what happened; at the end of a grant's story together with that end."""
        dealing = self._dealings.find(step.grant)
        settles = step.grant if step.outcome in FINAL else None
        void = dealing is not None and settles is not None and is_void(dealing, step.outcome, step.observation)
        actions = self._reporter.tell([self._report(step, dealing, now)], now, settles=settles, door=door, void=void)
        if dealing is not None and settles is not None:
            final = next(action.report.id for action in actions if isinstance(action, Recorded))
            self._dealings.ended(dealing.grant, final, void=void)
        return actions

    def _report(self, step: Happened, dealing: Dealing | None, now: Now) -> DoorReport:
        seen = step.observation or Observation(is_open=False)
        tags = bounded(seen.tags)
        return DoorReport(
            door=step.door,
            grant=step.grant if dealing is None else None,
            outcome=step.outcome,
            opened_ms=None if step.opened_ms is None else now.mono_ms - step.opened_ms,
            closed_ms=None if step.closed_ms is None else now.mono_ms - step.closed_ms,
            evidence=_level(seen),
            present=seen.present,
            tags=tags,
            offline=UNSET if dealing is None else dealing.told,
        )


def _level(seen: Observation) -> Evidence:
    if seen.tags is not None:
        return Evidence.TAGS
    return Evidence.DOOR_ONLY if seen.present is None else Evidence.PRESENCE


def _screens(step: Happened) -> list[Message]:
    if step.outcome in {Outcome.LEFT_OPEN, Outcome.FORCED}:
        return [display.please_close(step.door)]
    return [TELL_THE_PERSON[step.outcome]] if step.outcome in TELL_THE_PERSON else []
