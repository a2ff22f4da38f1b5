"""What became of a mail, as the provider tells it: delivered, opened, bounced, complained about.

Such word comes late, twice and in any order, so whatever is noted is the earliest of its kind, or the gravest. An
address that cannot be reached, or whose owner complained, gets no more mail: that stands on the person, until an
administrator lifts it or they have another address. Whoever was not reached by a mail is told another way.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import MailStop, Person
from toolcrib.domain.policies import To
from toolcrib.domain.record import Record, replace


class What(StrEnum):
    """What was told of a mail; a bounce that may pass is none of them."""

    DELIVERED = "delivered"
    OPENED = "opened"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


CAME_BACK: Final = "mail_bounced"
STOPS: Final = (What.BOUNCED, What.COMPLAINED)
"""After these no mail goes to the address, the graver last."""


class Feedback(Record, frozen=True, kw_only=True):
    """One word about one mail; `addresses` are those it is about, in lower case, and are only ever compared."""

    notice: str
    what: What
    at: datetime
    addresses: frozenset[str] = frozenset()


def noted(notice: Notice, said: Feedback) -> Notice | None:
    """Return the notice with what became of its mail, one version on; None where that changes nothing."""
    match said.what:
        case What.DELIVERED:
            after = replace(notice, delivered_at=_first(notice.delivered_at, said.at))
        case What.OPENED:
            after = replace(notice, read_at=_first(notice.read_at, said.at))
        case _:
            graver = said.what is What.COMPLAINED or notice.bounced is None
            after = replace(notice, bounced=str(said.what)) if graver else notice
    return None if after == notice else replace(after, version=notice.version + 1)


def undone(notice: Notice, said: Feedback, now: datetime) -> Notice | None:
    """Return a notice whose mail came back, as it is sent anew another way; None where it was not that that failed.

    Only the first bounce counts, and only while the mail is all there is: what went to Slack meanwhile was told.
    """
    if said.what is not What.BOUNCED or notice.bounced is not None or notice.parts:
        return None
    if notice.state is not NoticeState.SENT or notice.posted is not None:
        return None
    return anew(notice, now)


def anew(notice: Notice, now: datetime) -> Notice:
    """Return a notice as it waits after its mail, or that of its digest, came back; `version` is as it was."""
    waiting = replace(notice, state=NoticeState.PENDING, sent_at=None, reached=None, digest=None, wake_at=now)
    return replace(waiting, last_error=CAME_BACK)


def stopped(person: Person, said: Feedback) -> Person | None:
    """Return a person who gets no more mail, one version on; None where it is not their address, or known."""
    theirs = person.email is not None and person.email.casefold() in said.addresses
    if said.what not in STOPS or not theirs:
        return None
    known = person.mail_stopped
    if known is not None and (known.why == said.what or said.what is What.BOUNCED):
        return None
    return replace(person, mail_stopped=MailStop(why=str(said.what), at=said.at), version=person.version + 1)


def mailed_to(notice: Notice) -> str | None:
    """Return whom a notice's mail went to."""
    return None if notice.to is To.CHANNEL else notice.reached or notice.recipient


def _first(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)
