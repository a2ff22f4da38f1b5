"""Authorising: the grant that lets a door be opened once, and what is put on record before it opens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from toolcrib.domain import blocking, overrides
from toolcrib.domain.agreements import accepted
from toolcrib.domain.authorisers import Authoriser, Spent, live, remembered
from toolcrib.domain.change import Change, Holdings, OpenDoor, Remember
from toolcrib.domain.doors import COMMAND_LIFE, RESIGN_LIMIT, Bank, Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import part_loan, return_grant, take_grant
from toolcrib.domain.kits import InKit, Part
from toolcrib.domain.languages import ENGLISH, spoken
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offers.option import Option, Taking
from toolcrib.domain.people import Holding, LastTake, Person, entitled
from toolcrib.domain.pins import Proven
from toolcrib.domain.record import Record, replace
from toolcrib.domain.rosters import shift_end
from toolcrib.domain.rules import Verdict


class Ask(Record, frozen=True, kw_only=True):
    """Who asks for a door, where, and with which upload; every grant is derived from it.

    `proven` is what their PIN was found to be, where it was asked for. `others` tapped in the same session.
    """

    org: str
    bank: Bank
    person: Person
    upload: str
    boot: int
    at: datetime
    proven: Proven | None = None
    others: tuple[Authoriser, ...] = ()


def take(ask: Ask, option: Option) -> Change:
    """Return the change that begins a checkout: the door locked, pending loans, the person's allowance used.

    Of a kit there is a loan for each part; the grant names all of them.
    """
    verdict, content = option.verdict, option.content
    if verdict is None or content is None:
        raise ValueError(option.id)
    grant_id = take_grant(ask.org, ask.bank.id, ask.upload)
    takings = option.parts or (Taking(content=content, verdict=verdict, asked=option.asked),)
    begun = _begun(grant_id, takings)
    first, *others = parts = tuple(Part(asset=each.content.asset, loan=loan) for loan, each in begun.items())
    grant = replace(_grant(ask, option, grant_id, Purpose.TAKE, loan=first.loan), kit=tuple(others))
    kit = None if option.kit is None else InKit(id=option.kit, grant=grant_id, parts=parts)
    loans = tuple(_loan(ask, option, each, loan, kit) for loan, each in begun.items())
    put = {loan.id: _pending(loan, begun[loan.id], grant) for loan in loans}
    held = _held(ask, option, verdict, put)
    used = used_up(ask, option, verdict, grant_id)
    return _opening(ask, option.at_door, grant, loans=loans, holdings=held, unless=option.unless, **used)


def _begun(grant: str, takings: Sequence[Taking]) -> dict[str, Taking]:
    """Return what is taken by the id of its loan; the first one's is the grant's own."""
    first, *others = takings
    return {grant: first, **{part_loan(grant, each.content.asset): each for each in others}}


def _loan(ask: Ask, option: Option, taking: Taking, loan: str, kit: InKit | None) -> Loan:
    """Return the loan of one thing, pending until its door reports."""
    verdict, content, borrower = taking.verdict, taking.content, option.borrower or ask.person
    grant = loan if kit is None else kit.grant
    proofs = verdict.proofs if option.borrower is None else {**verdict.proofs, "by": ask.person.id}
    return Loan(
        id=loan,
        asset=content.asset,
        type=content.type,
        person=borrower.id,
        by=None if option.borrower is None else ask.person.id,
        site=ask.bank.site,
        bank=ask.bank.id,
        door=option.at_door.number,
        state=LoanState.PENDING,
        authorised_at=ask.at,
        due_at=verdict.due.at,
        due_why=str(verdict.due.why),
        kit=kit,
        grants={grant: GrantState.ISSUED},
        terms=verdict.terms,
        valid_until=borrower.valid_until,
        proofs={**proofs, **taking.asked.proofs, **({} if kit is None else {"kit": kit.id})},
        take_answers=taking.asked.answers,
        shift_end=shift_end(borrower, ask.at) if verdict.terms.period.end_of_shift else None,
        evidence=expected(ask.bank, content),
    )


def _pending(loan: Loan, taking: Taking, grant: Grant) -> Holding:
    """Return what the borrower's profile says of a loan until its door reports."""
    content = taking.content
    return Holding(
        asset=content.asset,
        type=content.type,
        name=content.name,
        tag=content.tag,
        state=str(LoanState.PENDING),
        bank=loan.bank,
        door=loan.door,
        site=loan.site,
        since=loan.authorised_at,
        until=grant.expires_at,
        countersign=loan.terms.countersign,
        kit=None if loan.kit is None else loan.kit.id,
    )


def _held(ask: Ask, option: Option, verdict: Verdict, put: dict[str, Holding]) -> tuple[Holdings, ...]:
    """Return what profiles say of a take: the borrower's has the loan, the other's of who stands there is kept as well.

    Both are written on the condition that they are as they were judged.
    """
    mine = {**remembered_in_person(ask, option), "last_take": LastTake(site=ask.bank.site, at=ask.at)}
    theirs = remembered_of_borrower(ask, option, verdict)
    here, borrower = ask.person, option.borrower
    if borrower is None:
        return (Holdings(person=here.id, put=put, **mine, **theirs, expected_version=here.version),)
    return (
        Holdings(person=borrower.id, put=put, **theirs, expected_version=borrower.version),
        Holdings(person=here.id, **mine, expected_version=here.version),
    )


