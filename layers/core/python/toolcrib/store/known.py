"""Who bears a name elsewhere, in Slack or as a mail address: found by a key of its own, judged by the profile.

An entry says where to look and nothing else. It is written with the profile; one that is old leads to a profile that
says otherwise, and counts for nothing.
"""

from typing import Final

from toolcrib.domain.people import Person
from toolcrib.store import keys
from toolcrib.store.items import KnownItem
from toolcrib.store.people import find_person
from toolcrib.store.reads import find

SLACK: Final = "slack"
EMAIL: Final = "email"


def find_by_slack(org: str, user: str) -> Person | None:
    """Return the person whose Slack id this is, or None."""
    person = _found(org, SLACK, user)
    return person if person is not None and person.slack_id == user else None


def find_by_email(org: str, address: str) -> Person | None:
    """Return the person whose mail address this is, whatever the case of its letters, or None."""
    person = _found(org, EMAIL, address.casefold())
    known = person.email if person is not None else None
    return person if known is not None and known.casefold() == address.casefold() else None


def _found(org: str, how: str, name: str) -> Person | None:
    item = find(KnownItem, keys.known_as(org, how, name))
    return None if item is None else find_person(org, item.person)
