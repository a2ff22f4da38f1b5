"""A further badge in a running session: somebody agrees to what the first one wants to take (rules.md, row 13)."""

from datetime import datetime

from msgspec.structs import replace as changed

from toolcrib.domain.authorise import Ask
from toolcrib.domain.authorisers import JOIN_WINDOW, Authoriser, serves
from toolcrib.domain.change import Agreed, Change
from toolcrib.domain.ids import derived
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import Offer
from toolcrib.domain.people import Badge, BadgeState, Person, entitled
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import LostRace, Refusal
from toolcrib.domain.rosters import groups_of
from toolcrib.domain.rulebook import Given, RuleBook
from toolcrib.flows.screening import show
from toolcrib.send.sessions import Joined, Session
from toolcrib.send.words.reader import reader
from toolcrib.store.commit import commit
from toolcrib.store.people import find_borrowers, find_people, find_person

LATE = Refusal(
    code="authorisation_required",
    says="authorisation_required.late",
    detail="more than a minute has passed since the first badge",
    advice="Tap the first badge again, and then yours.",
)
NOT_ASKED = Refusal(
    code="authorisation_required",
    says="authorisation_required.not_asked",
    detail="nothing on the screen can be authorised with this badge",
    advice="Ask somebody who may.",
)


class Present(Record, frozen=True, kw_only=True):
    """Whose session it is, with which badge, and who else is there; nobody who was disabled, no badge revoked since."""

    person: Person | None
    badge: Badge | None
    others: tuple[Authoriser, ...] = ()


def present(session: Session, *joining: Joined, at: datetime) -> Present:
    """Read in one round trip who is part of a session, as they are on record now."""
    joined = {each.person: each for each in (*joining, *session.authorisers)}
    people, badges = find_people(
        session.org, (session.person, *joined), (session.badge, *(each.badge for each in joined.values()))
    )
    others = (_standing(each, people.get(each.person), badges.get(each.badge), at) for each in joined.values())
    return Present(
        person=people.get(session.person),
        badge=badges.get(session.badge),
        others=tuple(each for each in others if each is not None and each.person != session.person),
    )


def _standing(joined: Joined, person: Person | None, badge: Badge | None, at: datetime) -> Authoriser | None:
    theirs = badge is not None and badge.state is BadgeState.ACTIVE and badge.person == joined.person
    if person is None or not theirs or not entitled(person, at):
        return None
    return Authoriser(person=person.id, groups=groups_of(person, at), at=joined.at)


def join(ask: Ask, session: Session, badge: Badge, book: RuleBook) -> Refusal | None:
    """Let the badge's holder agree to what is on the screen, and show what is still needed; or return why not.

    `ask` is the further tap, its person the one who joins. Tapping twice is agreeing once.
    """
    mine = Joined(person=badge.person, badge=badge.id, at=ask.at)
    here = present(session, mine, at=ask.at)
    if here.person is None or here.badge is None:
        return NOT_ASKED
    if ask.at - session.begun_at > JOIN_WINDOW:
        return LATE
    taker = replace(ask, person=here.person)
    before = _offer(taker, here, session, book, tuple(each for each in here.others if each.person != badge.person))
    me = next((each for each in here.others if each.person == badge.person), None)
    lacking = [demand for option in before.options for demand in option.lacking]
    if me is None or not any(serves(demand, me) for demand in lacking):
        return NOT_ASKED
    _keep(taker, session, me)
    others = (*(each for each in session.authorisers if each.person != me.person), mine)
    speak = reader(here.person, book.sites.get(ask.bank.site), ask.at)
    show(taker, changed(session, authorisers=others), _offer(taker, here, session, book, here.others), speak)
    return None


def who_is_here(session: Session, at: datetime) -> tuple[Person | None, tuple[Authoriser, ...]]:
    """Return whose session it is, and who has joined it and still counts, in one round trip."""
    if not session.authorisers:
        return find_person(session.org, session.person), ()
    here = present(session, at=at)
    return here.person, here.others


def given(session: Session, others: tuple[Authoriser, ...]) -> Given:
    """Return what a session brings to a take."""
    return Given(session=session.upload, authorisers=others)


def _offer(ask: Ask, here: Present, session: Session, book: RuleBook, others: tuple[Authoriser, ...]) -> Offer:
    if here.badge is None:
        raise ValueError(session.person)
    accounts = find_borrowers(ask.org, ask.person)
    return offer(ask.person, here.badge, ask.bank, book, ask.at, given=given(session, others), accounts=accounts)


def _keep(ask: Ask, session: Session, who: Authoriser) -> None:
    """Put it into the ledger, once for a session and an authoriser."""
    said = Agreed(person=ask.person.id, about=session.upload, said="joined", by=who.person, at=ask.at, bank=ask.bank.id)
    op = derived("joined", ask.org, session.upload, who.person)
    try:
        commit(ask.org, Change(op=op, at=ask.at, agreed=(said,)))
    except LostRace:  # they have tapped before
        return
