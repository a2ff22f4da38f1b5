"""Imports of rosters: what they say is kept beside them until every person's item has it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pynamodb.transactions import TransactWrite

from toolcrib.domain.imports import Import
from toolcrib.domain.people import Person
from toolcrib.domain.rostering.roster import Roster, Span
from toolcrib.store import keys
from toolcrib.store.edits import edit
from toolcrib.store.items import ImportItem, PersonItem, RosterItem
from toolcrib.store.mapping import import_item, to_import, to_person
from toolcrib.store.reads import find, find_many, load
from toolcrib.store.shifts import packed, unpacked

AT_ONCE = 100  # people in one round trip
KEEP = timedelta(days=2)  # a roster that was written down is of no more use; DynamoDB removes it


def load_import(org: str, import_id: str) -> Import:
    """Return an import; raises `NotFound`."""
    return to_import(load(ImportItem, keys.imported(org, import_id), "import"))


def find_import(org: str, import_id: str) -> Import | None:
    """Return an import, or None."""
    item = find(ImportItem, keys.imported(org, import_id))
    return None if item is None else to_import(item)


def load_roster(org: str, import_id: str) -> Roster:
    """Return what an import says of each person, by id; raises `NotFound`."""
    item = load(RosterItem, keys.roster(org, import_id), "roster")
    begins, ends = map(datetime.fromisoformat, item.span)
    people = {person: unpacked(item.people[person]) for person in sorted(item.people)}
    return Roster(span=Span(begins=begins, ends=ends), people=people)


def find_people(org: str, wanted: Iterable[str]) -> dict[str, Person]:
    """Return those of these people that there are, 100 in a round trip."""
    ids = sorted(set(wanted))
    found: Mapping[Any, Any] = {}
    for start in range(0, len(ids), AT_ONCE):
        found = {**found, **find_many(keys.person(org, each) for each in ids[start : start + AT_ONCE])}
    people = map(to_person, found.values())
    return {person.id: person for person in people}


def add_import(org: str, op: str, new: Import, roster: Roster | None) -> None:
    """Put a new import, with what it says where that is to be written down; raises `LostRace` when its id is taken."""

    def fill(write: TransactWrite) -> None:
        write.save(import_item(org, new), condition=ImportItem.pk.does_not_exist())
        if roster is not None:
            write.save(_roster_item(org, new, roster))

    edit(org, op, new.at, fill)


def save_shifts(org: str, op: str, at: datetime, now: Import, people: Iterable[Person]) -> None:
    """Write people's shifts and how far the import is, in one transaction.

    Raises `LostRace` unless each is at the version before.
    """
    changed = tuple(people)

    def fill(write: TransactWrite) -> None:
        write.save(import_item(org, now), condition=ImportItem.version == now.version - 1)
        for person in changed:
            _shifts(org, person)(write)

    edit(org, op, at, fill, staff=True)


def _shifts(org: str, person: Person) -> Callable[[TransactWrite], None]:
    shifts, version = PersonItem.shifts, PersonItem.version
    actions: list[Any] = [shifts.set(packed(person.shifts)) if person.shifts else shifts.remove()]
    actions.append(version.set(person.version))

    def fill(write: TransactWrite) -> None:
        item = PersonItem(*keys.person(org, person.id))
        write.update(item, actions=actions, condition=version == person.version - 1)

    return fill


def _roster_item(org: str, of: Import, roster: Roster) -> RosterItem:
    return RosterItem(
        *keys.roster(org, of.id),
        people={person: packed(shifts) for person, shifts in roster.people.items()},
        span=[roster.span.begins.isoformat(), roster.span.ends.isoformat()],
        expires_at=int((of.at + KEEP).timestamp()),
    )
