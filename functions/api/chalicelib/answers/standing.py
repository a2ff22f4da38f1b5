"""How a link stands for whoever came by it, and pressing it: once, as the reader it was sent to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.flows.react import RIGHTS, Reacted, react
from chalicelib.flows.react_by import Thing, load_about
from chalicelib.web.call import Visit
from toolcrib import secrets
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.people import Person
from toolcrib.domain.principals import Principal, Role
from toolcrib.domain.reactions import offered
from toolcrib.domain.refusals import NotFound
from toolcrib.send.answer_links import LIFE, AnswerLink, believed
from toolcrib.settings import settings
from toolcrib.store.idempotency import Kept, Key, Standing, claim, find_answer, keep
from toolcrib.store.notices import load_notice
from toolcrib.store.people import find_person
from toolcrib.store.principals import find_principal_of

NOT_THEIRS: Final = frozenset({"not_allowed", "not_found"})


class State(StrEnum):
    """What a page is about."""

    READY = "ready"
    DONE = "done"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    OVER = "over"
    NOT_ALLOWED = "not_allowed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A link as it stands: `about` is what its notice is about, `reacted` what a press did or why it did not."""

    state: State
    link: AnswerLink | None = None
    reader: Person | None = None
    about: Thing | None = None
    reacted: Reacted | None = None


def look(token: str, visit: Visit) -> Found:
    """Return how a link stands; changes nothing, since scanners of mail open links."""
    link = believed(secrets.answers(), token, org=settings().toolcrib_org)
    if link is None:
        return Found(state=State.UNKNOWN)
    reader = find_person(link.org, link.person)
    if reader is None:
        return Found(state=State.NOT_ALLOWED, link=link)
    state, about = _standing(link, reader, visit)
    return Found(state=state, link=link, reader=reader, about=about)


def press(token: str, visit: Visit) -> Found:
    """Do what a link stands for, unless that was done, is over, or may not be.

    What was refused can be pressed again when the lease has run out; the operation is the link's own, whoever repeats.
    """
    found = look(token, visit)
    if found.state is not State.READY or found.link is None or found.reader is None:
        return found
    key = _key(found.link, visit)
    standing, _ = claim(key, visit.at)
    if standing is not Standing.MINE:
        return _with(found, State.USED if standing is Standing.ANSWERED else State.FAILED)
    principal = _principal(found.link.org, found.reader)
    reacted = react(principal, found.link.notice, found.link.reaction, op=found.link.id, now=visit.at)
    if reacted.done:
        keep(key, Kept(status=200, headers={}, body=str(found.link.reaction)))
        return _with(found, State.DONE, reacted)
    if reacted.code in NOT_THEIRS:
        return _with(found, State.NOT_ALLOWED, reacted)
    return _with(found, State.OVER if reacted.code == "not_offered" else State.FAILED, reacted)


def _standing(link: AnswerLink, reader: Person, visit: Visit) -> tuple[State, Thing | None]:
    if link.expires_at <= visit.at:
        return State.EXPIRED, None
    if find_answer(_key(link, visit), visit.at) is not None:
        return State.USED, None
    if not reader.active or _principal(link.org, reader).role not in RIGHTS[link.reaction]:
        return State.NOT_ALLOWED, None
    try:
        notice = load_notice(link.org, link.notice)
        about = load_about(link.org, notice)
    except NotFound:
        return State.OVER, None
    own = isinstance(about, Authorisation) or link.person in {notice.recipient, notice.reached}
    if not own:
        return State.NOT_ALLOWED, None
    return (State.READY if link.reaction in offered(notice, about, reader) else State.OVER), about


def _principal(org: str, reader: Person) -> Principal:
    """Return as whom it is done: as they sign in, or with what everybody may do about their own."""
    own = Principal(subject=f"mail:{reader.id}", org=org, role=Role.SELF, person=reader.id)
    return find_principal_of(org, reader.id) or own


def _key(link: AnswerLink, visit: Visit) -> Key:
    """Return under which it is remembered that the link was used, for as long as any copy of it is good."""
    return Key(
        org=link.org,
        principal=f"mail:{link.person}",
        key=link.id,
        fingerprint=link.id,
        holder=visit.request,
        kept_for=LIFE,
    )


def _with(found: Found, state: State, reacted: Reacted | None = None) -> Found:
    return Found(state=state, link=found.link, reader=found.reader, about=found.about, reacted=reacted)
