"""Asking others who are not there to agree to a take, and what becomes of it (rules.md, row 13)."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from toolcrib.domain.authorisations import OPEN, Authorisation, AuthorisationState
from toolcrib.domain.authorisers import APPROVAL_LIFE, MOST_ASKED, Agreeing, Authoriser, lacking, live
from toolcrib.domain.change import Agreed, Change, Holdings
from toolcrib.domain.ids import derived
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import Record, replace


class Wanted(Record, frozen=True, kw_only=True):
    """What somebody wants others to agree to."""

    type: str
    bank: str
    site: str
    demands: tuple[Authorisers, ...]


def asked_already(person: Person, wanted: Wanted, at: datetime) -> str | None:
    """Return the request that is out about the same, if one is."""
    about = wanted.type, wanted.site
    return next((key for key, each in live(person.asked, at).items() if (each.type, each.site) == about), None)


def ask(org: str, person: Person, wanted: Wanted, *, op: str, at: datetime) -> Change | None:
    """Return the change that asks others; None where the same is asked already, or too much is."""
    out = live(person.asked, at)
    if asked_already(person, wanted, at) is not None or len(out) >= MOST_ASKED:
        return None
    until = at + APPROVAL_LIFE
    new = Authorisation(
        id=derived("authorisation", org, person.id, op),
        person=person.id,
        type=wanted.type,
        bank=wanted.bank,
        site=wanted.site,
        asked_at=at,
        until=until,
        demands=wanted.demands,
        group=next((each.group for each in wanted.demands if each.group is not None), None),
    )
    entry = Agreeing(type=wanted.type, site=wanted.site, until=until)
    held = Holdings(person=person.id, asked={**out, new.id: entry}, expected_version=person.version)
    return Change(op=op, at=at, authorisations=(new,), holdings=(held,))


def ask_all(org: str, person: Person, wanted: Sequence[Wanted], *, op: str, at: datetime) -> Change | None:
    """Return the change that asks others to agree to several things at once; None where nothing is left to be asked."""
    asked: list[Change] = []
    for each in wanted:
        change = ask(org, person, each, op=f"{op}.{each.type}" if asked else op, at=at)
        if change is not None:
            asked.append(change)
            person = replace(person, asked=change.holdings[0].asked or {})
    if not asked:
        return None
    requests = tuple(new for change in asked for new in change.authorisations)
    return replace(asked[0], authorisations=requests, holdings=asked[-1].holdings)


def approve(request: Authorisation, taker: Person, who: Authoriser, *, op: str, reason: str | None) -> Change | None:
    """Return the change by which somebody agrees: it counts at the taker's next tap and opens nothing by itself.

    None where they have agreed already.
    """
    if any(each.person == who.person for each in request.approved):
        return None
    approved = (*request.approved, who)
    enough = not lacking(request.demands, approved)
    until = who.at + APPROVAL_LIFE
    state = AuthorisationState.APPROVED if enough else request.state
    now = replace(request, approved=approved, state=state, until=until, version=request.version + 1)
    entry = Agreeing(type=request.type, site=request.site, until=until, approved=approved)
    asked = {**live(taker.asked, who.at), request.id: entry}
    return _answered(now, taker, asked, _said(request, "approved", who, reason), op)


def refuse(request: Authorisation, taker: Person, who: Authoriser, *, op: str, reason: str | None) -> Change:
    """Return the change by which somebody does not agree: the request is over, whoever else agreed."""
    now = replace(
        request, state=AuthorisationState.REFUSED, refused_by=who.person, until=who.at, version=request.version + 1
    )
    asked = {key: each for key, each in live(taker.asked, who.at).items() if key != request.id}
    return _answered(now, taker, asked, _said(request, "refused", who, reason), op)


def expire(request: Authorisation, at: datetime) -> Change | None:
    """Return the change that notes that a request is over; None where it is not, or is answered."""
    if request.state_at(at) is not AuthorisationState.EXPIRED or request.state not in OPEN:
        return None
    now = replace(request, state=AuthorisationState.EXPIRED, version=request.version + 1)
    said = _said(request, "expired", None, None, at)
    return Change(op=f"{request.id}.expired", at=at, authorisations=(now,), agreed=(said,))


def without(person: Person, gone: frozenset[str], at: datetime) -> Holdings:
    """Return a profile's requests without what people said who are disabled now."""
    left = {
        key: replace(each, approved=tuple(one for one in each.approved if one.person not in gone))
        for key, each in live(person.asked, at).items()
    }
    return Holdings(person=person.id, asked=left, expected_version=person.version)


def _answered(now: Authorisation, taker: Person, asked: dict[str, Agreeing], said: Agreed, op: str) -> Change:
    held = Holdings(person=taker.id, asked=asked, expected_version=taker.version)
    return Change(op=op, at=said.at, authorisations=(now,), holdings=(held,), agreed=(said,))


def _said(
    request: Authorisation, said: str, who: Authoriser | None, reason: str | None, at: datetime | None = None
) -> Agreed:
    moment = who.at if who is not None else at or request.until
    return Agreed(
        person=request.person,
        about=request.id,
        said=said,
        by=who.person if who is not None else None,
        at=moment,
        type=request.type,
        bank=request.bank,
        site=request.site,
        reason_sha256=sha256(reason.encode()).hexdigest() if reason else None,
    )
