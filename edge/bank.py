"""One bank's decisions as a plain synchronous machine: an event and the time go in, a list of actions comes out.

The controller drives it in real life, a simulator may drive it in one thread. Its only side effect is the journal,
because what it promises must be durable before it is done. Time and ids are arguments.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Final

from ulid import ULID

from edge import display, uploads
from edge.actions import Action, Dated, Recorded, Rostered, Show, Survey
from edge.clock import Now, TimeBase
from edge.config import BankConfig
from edge.counter import Counter
from edge.doors import DoorCycle, Phase, earliest
from edge.drivers.base import Observation
from edge.journal import Journal
from edge.keeper import Keeper
from edge.messages import Ack, FetchDown, Notice, Open, RosterDown, Session, Time, TimeClaims, parse
from edge.offline.dealings import LOCAL, Dealings
from edge.offline.desk import Desk
from edge.offline.refresh import Refresh
from edge.offline.replay import Replay
from edge.offline.roster import Roster
from edge.outbox import Outbox
from edge.reports import Reporter
from edge.signatures import NotAuthenticError, verified

log = logging.getLogger(__name__)
STATUS_EVERY_MS: Final = 300_000  # design.md, `status`
TIME_EVERY_MS: Final = 3_600_000  # a bad quartz drifts 0.2 s an hour
TIME_RETRY_MS: Final = (5_000, 10_000, 20_000, 60_000)


def new_ulid() -> str:
    """Return a fresh ULID."""
    return str(ULID())


@dataclass(frozen=True, kw_only=True)
class Chance:
    """Where ids, nonces and jitter come from; a simulator gives its own, repeatable ones."""

    new_id: Callable[[], str] = new_ulid
    new_nonce: Callable[[], str] = secrets.token_urlsafe
    jitter: Callable[[], float] = field(default_factory=lambda: SystemRandom().random)


class Bank:
    """The machine. Call `starts` once, then any `on_…`; call `ticks` no later than `due_at_ms`."""

    def __init__(self, config: BankConfig, journal: Journal, *, started: Now, chance: Chance | None = None) -> None:
        chance = chance or Chance()
        self.config, self._started, self._new_nonce = config, started, chance.new_nonce
        self.journal = journal
        self.base = TimeBase()
        self._counter = Counter(config, journal, new_id=chance.new_id)
        outbox, replay = Outbox(chance.jitter), Replay(chance.jitter)
        self._reporter = Reporter(journal, self.base, outbox, replay, new_id=chance.new_id, started=started)
        self._dealings = Dealings(journal)
        self._refresh = Refresh(config, journal, self._counter.conversation, chance.jitter)
        self._keeper = Keeper(
            config,
            journal,
            self.base,
            self._reporter,
            self._counter.waiting,
            dealings=self._dealings,
            is_offline=lambda: self.offline,
        )
        self._desk = Desk(config, journal, self.base, self._keeper, self._dealings, new_id=chance.new_id)
        self._connected = False
        self._status_at_ms = self._time_at_ms = started.mono_ms
        self._unanswered = 0

    @property
    def connected(self) -> bool:
        """Whether the broker is reachable."""
        return self._connected

    @property
    def offline(self) -> bool:
        """Whether the bank decides by itself: without a connection, and until the cloud knows all it did so."""
        return not self._connected or self._reporter.replaying or self._dealings.live

    def idle(self, now: Now) -> bool:
        """Whether nobody stands here: no door is in use, no answer is awaited, no session may be chosen from."""
        at_rest = all(door.phase is Phase.CLOSED for door in self.doors.values())
        waits = self._counter.waiting.due_at_ms() is not None
        return at_rest and not waits and self._counter.display.session(mono_ms=now.mono_ms) is None

    @property
    def roster(self) -> Roster | None:
        """What it decides by then."""
        return self._refresh.roster

    @property
    def screen(self) -> object:
        """What the person sees."""
        return self._counter.display.screen

    @property
    def doors(self) -> Mapping[int, DoorCycle]:
        """Every door by its number."""
        return self._keeper.doors

    def starts(self, found: Mapping[int, Observation], now: Now) -> list[Action]:
        """Begin a boot with what the sensors say."""
        return self._shown(self._keeper.starts(found, now), now)

    def on_tap(self, uid: str, now: Now, *, joins: bool = False) -> list[Action]:
        """A badge was shown; `joins` makes it a further badge of the running session."""
        if not self.offline:
            return self._shown(self._counter.tap(uid, now, joins=joins), now)
        roster = self.roster
        return self._shown(self._alone() if roster is None else self._desk.tap(uid, roster, now), now)

    def on_choice(self, choice: uploads.Choice, now: Now) -> list[Action]:
        """The person picked an option of the session on display."""
        roster, ours = self.roster, choice.session.startswith(LOCAL)
        if not self.offline and not ours:
            return self._shown(self._counter.choose(choice, now), now)
        session = self._counter.display.session(mono_ms=now.mono_ms)
        if session is None or session.session != choice.session:
            return self._shown([Show(screen=display.SESSION_OVER)], now)
        if roster is None:
            return self._shown(self._alone(), now)
        if self.offline and ours:
            return self._shown(self._desk.choose(choice, roster, now), now)
        return self._shown([Show(screen=display.TAP_AGAIN)], now)  # the line came or went while they were choosing

    def on_code(self, code: str, now: Now) -> list[Action]:
        """A pick-up code was typed."""
        return self._shown(self._alone() if self.offline else self._counter.code(code, now), now)

    def on_fetched(self, sha256: str, body: bytes | None, now: Now) -> list[Action]:
        """A `Fetch` read this; None when it failed."""
        if not self._refresh.fetched(sha256, body, now) or self.roster is None:
            return []
        self._dealings.reads()
        return [Rostered(version=self.roster.version)]

    def on_fault(self, fault: uploads.FaultReport, now: Now) -> list[Action]:
        """Somebody reports something broken."""
        return self._shown(self._reporter.tell([fault], now), now)

    def on_left(self, now: Now) -> list[Action]:
        """Whoever stood at the screen went away, or said so; a command that comes now opens nothing."""
        return self._shown(self._counter.left(), now)

    def on_alarm(self, kind: uploads.AlarmKind, now: Now) -> list[Action]:
        """The cabinet complains."""
        return self._reporter.tell([uploads.AlarmReport(kind=kind)], now)

    def on_moved(self, door: int, now: Now, *, is_open: bool) -> list[Action]:
        """A door's sensor saw an edge."""
        return self._shown(self._keeper.moved(door, now, is_open=is_open), now)

    def on_observed(self, door: int, cycle: int, observation: Observation, now: Now) -> list[Action]:
        """The sensors answered a `Read`."""
        return self._shown(self._keeper.observed(door, cycle, observation, now), now)

    def on_jammed(self, door: int, now: Now) -> list[Action]:
        """An `Unlock` failed for certain: the bolt did not move."""
        return self._shown(self._keeper.jammed(door, now), now)

    def on_connected(self, now: Now) -> list[Action]:
        """The broker is reachable: ask for the time, send a status and whatever waits."""
        self._connected = self._counter.connected = True
        self._unanswered = 0
        actions = [*self._ask_time(now), *self._reporter.connected(now), *self._refresh.connected(now)]
        return actions if self._reporter.status_is_fresh(now) else [*actions, *self._survey(now)]

    def on_disconnected(self, now: Now) -> list[Action]:
        """The broker is gone; reports wait in the journal."""
        del now
        self._connected = self._counter.connected = False
        self._reporter.disconnected()
        return []

    def on_unsent(self, upload: str, now: Now) -> list[Action]:
        """A `Send` failed: whoever waits is told, a report is repeated anyway."""
        return self._shown(self._counter.unsent(upload, now), now)

    def on_message(self, kind: str, payload: bytes, now: Now) -> list[Action]:
        """The cloud said something; noise changes nothing."""
        match parse(kind, payload):
            case Open() as message:
                return self._shown(self._keeper.commanded(message, now), now)
            case Session() as message:
                return self._shown(self._counter.session(message, now), now)
            case Notice() as message:
                return self._shown(self._counter.notice(message, now), now)
            case Ack() as message:
                return self._reporter.acknowledged(message, now)
            case Time() as message:
                return self._on_time(message, now)
            case RosterDown() as message:
                return self._refresh.promised(message, now)
            case FetchDown() as message:
                return self._refresh.found_at(message, now)
            case None:
                return []

    def on_survey(self, begun_ms: int, found: Mapping[int, Observation], now: Now) -> list[Action]:
        """All doors were read: journal a status. Where a door moved meanwhile its tags would be old: null.

        So they are where its sensors are not to be trusted. A bolt that is stuck hides no tags.
        """
        self._keeper.surveyed(begun_ms, found)
        doors = {number: self._state(number, seen) for number, seen in found.items()}
        tags = {
            number: uploads.bounded(
                seen.tags if self.doors[number].at_rest_since(begun_ms) and not seen.fault else None
            )
            for number, seen in found.items()
        }
        uptime_s = (now.mono_ms - self._started.mono_ms) // 1000
        bodies = uploads.status(
            doors, tags, firmware=self.config.firmware, uptime_s=uptime_s, journal_depth=self.journal.depth()
        )
        return self._reporter.status(bodies, now)

    def ticks(self, now: Now) -> list[Action]:
        """Let time act: door windows, unanswered uploads, repeats, the status and the time."""
        actions = [*self._keeper.ticks(now), *self._counter.ticks(now), *self._reporter.due(now)]
        if self._connected and now.mono_ms >= self._status_at_ms:
            actions += self._survey(now)
        if self._connected and now.mono_ms >= self._time_at_ms:
            actions += self._ask_time(now)
        if self._connected:
            actions += self._refresh.ticks(now)
        return self._shown(actions, now)

    def due_at_ms(self) -> int | None:
        """Return the monotonic moment at which `ticks` has something to do, or None."""
        routine = (self._status_at_ms, self._time_at_ms, self._refresh.due_at_ms()) if self._connected else ()
        waiting = self._counter.waiting.due_at_ms()
        return earliest((self._keeper.due_at_ms(), waiting, self._reporter.due_at_ms(), *routine))

    def _alone(self) -> list[Action]:
        """Say that nothing can be decided: there is no roster, or codes are not in it."""
        return [Show(screen=display.CATCHING_UP if self._connected else display.OFFLINE)]

    def _on_time(self, message: Time, now: Now) -> list[Action]:
        try:
            claims = verified(message.time, self.config.command_keys, TimeClaims)
        except NotAuthenticError as error:
            log.warning("time ignored: %s", error)
            return []
        if not self.base.answer(claims.nonce, claims.now, now):
            log.warning("time ignored: nobody asked, or it took too long")
            return []
        self._unanswered = 0
        self._time_at_ms = now.mono_ms + TIME_EVERY_MS
        return [Dated(), *self._reporter.time_is_known(now)]

    def _ask_time(self, now: Now) -> list[Action]:
        nonce = self._new_nonce()
        self.base.ask(nonce, now)
        self._time_at_ms = now.mono_ms + TIME_RETRY_MS[min(self._unanswered, len(TIME_RETRY_MS) - 1)]
        self._unanswered += 1
        return [self._counter.conversation(uploads.TimeRequest(nonce=nonce), now)]

    def _survey(self, now: Now) -> list[Action]:
        self._status_at_ms = now.mono_ms + STATUS_EVERY_MS
        return [Survey(begun_ms=now.mono_ms)]

    def _state(self, number: int, seen: Observation) -> str:
        if seen.fault or self.doors[number].fault:
            return "fault"
        return "open" if seen.is_open else "closed"

    def _shown(self, actions: list[Action], now: Now) -> list[Action]:
        for action in actions:
            match action:
                case Show(screen=screen):
                    self._counter.display.show(screen, mono_ms=now.mono_ms)
                case Recorded(report=report):
                    self._counter.reported(report.id)
                case _:
                    """The controller's."""
        return actions
