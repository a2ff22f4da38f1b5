"""What lies behind which door, as far as a bank without a network can know: what may be lent, what is free.

A door that moved since its roster was made says nothing any more, unless its sensors do (docs/decisions.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from edge.config import Evidence
from edge.drivers.base import Observation
from edge.offline.roster import Content, Held, Roster


@dataclass(frozen=True, kw_only=True)
class DoorFacts:
    """One door now. `moved` since the roster was made, or the cloud may not have heard all about it.

    `seen` is None where its sensors have not answered since it closed; `untouched_by` is the report of its last
    movement.
    """

    at_rest: bool
    moved: bool
    seen: Observation | None
    untouched_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """All doors of one bank, and what its sensors are able to prove."""

    evidence: Evidence
    doors: Mapping[int, DoorFacts]

    def lendable(self, roster: Roster) -> Iterator[tuple[int, tuple[Content, ...]]]:
        """Yield doors whose contents are known, lowest number first, with all that lies in each."""
        for number, door in sorted(self.doors.items()):
            contents = self._known(roster.doors.get(number, ()), door, roster) if door.at_rest else ()
            if contents:
                yield number, contents

    def free(self, held: Held, roster: Roster, *, from_door: int | None = None) -> int | None:
        """Return the best door that is known to be free; None when there is none.

        Those that fit come first, then the largest, then those that were emptied here. `from_door` is the one that the
        thing itself was taken from, if that has not moved since.
        """
        wanted = dict.fromkeys((*held.doors, *roster.free, *sorted(roster.doors)))
        told_free = {*held.doors, *roster.free} - {door for door, contents in roster.doors.items() if contents}
        return next((door for door in wanted if self._is_free(door, door in told_free, door == from_door)), None)

    def _known(self, told: tuple[Content, ...], door: DoorFacts, roster: Roster) -> tuple[Content, ...]:
        if not door.moved:
            return told if self._agrees(told, door.seen) else ()
        if door.seen is None or not door.seen.tags or door.seen.present is False:
            return ()
        named = [roster.tagged(tag) for tag in door.seen.tags]
        return tuple(content for content in named if content is not None) if None not in named else ()

    def _agrees(self, told: tuple[Content, ...], seen: Observation | None) -> bool:
        """Whether sensors see what the roster tells; a sensor that should be there and is silent does not agree."""
        if self.evidence is Evidence.DOOR_ONLY and seen is None:
            return True
        if seen is None or self._silent(seen) or seen.present is False:
            return False
        return seen.tags is None or set(seen.tags) == {content.tag for content in told if content.tag is not None}

    def _is_free(self, number: int, told_free: bool, its_own: bool) -> bool:  # noqa: FBT001 - facts of one door
        door = self.doors.get(number)
        if door is None or not door.at_rest:
            return False
        if door.seen is None:
            return self.evidence is Evidence.DOOR_ONLY and (its_own or (told_free and not door.moved))
        if door.seen.tags or door.seen.present:
            return False
        proven = door.seen.present is False
        return proven or ((its_own or (told_free and not door.moved)) and not self._silent(door.seen))

    def _silent(self, seen: Observation) -> bool:
        if self.evidence is Evidence.TAGS:
            return seen.tags is None
        return self.evidence is Evidence.PRESENCE and seen.present is None
