"""The last that each bank's readers saw, part by part, and since when (design.md, `status`)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from toolcrib.domain.record import Record
from toolcrib.domain.reports.status import Status

MOST_PARTS: Final = 8
ONE_STATUS: Final = timedelta(seconds=60)  # its parts tell of one moment; the next status is five minutes away
FRESH: Final = timedelta(minutes=11)  # two statuses missed, and a minute: as for a silent bank (watching.py)


class Seen(Record, frozen=True, kw_only=True):
    """A tag, and since when this door has shown it in every status."""

    tag: str
    since: datetime


class DoorSeen(Record, frozen=True, kw_only=True):
    """A door as a status told of it; `read` is whether its tags could be read at all."""

    number: int
    state: str
    read: bool
    tags: tuple[Seen, ...] = ()

    @property
    def sees(self) -> frozenset[str]:
        """The tags inside."""
        return frozenset(each.tag for each in self.tags)


class Part(Record, frozen=True, kw_only=True):
    """One part of a status, as it is kept until the next."""

    part: int
    parts: int
    boot: int
    at: datetime
    doors: tuple[DoorSeen, ...] = ()


class View(Record, frozen=True, kw_only=True, dict=True):
    """What a bank's readers saw last: the parts that belong to its latest status."""

    bank: str
    parts: tuple[Part, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all parts of the latest status are here."""
        return bool(self.parts) and len(self.parts) == self.parts[0].parts

    @property
    def at(self) -> datetime | None:
        """The moment it speaks of; None where nothing was told yet."""
        return min((each.at for each in self.parts), default=None)

    def fresh(self, now: datetime) -> bool:
        """Whether it is complete, and young enough to be compared with the record of now."""
        return self.complete and self.at is not None and now - self.at <= FRESH

    @cached_property
    def doors(self) -> Mapping[int, DoorSeen]:
        """The doors by number."""
        return {door.number: door for part in self.parts for door in part.doors}

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """The doors in which each tag is seen."""
        found: dict[str, tuple[int, ...]] = {}
        for number, door in sorted(self.doors.items()):
            for tag in door.sees:
                found[tag] = (*found.get(tag, ()), number)
        return found

    def spans(self, tag: str) -> Iterator[tuple[int, datetime, datetime]]:
        """Yield the doors in which a tag is seen, each with the time from when until when."""
        for part in self.parts:
            for door in part.doors:
                yield from ((door.number, each.since, part.at) for each in door.tags if each.tag == tag)


def view_of(bank: str, kept: Mapping[int, Part]) -> View:
    """Return the view that kept parts make: those of the latest status, in order."""
    latest = max(kept.values(), key=lambda part: part.at, default=None)
    if latest is None:
        return View(bank=bank)
    of_one = (
        part
        for _, part in sorted(kept.items())
        if (part.parts, part.boot) == (latest.parts, latest.boot)
        and part.part <= latest.parts
        and latest.at - part.at <= ONE_STATUS
    )
    return View(bank=bank, parts=tuple(of_one))


def looked(status: Status, before: Mapping[int, Part]) -> Part | None:
    """Return the part that a status tells, each tag since it was first seen where it is; None for an old status.

    `before` are the parts that were kept of the statuses before.
    """
    old = before.get(status.part)
    if (
        old is not None and old.at > status.at
    ):  # a copy is judged again; whatever the boots: they begin anew with each enrolment
        return None
    known = _since(before)
    doors = tuple(
        DoorSeen(
            number=number,
            state=state,
            read=status.tags.get(number) is not None,
            tags=tuple(
                Seen(tag=tag, since=known.get((number, tag), status.at))
                for tag in sorted(set(status.tags.get(number) or ()))
            ),
        )
        for number, state in sorted(status.doors.items())
    )
    return Part(part=status.part, parts=status.parts, boot=status.boot, at=status.at, doors=doors)


def _since(before: Mapping[int, Part]) -> dict[tuple[int, str], datetime]:
    return {
        (door.number, each.tag): each.since for part in before.values() for door in part.doors for each in door.tags
    }


def told(view: View, part: Part) -> View:
    """Return the view with one more part in it."""
    kept = {each.part: each for each in view.parts}
    return view_of(view.bank, {**kept, part.part: part})


def elsewhere(here: View, number: int, tag: str, others: Mapping[str, View]) -> tuple[str, int] | None:
    """Return another place (bank, door) that shows a tag at the time that this door does; None where there is none.

    Two banks tell at two moments. What was carried from one to the other is seen by one after the other; only what is
    seen by each of them before the other was done seeing it is in both.
    """
    mine = next(((since, until) for door, since, until in here.spans(tag) if door == number), None)
    if mine is None:
        return None
    doors = [door for door in here.places.get(tag, ()) if door != number]
    if doors:
        return here.bank, doors[0]
    for bank, view in sorted(others.items()):
        for door, since, until in view.spans(tag):
            if bank != here.bank and since < mine[1] and mine[0] < until:
                return bank, door
    return None
