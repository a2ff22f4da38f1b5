"""Whom a notice goes to in the end: its recipient, who stands in for them, or nobody while a colleague is on duty."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.reaching import MOST_DELEGATES, delegates_of, not_before, off_duty
from toolcrib.domain.cooling import Cooldown, by_site
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.store import keys
from toolcrib.store.mapping import to_person
from toolcrib.store.people import find_person
from toolcrib.store.reads import find_many
from toolcrib.store.rulebook import book_with_site


@dataclass(frozen=True)
class Reader:
    """`person` is who reads it, None for a channel or where there is nobody; `off_duty`: a colleague does instead.

    It may be sent from `not_before` on; `declines`: it is a digest that they have unsubscribed from. `cooldown` is how
    long they are told nothing more afterwards.
    """

    person: Person | None
    not_before: datetime
    cooldown: Cooldown
    off_duty: bool = False
    declines: bool = False


def reader_of(org: str, notice: Notice, now: datetime) -> Reader:
    """Return who reads a notice now."""
    if notice.to is To.CHANNEL:
        return Reader(None, now, by_site(book_with_site(org, notice.site).sites))
    person = find_person(org, notice.recipient)
    sites = book_with_site(org, notice.site, person.site if person is not None else None).sites
    cooldown = by_site(sites)
    site = sites.get(notice.site or "")
    if notice.to is To.SUPERVISOR and site is not None and len(site.supervisors) > 1:
        found = find_many(keys.person(org, each) for each in dict.fromkeys(site.supervisors))
        if off_duty(notice, {each.id: each for each in map(to_person, found.values())}, now):
            return Reader(person, now, cooldown, off_duty=True)
    person = _in_place_of(org, person, now)
    own = sites.get(person.site or "") if person is not None else None
    declines = person is not None and notice.period is not None and notice.step in person.unsubscribed
    return Reader(person, not_before(notice, person, own or site, now), cooldown, declines=declines)


def _in_place_of(org: str, person: Person | None, now: datetime) -> Person | None:
    """Return the delegate of who is out of office; themself where there is none."""
    present = person
    for _ in range(MOST_DELEGATES):
        other = delegates_of(present, now) if present is not None else None
        found = find_person(org, other) if other is not None else None
        if found is None or not found.active:
            break
        present = found
    return present
