"""What is told about a request to agree to a take: others are asked, and whoever asked hears what they said (row 13).

Those who look after the site are asked, by its channel and one by one: which members a group has takes a search that
nobody at a locker should wait for, and the words say who may answer. Such a message is not urgent: it is of use only to
somebody who is at work. The answer is, to whoever waits at a locker for it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from toolcrib.domain.authorisations import Authorisation, AuthorisationState
from toolcrib.domain.ids import derived
from toolcrib.domain.notices import Notice
from toolcrib.domain.policies import Site, To, Via
from toolcrib.domain.reminders import OUTBOX_PATIENCE


class Told(StrEnum):
    """A notice's `step`."""

    ASKED = "authorisation"
    APPROVED = "authorised"
    REFUSED = "not_authorised"


ANSWERS: Final = {AuthorisationState.APPROVED: Told.APPROVED, AuthorisationState.REFUSED: Told.REFUSED}
STATES: Final[Mapping[str, AuthorisationState]] = {
    Told.ASKED: AuthorisationState.ASKED,
    **{step: state for state, step in ANSWERS.items()},
}
"""The state of a request of which a step tells; in any other it is no longer so."""

MOST_TOLD: Final = 16  # with a profile and as many requests as one person may have out, 25 items


def told(requests: Iterable[Authorisation], sites: Mapping[str, Site]) -> tuple[Notice, ...]:
    """Return the notices of requests that were just made, or just answered; `sites` are those that are known."""
    every = list(requests)
    answers = [_notice(each, ANSWERS[each.state], To.HOLDER, each.person) for each in every if each.state in ANSWERS]
    new = [(each, sites[each.site]) for each in every if each.version == 1 and each.site in sites]
    channels = [_notice(each, Told.ASKED, To.CHANNEL, site.channel) for each, site in new if site.channel]
    people = [
        _notice(each, Told.ASKED, To.SUPERVISOR, other)
        for each, site in new
        for other in site.supervisors
        if other != each.person
    ]
    return (*answers, *channels, *people)[:MOST_TOLD]


def _notice(request: Authorisation, step: Told, to: To, recipient: str) -> Notice:
    at = request.asked_at if step is Told.ASKED else _answered_at(request)
    return Notice(
        id=derived("notice", request.id, str(step), recipient),
        authorisation=request.id,
        site=request.site,
        step=str(step),
        to=to,
        recipient=recipient,
        via=Via.SLACK,
        due_at=at,
        wake_at=at + OUTBOX_PATIENCE,
    )


def _answered_at(request: Authorisation) -> datetime:
    """Return when the last one agreed, or one did not: then the request ended."""
    return request.until if request.state is AuthorisationState.REFUSED else request.approved[-1].at
