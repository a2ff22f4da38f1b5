"""What is physically so: which things lie behind which doors, and who carries what. Kept in a file between runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from edge.config import BankConfig, Evidence
from edge.drivers.base import Observation

UNTAGGED: Final = "#"  # a thing whose name begins so has no tag; other things are named by their tag's EPC


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A thing in somebody's hands, and the door it came from."""

    thing: str
    bank: str = ""
    door: int = 0


class Snapshot(msgspec.Struct, kw_only=True):
    """The file: contents by bank and door, pockets by badge, what is written on things by their tags."""

    contents: dict[str, dict[int, list[str]]] = {}
    pockets: dict[str, list[Carried]] = {}
    names: dict[str, str] = {}


@dataclass
class Cabinet:
    """One bank's steel: doors that are open or not, things behind them, sensors as good as `evidence`.

    `released` are the doors whose bolt was pulled and that nobody has opened yet.
    """

    bank: str
    doors: range
    evidence: Evidence
    contents: dict[int, list[str]]
    opened: set[int] = field(default_factory=set)
    released: set[int] = field(default_factory=set)
    sensor: Callable[[int, bool], None] | None = None  # the controller that has power now
    changed: Callable[[], None] = lambda: None

    def swing(self, door: int, *, is_open: bool) -> None:
        """Open or close a door; a controller without power does not notice."""
        (self.opened.add if is_open else self.opened.discard)(door)
        self.released.discard(door)
        if self.sensor is not None:
            self.sensor(door, is_open)

    def observe(self, door: int) -> Observation:
        """Return what the sensors of a door say; tags are read only behind a closed door."""
        is_open, things = door in self.opened, self.contents.get(door, [])
        present = None if self.evidence is Evidence.DOOR_ONLY else bool(things)
        reads_tags = self.evidence is Evidence.TAGS and not is_open
        tags = tuple(thing for thing in things if not thing.startswith(UNTAGGED)) if reads_tags else None
        return Observation(is_open=is_open, present=present, tags=tags)

    def put(self, door: int, thing: str) -> None:
        """Lay a thing behind a door."""
        self.contents.setdefault(door, []).append(thing)
        self.changed()

    def take(self, door: int, thing: str) -> None:
        """Take a thing out."""
        self.contents[door].remove(thing)
        self.changed()

    def free_door(self, *, but: int) -> int:
        """Return the lowest closed and empty door other than `but`, or the last door."""
        others = [door for door in self.doors if door != but]
        free = (door for door in others if door not in self.opened and not self.contents.get(door))
        return next(free, others[-1] if others else but)


class World:
    """All cabinets and all pockets of a fleet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._now = msgspec.json.decode(path.read_bytes(), type=Snapshot) if path.exists() else Snapshot()

    def cabinet(self, config: BankConfig) -> Cabinet:
        """Return the steel of a bank, with what lay in it last."""
        contents = self._now.contents.setdefault(config.bank, {})
        return Cabinet(
            bank=config.bank,
            doors=config.door_numbers,
            evidence=config.evidence,
            contents=contents,
            changed=self.save,
        )

    def stock(self, bank: str, contents: dict[int, list[str]]) -> None:
        """Say what lies behind some doors of a bank."""
        self._now.contents.setdefault(bank, {}).update(contents)
        self.save()

    def pocket(self, uid: str) -> list[Carried]:
        """Return what the holder of a badge carries, oldest first."""
        return self._now.pockets.setdefault(uid, [])

    def carry(self, uid: str, things: list[str]) -> None:
        """Say what the holder of a badge carries."""
        self._now.pockets[uid] = [Carried(thing=thing) for thing in things]
        self.save()

    def name(self, names: dict[str, str]) -> None:
        """Say what is written on things, by their tags."""
        self._now.names.update(names)
        self.save()

    def named(self, thing: str) -> str:
        """Return what is written on a thing; without a name, its tag."""
        return self._now.names.get(thing, thing.removeprefix(UNTAGGED))

    def swap(self, one: str, other: str) -> None:
        """Let two things change their tags: each now says to a reader that it is the other."""
        names = self._now.names
        names[one], names[other] = self.named(other), self.named(one)
        self.save()

    def save(self) -> None:
        """Write the file as a whole."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_bytes(msgspec.json.encode(self._now))
        half.replace(self._path)
