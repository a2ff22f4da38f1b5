"""What the bank lent and took back by itself, durable before any door moves (safety.md I7, I12).

A dealing counts until a roster was made after the cloud had heard of it: only that roster's numbers know of it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

import msgspec

from edge.drivers.base import Observation
from edge.journal import Journal, UsedGrant
from edge.offline.roster import Held
from edge.uploads import Offline, Outcome

LOCAL: Final = "offline:"  # no grant of the cloud has a colon: `GrantId` in its schema of uploads


class Dealing(msgspec.Struct, frozen=True, kw_only=True):
    """One opening that no command asked for. `badges` are all that led to the person then, `badge` the one shown.

    `alone` says that nothing else lay in that door, so that a presence sensor speaks of this thing.
    """

    grant: str
    kind: Literal["take", "return"]
    door: int
    badge: str
    badges: tuple[str, ...]
    asset: str
    type: str | None = None
    title: str = ""
    tag: str | None = None
    roster: str
    alone: bool = True

    @property
    def told(self) -> Offline:
        """Return what its reports say of it."""
        return Offline(kind=self.kind, badge=self.badge, asset=self.asset, roster=self.roster)


class Mine(NamedTuple):
    """What one person did here that the roster does not know of."""

    taken: tuple[Dealing, ...]  # whatever was opened to take, also while its door is still open
    held: dict[str, Dealing]  # by asset: taken and not brought back
    returned: frozenset[str]


class Dealings:
    """The journal's dealings, kept in memory too: a tap looks through them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._all: dict[str, Dealing] = {}
        self._by_badge: dict[str, dict[str, Dealing]] = {}
        self._finals: dict[str, str] = {}  # how each ended: the report's id by its grant
        self.reads()

    def reads(self) -> None:
        """Read them again: at boot, and when a new roster let some be forgotten."""
        dealt = self._journal.dealings()
        self._all = {each.grant: msgspec.json.decode(each.body, type=Dealing) for each in dealt}
        self._finals = {each.grant: each.final for each in dealt if each.final is not None}
        self._by_badge = {}
        for dealing in self._all.values():
            self._index(dealing)

    @property
    def live(self) -> bool:
        """Whether a door is in use that the bank opened by itself."""
        return len(self._finals) < len(self._all)

    def begins(self, dealing: Dealing, used: UsedGrant) -> None:
        """Write a dealing down with its used-mark; when this returns its door may be pulsed, once."""
        self._journal.use(used, msgspec.json.encode(dealing))
        self._all[dealing.grant] = dealing
        self._index(dealing)

    def find(self, grant: str | None) -> Dealing | None:
        """Return the dealing of a grant, if it is one."""
        return None if grant is None else self._all.get(grant)

    def in_use_by(self, badges: Iterable[str]) -> Dealing | None:
        """Return what the holder of some badges is just doing at a door, if anything."""
        return next((each for each in self._by(badges) if each.grant not in self._finals), None)

    def ended(self, grant: str, final: str, *, void: bool) -> None:
        """Take note that its last report was written; `void` where nothing changed hands."""
        if void:
            dealing = self._all.pop(grant, None)
            for badge in dealing.badges if dealing is not None else ():
                self._by_badge[badge].pop(grant)
        elif grant in self._all:
            self._finals[grant] = final

    def of(self, badges: Iterable[str]) -> Mine:
        """Return what the holder of some badges did, oldest first."""
        mine = self._by(badges)
        held: dict[str, Dealing] = {}
        returned: set[str] = set()
        for each in self._over(mine):
            if each.kind == "take":
                held[each.asset] = each
                returned.discard(each.asset)
            else:
                held.pop(each.asset, None)
                returned.add(each.asset)
        return Mine(tuple(each for each in mine if each.kind == "take"), held, frozenset(returned))

    def left_untouched(self, dealing: Dealing, last_mover: str | None) -> bool:
        """Whether the door of a dealing has not moved since it ended, given the report of its last movement."""
        return last_mover is not None and self._finals.get(dealing.grant) == last_mover

    def _index(self, dealing: Dealing) -> None:
        for badge in dealing.badges:
            self._by_badge.setdefault(badge, {})[dealing.grant] = dealing

    def _by(self, badges: Iterable[str]) -> list[Dealing]:
        """Return what any of some badges stands for, oldest first; they may have been different people's once."""
        found = [self._by_badge[badge] for badge in badges if badge in self._by_badge]
        together = {grant: dealing for each in found for grant, dealing in each.items()}
        if all(len(each) == len(together) for each in found):
            return list(together.values())
        return [dealing for grant, dealing in self._all.items() if grant in together]

    def _over(self, dealings: Iterable[Dealing]) -> Iterator[Dealing]:
        return (each for each in dealings if each.grant in self._finals)


def is_void(dealing: Dealing, outcome: Outcome, seen: Observation | None) -> bool:
    """Whether it is certain that nothing changed hands, given how it ended and what the sensors saw then.

    A take is void only where it is proven (it counts otherwise); a return that nobody can tell of is void, so that it
    can be done again.
    """
    if outcome in {Outcome.NOT_OPENED, Outcome.JAMMED}:
        return True
    if outcome is Outcome.UNRESOLVED or seen is None:
        return dealing.kind == "return"
    tagged = dealing.tag is not None and seen.tags is not None
    inside = dealing.tag in (seen.tags or ()) if tagged else seen.present
    return inside is (dealing.kind == "take") and (tagged or dealing.alone)


def as_held(dealing: Dealing) -> Held:
    """Return what was taken here as something that can come back: best into the door it came from."""
    return Held(asset=dealing.asset, title=dealing.title, tag=dealing.tag, doors=(dealing.door,))
