"""People at banks: they tap, choose, pull, take, put back, close; slowly, wrongly, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from edge.commands import Purpose
from edge.display import Choosing, Message, Opening, Screen
from edge.messages import Session
from edge.tokens import pin_token
from edge.uploads import Choice
from tests.simulation.hub import Hub
from tests.simulation.station import Station
from tests.simulation.workplace import KEY, PINS

STRANGE_TAG = "E2FFFFFF"  # nobody registered it
TAKES = frozenset({Purpose.TAKE, Purpose.COLLECT})
PATIENCE_MS = 45_000  # whoever gets no answer in this time goes away


class Manner(StrEnum):
    """How somebody behaves in one visit."""

    PROPER = "proper"
    SLOW = "slow"
    NEVER_OPENS = "never opens"
    MOVES_NOTHING = "moves nothing"
    WRONG_THING = "takes or returns another thing"
    STRANGE_THING = "leaves a strange thing"
    LEAVES_OPEN = "leaves the door open"
    TAPS_TWICE = "taps twice"
    WALKS_AWAY = "walks away from the screen"
    OTHER_DOOR = "puts it behind a forced door"
    GUESSES = "guesses a PIN many times at once"


LIKELY: Mapping[Manner, int] = {
    Manner.PROPER: 60,
    Manner.SLOW: 6,
    Manner.NEVER_OPENS: 5,
    Manner.MOVES_NOTHING: 6,
    Manner.WRONG_THING: 6,
    Manner.STRANGE_THING: 3,
    Manner.LEAVES_OPEN: 4,
    Manner.TAPS_TWICE: 6,
    Manner.WALKS_AWAY: 2,
    Manner.OTHER_DOOR: 2,
    Manner.GUESSES: 3,
}
KNOWS_IT = 0.8  # how often somebody types their own PIN
WRONG_PINS = tuple(f"47{number:02d}" for number in range(12))


@dataclass
class Somebody:
    """A person with a badge, and what they carry (things by the name their tag or label has)."""

    id: str
    uid: str
    pocket: list[str] = field(default_factory=list)
    busy: bool = False


@dataclass
class Visit:
    """One person at one bank. `over` is called when they leave."""

    hub: Hub
    who: Somebody
    station: Station
    manner: Manner
    chance: Random
    _tapped: bool = False
    _chose: bool = False
    _used: set[str] = field(default_factory=set)

    def begins(self) -> None:
        """Walk up and show the badge."""
        self.who.busy = True
        self.station.shown.append(self.sees)
        self._taps()
        if self.manner is Manner.TAPS_TWICE:
            self.hub.later(self.chance.randint(200, 6_000), self._taps)
        self.hub.later(PATIENCE_MS + self.chance.randint(0, 30_000), self._leaves_unless_busy)

    def serves(self, door: int) -> None:
        """Use a door that was opened from afar, without a badge."""
        self.who.busy = True
        self._used.add("service")
        self._pulls(door, Purpose.SERVICE)

    def sees(self, screen: Screen) -> None:
        """Look at the screen, and do what it asks for, or not."""
        match screen:
            case Choosing(session=session) if not self._chose and self.manner is not Manner.WALKS_AWAY:
                self._chose = True
                self._soon(1_000, 15_000, lambda: self._chooses(session))
            case Opening(door=door, purpose=purpose, grant=grant) if grant not in self._used:
                self._used.add(grant)
                self._soon(500, 9_000, lambda: self._pulls(door, purpose))
            case Message(code="offline" | "no_answer" | "too_late" | "session_expired"):
                self._leaves_unless_busy()

    def _taps(self) -> None:
        self.hub.happens("tap", f"{self.who.id} at {self.station.id}")
        self.station.feed("tap", lambda bank, now: bank.on_tap(self.who.uid, now))

    def _chooses(self, session: Session) -> None:
        alone = [each for each in session.options if each.kind != "handover"]  # that takes two
        if not alone:
            self._leaves()
            return
        asking = [each for each in alone if "pin" in each.needs]
        guessable = asking if asking and self.manner is Manner.GUESSES else alone
        option = self.chance.choice(guessable)
        self.hub.happens("choice", f"{self.who.id} {option.kind}")
        self.hub.tally[f"chose {option.kind}"] += 1
        for typed in self._types(option.needs):
            choice = Choice(session=session.session, option=option.option, **typed)
            self.station.feed("choice", lambda bank, now, choice=choice: bank.on_choice(choice, now))

    def _types(self, needs: Sequence[str]) -> list[dict[str, str]]:
        """Return what is typed where a PIN is asked for: mostly the right one; or many wrong ones."""
        if "pin" not in needs:
            return [{}]
        if self.manner is Manner.GUESSES:
            return [{"pin": pin_token(digits, KEY)} for digits in WRONG_PINS]
        known = PINS.get(self.who.id) if self.chance.random() < KNOWS_IT else None
        return [{"pin": pin_token(known or self.chance.choice(WRONG_PINS), KEY)}]

    def _pulls(self, door: int, purpose: Purpose) -> None:
        if self.manner is Manner.NEVER_OPENS or door not in self.station.unlocked:
            self._leaves()
            return
        self.station.unlocked.discard(door)
        self._swings(door, is_open=True)
        self._soon(800, 20_000, lambda: self._moves(door, purpose))

    def _moves(self, door: int, purpose: Purpose) -> None:
        things = self.station.cabinet.contents.setdefault(door, [])
        if self.manner is Manner.STRANGE_THING:
            self.station.cabinet.put(door, STRANGE_TAG)
        elif self.manner is Manner.OTHER_DOOR and purpose not in TAKES:
            self._breaks_another(door)
        elif self.manner is not Manner.MOVES_NOTHING:
            takes = purpose in TAKES or (purpose is Purpose.SERVICE and self.chance.random() < 0.5)
            self._takes(door, things) if takes else self._puts(door)
        left_ms = 61_000 if self.manner is Manner.LEAVES_OPEN else 500
        self._soon(left_ms, left_ms * 3, lambda: self._closes(door))

    def _takes(self, door: int, things: list[str]) -> None:
        if things:
            thing = things[-1] if self.manner is Manner.WRONG_THING else things[0]
            self.station.cabinet.take(door, thing)
            self.who.pocket.append(thing)
            self.hub.happens("took", f"{self.who.id} {thing}")

    def _puts(self, door: int) -> None:
        if self.who.pocket:
            thing = self.who.pocket.pop(-1 if self.manner is Manner.WRONG_THING else 0)
            self.station.cabinet.put(door, thing)
            self.hub.happens("put", f"{self.who.id} {thing}")

    def _breaks_another(self, but: int) -> None:
        other = self.station.cabinet.free_door(but=but)
        if other in self.station.cabinet.opened:
            return
        forces(self.station, other)
        self._puts(other)
        self._soon(500, 5_000, lambda: self._swings(other, is_open=False))

    def _closes(self, door: int) -> None:
        self._swings(door, is_open=False)
        self._leaves()

    def _swings(self, door: int, *, is_open: bool) -> None:
        self.hub.happens("opened" if is_open else "closed", f"{self.station.id} {door}")
        self.station.cabinet.swing(door, is_open=is_open)

    def _soon(self, least_ms: int, most_ms: int, do: Callable[[], None]) -> None:
        slowness = 6 if self.manner is Manner.SLOW else 1
        self.hub.later(self.chance.randint(least_ms, most_ms) * slowness, do)

    def _leaves_unless_busy(self) -> None:
        if not self._used:
            self._leaves()

    def _leaves(self) -> None:
        self.who.busy = False
        if self.sees in self.station.shown:
            self.station.shown.remove(self.sees)


def forces(station: Station, door: int) -> None:
    """Open a door that nobody unlocked."""
    station.hub.happens("forced", f"{station.id} {door}")
    station.unlocked.discard(door)
    station.cabinet.swing(door, is_open=True)