def remembered_of(ask: Ask, option: Option, verdict: Verdict) -> dict[str, Any]:
    """Return what a profile remembers of what was shown for a take: fields of `Holdings`."""
    return {**remembered_in_person(ask, option), **remembered_of_borrower(ask, option, verdict)}


def remembered_in_person(ask: Ask, option: Option) -> dict[str, Any]:
    """Return what the profile of who stands there remembers: what they accepted, and that their PIN was right."""
    return {
        "acceptances": accepted(ask.person.acceptances, option.accepts) if option.accepts else None,
        "pin": ask.proven.standing if ask.proven else None,
    }


def remembered_of_borrower(ask: Ask, option: Option, verdict: Verdict) -> dict[str, Any]:
    """Return what the borrower's profile remembers: lateness, who agreed, what was allowed in spite of a rule."""
    borrower = option.borrower or ask.person
    return {
        "remembered_late": blocking.remembered(borrower.late_returns),
        **_spent(ask, option),
        "overrides": overrides.left(borrower, verdict.overrides, ask.at),
    }


def used_up(ask: Ask, option: Option, verdict: Verdict, grant: str) -> dict[str, Any]:
    """Return what else is written of what was shown for a take, and used up by it: fields of `Change`."""
    spends = option.spends or Spent()
    return {
        "pins": (ask.proven.pin,) if ask.proven and ask.proven.pin else (),
        "active": spends.approvers,
        "used": spends.requests,
        "overrides": overrides.notes(option.borrower or ask.person, verdict.overrides, grant=grant, at=ask.at),
    }


def _spent(ask: Ask, option: Option) -> dict[str, Any]:
    """Return what the person's profile remembers of others who agreed: what was used now counts no longer."""
    spends, person = option.spends, option.borrower or ask.person
    if spends is None:
        return {}
    left = {key: each for key, each in live(person.asked, ask.at).items() if key not in spends.requests}
    return {
        "spent": remembered(person.spent, spends.session, ask.at) if spends.session is not None else None,
        "asked": left if spends.requests else None,
    }


def give_back(ask: Ask, option: Option) -> Change:
    """Return the change that begins a return. The loan is not locked: the first proven return closes it."""
    grant_id = return_grant(ask.org, ask.bank.id, ask.upload, option.loan)
    grant = _grant(ask, option, grant_id, Purpose.RETURN, loan=option.loan)
    if option.lacking:
        grant = replace(grant, demands=option.lacking, signed=ask.others)
    grant = replace(grant, kit=option.back)
    answered = option.asked if option.asked.questions else None
    remember = tuple(
        Remember(loan=part.loan, grant=grant.id, answered=answered if part.loan == option.loan else None)
        for part in grant.parts
        if part.loan is not None
    )
    return _opening(ask, option.at_door, grant, remember=remember)


def again(ask: Ask, door: Door) -> Change | None:
    """Sign the person's unused grant again: same `jti`, new `re`, never past 60 s after it was authorised.

    None where there is none, or where a take is no longer theirs to make (safety.md, I17); a return always is.
    """
    grant = door.grant
    if grant is None or grant.person != ask.person.id or grant.state is not GrantState.ISSUED:
        return None
    if grant.purpose is Purpose.TAKE and not entitled(ask.person, ask.at):
        return None
    expires_at = min(ask.at + COMMAND_LIFE, grant.authorised_at + RESIGN_LIMIT)
    if expires_at <= ask.at:
        return None
    return _opening(ask, door, replace(grant, expires_at=max(expires_at, grant.expires_at)))


def granted_meanwhile(ask: Ask, accounts: Sequence[Person] = ()) -> bool:
    """Whether a copy of this very upload was granted after the bank was read, and before its people were.

    The summary of whoever borrows, the person or one of their `accounts`, counts that loan then: nobody is refused for
    what they were just given (safety.md, I5).
    """
    grant = take_grant(ask.org, ask.bank.id, ask.upload)
    held = (who.holdings[grant] for who in (ask.person, *accounts) if grant in who.holdings)
    known = any(door.grant is not None and door.grant.id == grant for door in ask.bank.doors)
    return not known and any(each.state == str(LoanState.PENDING) for each in held)


def expected(bank: Bank, content: Content) -> Evidence:
    """Return what the report of a take will prove if all goes well: a reader does not see what wears no tag."""
    unseen = bank.evidence is Evidence.TAGS and content.tag is None
    return Evidence.DOOR_ONLY if unseen else bank.evidence


def _grant(ask: Ask, option: Option, grant_id: str, purpose: Purpose, *, loan: str | None) -> Grant:
    return Grant(
        id=grant_id,
        purpose=purpose,
        state=GrantState.ISSUED,
        person=ask.person.id,
        asset=option.asset,
        loan=loan,
        authorised_at=ask.at,
        expires_at=ask.at + COMMAND_LIFE,
        evidence=ask.bank.evidence,
        boot=ask.boot,
        language=spoken(ask.person.language) or ENGLISH,
    )


def _opening(ask: Ask, door: Door, grant: Grant, **more: object) -> Change:
    locked = replace(door, grant=grant, version=door.version + 1)
    order = OpenDoor(bank=ask.bank.id, door=door.number, grant=grant, re=ask.upload)
    return Change(op=grant.id, at=ask.at, doors=(locked,), command=order, **more)  # type: ignore[arg-type]
