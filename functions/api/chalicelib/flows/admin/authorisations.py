"""Requests to agree to a take: asking from afar, and answering (rules.md, row 13)."""

from collections.abc import Callable, Mapping

from toolcrib.domain import agreeing
from toolcrib.domain.alerts import with_alerts
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.authorisers import Authoriser, lacking, serves
from toolcrib.domain.change import Change
from toolcrib.domain.matching import authorisers, ranked
from toolcrib.domain.people import Person, entitled
from toolcrib.domain.policies import Moment
from toolcrib.domain.principals import Asked, Role, Sight
from toolcrib.domain.refusals import Conflict, NotFound
from toolcrib.domain.rosters import groups_of
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.rules import evaluate
from toolcrib.flows.attempts import until_committed
from toolcrib.store import listing
from toolcrib.store.authorisations import load_authorisation
from toolcrib.store.banks import load_bank
from toolcrib.store.edited import commit_edit
from toolcrib.store.edits import done
from toolcrib.store.listing import Page, Position
from toolcrib.store.people import find_person, load_person
from toolcrib.store.rulebook import book_with_site, read_stamp, rule_book

Decide = Callable[[Authorisation, Person, Authoriser], Change | None]


def show(asked: Asked, request_id: str) -> Authorisation:
    """Return a request; raises `NotFound`, also where the principal may neither see nor answer it."""
    request = load_authorisation(asked.org, request_id)
    mine = request.person == asked.by.person
    if not mine and not asked.sees(site=request.site) and not _is_asked(asked, request):
        raise NotFound(detail="no such authorisation")
    return request


def page(asked: Asked, about: Mapping[str, str], limit: int, start: Position | None, *, to_answer: bool) -> Page:
    """Return a page of requests, latest first: a person's own, or `to_answer` those that ask their groups."""
    where = tuple((name, (value,)) for name, value in about.items())
    seen = asked.only(site="about.site", person="about.person")
    if to_answer and asked.sight is Sight.OWN:
        me = find_person(asked.org, asked.by.person or "")
        seen = (("about.group", groups_of(me, asked.at) if me is not None else ()),)
    source = listing.listing(asked.org, "authorisations", where=(*where, *seen), newest_first=True)
    return listing.page([source], limit=limit, start=start)


def create(asked: Asked, *, kind: str, bank_id: str) -> Authorisation:
    """Ask others to agree to a take of the asking person's; the same again is the request that is out already.

    Raises `Conflict` where nobody has to agree or something else is in the way, `NotFound` for type or bank.
    """

    def once() -> str:
        me, bank = _me(asked), load_bank(asked.org, bank_id)
        book = rule_book(asked.org, read_stamp(asked.org))
        subject = book.subject(me, None, kind, bank, asked.at)
        demands = authorisers(ranked(subject, book), Moment.TAKE)
        wanted = agreeing.Wanted(type=kind, bank=bank.id, site=bank.site, demands=demands)
        out = agreeing.asked_already(me, wanted, asked.at)
        if out is not None:
            return out
        refusal = evaluate(subject, book).refusal
        if not demands:
            raise Conflict(code="not_needed", detail="nobody has to agree to this", advice="Tap your badge to take it.")
        if refusal is not None and refusal.code != "authorisation_required":
            raise Conflict(code=refusal.code, detail=refusal.detail, advice=refusal.advice)
        change = agreeing.ask(asked.org, me, wanted, op=asked.op, at=asked.at)
        if change is None:
            raise Conflict(code="too_many_requests", detail="too many requests are out", advice="Wait for an answer.")
        commit_edit(asked.org, with_alerts(change, book))
        return change.authorisations[0].id

    return load_authorisation(asked.org, until_committed(once))


def approve(asked: Asked, request_id: str, reason: str | None) -> Authorisation:
    """Agree to a take; raises `Conflict` where it is over, and where the principal is not one of those asked."""
    return _answer(asked, request_id, lambda *them: agreeing.approve(*them, op=asked.op, reason=reason))


def refuse(asked: Asked, request_id: str, reason: str | None) -> Authorisation:
    """Do not agree to a take: the request is over; raises `Conflict` as above."""
    return _answer(asked, request_id, lambda *them: agreeing.refuse(*them, op=asked.op, reason=reason))


def _answer(asked: Asked, request_id: str, decide: Decide) -> Authorisation:
    def once() -> None:
        request = show(asked, request_id)
        if done(asked.org, asked.op):
            return
        book = rule_book(asked.org, read_stamp(asked.org))
        who = _authoriser(asked, request, book)
        if not request.can_be_answered(asked.at):
            state = request.state_at(asked.at)
            raise Conflict(
                code="already_answered", detail=f"this request is {state}", advice="Let the person ask again."
            )
        change = decide(request, load_person(asked.org, request.person), who)
        if change is not None:
            commit_edit(asked.org, with_alerts(change, book))

    until_committed(once)
    return load_authorisation(asked.org, request_id)


def _authoriser(asked: Asked, request: Authorisation, book: RuleBook) -> Authoriser:
    """Return who answers; raises `Conflict` for the taker and for whoever is not asked."""
    if request.person == asked.by.person:
        raise _not_asked("nobody agrees to their own take")
    me = _me(asked)
    who = Authoriser(person=me.id, groups=groups_of(me, asked.at), at=asked.at)
    site = book.sites.get(request.site)
    looks_after_it = asked.by.role is Role.ADMIN or request.site in asked.by.sites
    responsible = looks_after_it or (site is not None and me.id in site.supervisors)
    open_ = lacking(request.demands, request.approved)
    if not any(serves(each, who) if each.group is not None else responsible for each in open_ or request.demands):
        raise _not_asked("you are not one of those who may agree to this")
    return who


def _me(asked: Asked) -> Person:
    """Return the principal as a person who may take things themself; raises `Conflict` for everybody else."""
    me = find_person(asked.org, asked.by.person) if asked.by.person is not None else None
    if me is None or not entitled(me, asked.at):
        raise _not_asked("you are signed in, but not as a person who is active here")
    return me


def _is_asked(asked: Asked, request: Authorisation) -> bool:
    """Whether somebody who looks after nothing else is asked: as one of a group, or of the site's supervisors."""
    me = find_person(asked.org, asked.by.person) if asked.by.person is not None else None
    if me is None:
        return False
    site = book_with_site(asked.org, request.site).sites.get(request.site)
    groups = groups_of(me, asked.at)
    return (site is not None and me.id in site.supervisors) or any(each.group in groups for each in request.demands)


def _not_asked(why: str) -> Conflict:
    return Conflict(code="cannot_authorise", detail=why, advice="Ask somebody who may.")
