"""People and badges."""

from collections.abc import Iterable

from toolcrib.domain.people import Badge, Person
from toolcrib.store import keys
from toolcrib.store.items import BadgeItem, PersonItem
from toolcrib.store.mapping import to_badge, to_person
from toolcrib.store.reads import find, find_many, load


def load_person(org: str, person_id: str) -> Person:
    """Return a person; raises `NotFound`."""
    return to_person(load(PersonItem, keys.person(org, person_id), "person"))


def find_person(org: str, person_id: str) -> Person | None:
    """Return a person, or None."""
    item = find(PersonItem, keys.person(org, person_id))
    return None if item is None else to_person(item)


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
