"""People and badges."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from pynamodb.expressions.operand import Path
from pynamodb.transactions import TransactWrite

from toolcrib.domain.people import Badge, Person
from toolcrib.store import keys
from toolcrib.store.agenda import on_agenda
from toolcrib.store.edits import edit
from toolcrib.store.items import BadgeItem, KnownItem, PersonItem
from toolcrib.store.mapping import badge_item, person_item, plain, to_badge, to_person
from toolcrib.store.reads import Key, find, find_many, load


def _nothing(_: TransactWrite) -> None:
    """Nothing more is written."""


def load_person(org: str, person_id: str) -> Person:
    """Return a person; raises `NotFound`."""
    return to_person(load(PersonItem, keys.person(org, person_id), "person"))


def find_person(org: str, person_id: str) -> Person | None:
    """Return a person, or None."""
    item = find(PersonItem, keys.person(org, person_id))
    return None if item is None else to_person(item)


def find_accounts(org: str, person_ids: Iterable[str]) -> dict[str, Person]:
    """Return the people there are among up to 100 ids, in one round trip; none is asked for where there are none."""
    wanted = {keys.person(org, person_id) for person_id in person_ids}
    found = find_many(wanted) if wanted else {}
    return {person.id: person for person in map(to_person, found.values())}


def find_borrowers(org: str, person: Person) -> tuple[Person, ...]:
    """Return the accounts that a person borrows or returns for, in order; nothing is read where there are none."""
    accounts = (*person.borrows_for, *person.returns_for)
    found = find_accounts(org, accounts)
    return tuple(found[each] for each in accounts if each in found)


def find_badge(org: str, badge_id: str) -> Badge | None:
    """Return a badge by its keyed hash, or None."""
    item = find(BadgeItem, keys.badge(org, badge_id))
    return None if item is None else to_badge(item)


def find_badges(org: str, tokens: Iterable[str]) -> tuple[Badge | None, int]:
    """Return the first badge known among a tap's tokens, and the rule book's stamp, in one round trip."""
    wanted = [keys.badge(org, token) for token in tokens]
    stamp = keys.rules_stamp(org)
    found = find_many([*wanted, stamp])
    badges = (to_badge(found[key]) for key in wanted if key in found)
    return next(badges, None), int(found[stamp].stamp) if stamp in found else 0


def find_people(org: str, people: Iterable[str], badges: Iterable[str]) -> tuple[dict[str, Person], dict[str, Badge]]:
    """Return the people and badges there are among these, by id, in one round trip."""
    by_person = {keys.person(org, each): each for each in people}
    by_badge = {keys.badge(org, each): each for each in badges}
    found = find_many([*by_person, *by_badge])
    return (
        {each: to_person(found[key]) for key, each in by_person.items() if key in found},
        {each: to_badge(found[key]) for key, each in by_badge.items() if key in found},
    )


def add_person(org: str, op: str, at: datetime, person: Person) -> None:
    """Put a new person; raises `LostRace` when the id is taken."""
    item = person_item(org, person)

    def fill(write: TransactWrite) -> None:
        write.save(item, condition=PersonItem.pk.does_not_exist())
        _known(write, org, None, person)

    edit(org, op, at, fill, staff=True)


def describe_person(org: str, op: str, at: datetime, person: Person, before: Person | None = None) -> None:
    """Write what admins may edit of a person; holdings stay. Raises `LostRace` unless it was the version before.

    `before` is the person as they were: what they are known as elsewhere is noted where it has changed.
    """
    item = person_item(org, person)
    actions = [PersonItem.about.set(item.about), *on_agenda(item)]
    _update(org, op, at, person, actions, lambda write: _known(write, org, before, person))


def save_blocks(org: str, op: str, at: datetime, person: Person) -> None:
    """Write the blocks that were given to a person by hand; raises `LostRace` unless it was the version before."""
    _update(org, op, at, person, [PersonItem.blocks.set(person_item(org, person).blocks or {})])


def _update(
    org: str,
    op: str,
    at: datetime,
    person: Person,
    actions: list[Any],
    more: Callable[[TransactWrite], None] = _nothing,
) -> None:
    version, item = PersonItem.version, PersonItem(*keys.person(org, person.id))
    actions = [*actions, version.set(person.version)]
    before = version == person.version - 1

    def fill(write: TransactWrite) -> None:
        write.update(item, actions=actions, condition=before)
        more(write)

    edit(org, op, at, fill, staff=True)


def _known(write: TransactWrite, org: str, before: Person | None, after: Person) -> None:
    """Note where to look for who bears a Slack id or an address (`known.py`), and forget what they bore."""
    was, now = _names(org, before), _names(org, after)
    for key in sorted(now - was):
        write.save(KnownItem(*key, person=after.id))
    for key in sorted(was - now):
        write.delete(KnownItem(*key))


def _names(org: str, person: Person | None) -> set[Key]:
    slack = person.slack_id if person is not None else None
    email = person.email.casefold() if person is not None and person.email is not None else None
    return {keys.known_as(org, how, name) for how, name in (("slack", slack), ("email", email)) if name}


def save_badge(org: str, op: str, at: datetime, badge: Badge) -> None:
    """Write a badge over the revision before it (1: none); raises `LostRace`."""
    before = BadgeItem.pk.does_not_exist() if badge.revision == 1 else Path("about.revision") == badge.revision - 1
    edit(org, op, at, lambda write: write.save(badge_item(org, badge), condition=before), staff=True)


def accept_terms(org: str, op: str, at: datetime, person: Person) -> None:
    """Write what a person has accepted, and nothing else; raises `LostRace` unless it was the version before."""
    version, accepted = PersonItem.version, plain(person.acceptances)
    actions: list[Any] = [PersonItem.acceptances.set(accepted), version.set(person.version)]
    item = PersonItem(*keys.person(org, person.id))
    before = version == person.version - 1
    edit(org, op, at, lambda write: write.update(item, actions=actions, condition=before), staff=True)
