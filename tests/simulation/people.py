"""People at banks: they tap, choose, pull, take, put back, close; slowly, wrongly, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from edge.commands import Purpose
from edge.display import Choosing, Message, Opening, Screen
from edge.messages import Option, Session
from edge.uploads import Choice
from tests.simulation import deciding
from tests.simulation.deciding import Manner, Somebody
from tests.simulation.hub import Hub
from tests.simulation.station import Station

STRANGE_TAG = "E2FFFFFF"  # nobody registered it
TAKES = frozenset({Purpose.TAKE, Purpose.COLLECT})
PATIENCE_MS = 45_000  # whoever gets no answer in this time goes away
MOST_CHOICES = 4  # in one visit: to pick, to read the terms, to let somebody join
COUNTERSIGNS = 0.5
TAKES_ALL = 0.7  # of a kit, or brings all of it back


@dataclass
class Visit:
    """One person at one bank. `friends` may join them there, `calls` lets one of them come by and tap, too.

    `wants` is the kind of option they come for, or what its title says; None for any.
    """

    hub: Hub
    who: Somebody
    station: Station
    manner: Manner
    chance: Random
    friends: Sequence[Somebody] = ()
    calls: Callable[[Somebody, str | None], None] = lambda *_: None
    wants: str | None = None
    _choices: int = 0
    _picked: Option | None = None
    _guest: Somebody | None = None
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
            case Choosing(session=session) if self._choices < MOST_CHOICES and self.manner is not Manner.WALKS_AWAY:
                self._choices += 1
                self._after_reading(lambda: self._chooses(session))
            case Opening(door=door, purpose=purpose, grant=grant) if grant not in self._used:
                self._used.add(grant)
                self._soon(500, 9_000, lambda: self._pulls(door, purpose))
                self._lets_countersign(purpose)
            case Message(code="handed_over") if self._guest is not None and self.who.pocket:
                self._guest.pocket.append(self.who.pocket.pop(0))
                self._leaves_unless_busy()
            case Message(code=code, level=level) if code == "renewed" or level != "info":
                self._leaves_unless_busy()

    def _taps(self) -> None:
        self.hub.happens("tap", f"{self.who.id} at {self.station.id}")
        self.station.feed("tap", lambda bank, now: bank.on_tap(self.who.uid, now))

    def _after_reading(self, do: Callable[[], None]) -> None:
        if self.manner is Manner.RACES:
            self.hub.later(deciding.until_the_start(self.hub.now_ms), do)
        elif self._choices > 1:
            self._soon(500, 4_000, do)
        else:
            self._soon(1_000, 15_000, do)

    def _chooses(self, session: Session) -> None:
        option = deciding.pick(session, self._picked, self.manner, self.wants, self.chance)
        if option is None:
            self._leaves_unless_busy()
            return
        fresh, self._picked = self._picked is None, option
        friend = self._friend(option)
        if friend is not None:
            self._lets_join(friend)
            return
        self.hub.happens("choice", f"{self.who.id} {option.kind}")
        if fresh:
            self.hub.tally[f"chose {option.kind}{' of a kit' if deciding.is_kit(option) else ''}"] += 1
        types = self._guest if option.kind == "handover" and self._guest is not None else self.who
        for typed in deciding.typed(session, option, types, self.manner, self.chance):
            choice = Choice(session=session.session, option=option.option, **typed)
            self.station.feed("choice", lambda bank, now, choice=choice: bank.on_choice(choice, now))

    def _friend(self, option: Option) -> Somebody | None:
        """Return who comes along because the screen asks for another badge; nobody where none is there, or wants to."""
        if "authoriser" not in option.needs or self._guest is not None or self._choices == MOST_CHOICES:
            return None
        there = [each for each in self.friends if not each.busy and each.id != self.who.id]
        comes = self.chance.random() < deciding.COMES_ALONG
        return self.chance.choice(there) if there and comes else None

    def _lets_join(self, friend: Somebody) -> None:
        self._guest = friend
        self.hub.happens("joins", f"{friend.id} with {self.who.id} at {self.station.id}")
        self.station.feed("tap", lambda bank, now: bank.on_tap(friend.uid, now, joins=True))

    def _lets_countersign(self, purpose: Purpose) -> None:
        if purpose in TAKES or not self.friends or self.chance.random() > COUNTERSIGNS:
            return
        friend = self.chance.choice(self.friends)
        self.hub.later(self.chance.randint(1_000, 30_000), lambda: self.calls(friend, None))

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
        self._soon(left_ms, left_ms * 3, lambda: self._closes(door, purpose))

    def _takes(self, door: int, things: list[str]) -> None:
        for _ in range(self._how_many(len(things))):
            thing = things[-1] if self.manner is Manner.WRONG_THING else things[0]
            self.station.cabinet.take(door, thing)
            self.who.pocket.append(thing)
            self.hub.happens("took", f"{self.who.id} {thing}")

    def _puts(self, door: int) -> None:
        for _ in range(self._how_many(len(self.who.pocket))):
            thing = self.who.pocket.pop(-1 if self.manner is Manner.WRONG_THING else 0)
            self.station.cabinet.put(door, thing)
            self.hub.happens("put", f"{self.who.id} {thing}")

    def _how_many(self, there: int) -> int:
        """Of so many things one is moved, and of a kit mostly all of them."""
        whole = self._picked is not None and deciding.is_kit(self._picked) and self.chance.random() < TAKES_ALL
        return there if whole else min(1, there)

    def _breaks_another(self, but: int) -> None:
        other = self.station.cabinet.free_door(but=but)
        if other in self.station.cabinet.opened:
            return
        forces(self.station, other)
        self._puts(other)
        self._soon(500, 5_000, lambda: self._swings(other, is_open=False))

    def _closes(self, door: int, purpose: Purpose) -> None:
        self._swings(door, is_open=False)
        self._leaves()
        if self.manner is Manner.MOVES_NOTHING and purpose is not Purpose.SERVICE:  # and says so
            wants = "not_taken" if purpose in TAKES else "not_returned"
            self.hub.later(self.chance.randint(2_000, 20_000), lambda: self.calls(self.who, wants))

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
