"""Which person a Slack user is, and what that person may do; whoever is not known is linked by their verified mail.

A Slack id counts where the person's own record names it. A supervisor may press what their sign-in may do; somebody who
never signs in may do what everybody may with what is theirs.
"""

from datetime import datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient

from toolcrib.domain.ids import derived
from toolcrib.domain.people import Person, entitled
from toolcrib.domain.principals import Principal, Role
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import until_committed
from toolcrib.store.known import find_by_email, find_by_slack
from toolcrib.store.people import describe_person, load_person
from toolcrib.store.principals import find_principal_of

UNVERIFIED: Final = ("deleted", "is_bot", "is_stranger")


class Known(Record, frozen=True, kw_only=True):
    """Whom a Slack user speaks for: who they are, and as whom they act."""

    person: Person
    by: Principal


def known_as(org: str, user: str, web: WebClient, now: datetime) -> Known | None:
    """Return whom a Slack user speaks for; None for somebody who is nobody here, or not active."""
    person = find_by_slack(org, user) or _linked(org, user, web, now)
    if person is None or not entitled(person, now):
        return None
    own = Principal(subject=f"person:{person.id}", org=org, role=Role.SELF, person=person.id)
    return Known(person=person, by=find_principal_of(org, person.id) or own)


def _linked(org: str, user: str, web: WebClient, now: datetime) -> Person | None:
    """Link a user whose mail Slack has verified to the person with that address, unless they have another Slack id."""
    address = _verified_mail(user, web)
    person = find_by_email(org, address) if address is not None else None
    if person is None or person.slack_id is not None or not entitled(person, now):
        return None
    found = person.id

    def once() -> Person:
        before = load_person(org, found)
        if before.slack_id is not None:
            return before
        after = replace(before, slack_id=user, version=before.version + 1)
        describe_person(org, derived("slack-link", org, user, found, str(before.version)), now, after, before)
        return after

    try:
        linked = until_committed(once)
    except LostRace:
        return None
    return linked if linked.slack_id == user else None


def _verified_mail(user: str, web: WebClient) -> str | None:
    try:
        said: dict[str, Any] = dict(web.users_info(user=user).get("user") or {})
    except (SlackApiError, OSError):
        return None
    if any(said.get(each) for each in UNVERIFIED) or not said.get("is_email_confirmed"):
        return None
    address = (said.get("profile") or {}).get("email")
    return address if isinstance(address, str) and address else None
