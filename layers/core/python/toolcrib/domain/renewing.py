"""Renewing a loan (rules.md, *Renewals, recall*): from its due time on, so many times, not too early.

An overdue loan may be renewed, too, as long as its holder is not blocked: the new due time counts from the old one, so
nothing is given away, and it has to lie ahead. Period, closed days, curfew and the person's own end are those of the
loan's own terms; a curfew still counts from the taking.
"""

from datetime import datetime

from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import Content
from toolcrib.domain.due import Due, due
from toolcrib.domain.judges.finding import Fact, Finding
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Person
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Conflict, Refusal
from toolcrib.domain.rosters import shift_end
from toolcrib.domain.rulebook import RuleBook, Subject
from toolcrib.domain.rules import RIGHTS, Row

JUDGED_BY = (Row.PERSON, Row.BLOCKS, Row.RESERVATION, Row.QUEUE)
"""Rows of the take rules that stand against a renewal as they would against a take; service has one code of its own."""
SERVICE_DUE = "service_due"
_AT = "%Y-%m-%dT%H:%M:%SZ"


class Renewal(Record, frozen=True, kw_only=True):
    """One question: may this open loan be renewed now?"""

    loan: Loan
    person: Person
    asset: Asset
    at: datetime


def earliest(loan: Loan) -> datetime | None:
    """Return from when a loan may be renewed, as far as the loan itself tells; None where it may not be at all."""
    renewals = loan.terms.renewals
    if loan.state is not LoanState.OPEN or loan.recalled is not None or loan.renewals >= renewals.max:
        return None
    return loan.authorised_at if renewals.window is None else loan.due_at - renewals.window


def renewed(asked: Renewal, book: RuleBook) -> Loan:
    """Return the loan with its new due time, whose reminders begin anew; `version` is as it was.

    Raises `Conflict` where it is over, or a `Refusal` with why not: `not_renewable`, or the code of the row of the take
    rules that is against it.
    """
    loan = asked.loan
    _check(asked)
    _judge(asked, book)
    when = _due(asked, book)
    if when.at <= max(loan.due_at, asked.at):
        compared = f"it would be due at {when.at:{_AT}} by {when.why}, now it is at {loan.due_at:{_AT}}"
        raise _refused("not_later", compared, due=loan.due_at)
    longer = replace(
        loan,
        due_at=when.at,
        due_why=str(when.why),
        due_version=loan.due_version + 1,
        renewals=loan.renewals + 1,
        valid_until=asked.person.valid_until,
    )
    return begin(longer, asked.at)


def _check(asked: Renewal) -> None:
    """Raise what the loan itself has against it."""
    loan, most = asked.loan, asked.loan.terms.renewals.max
    if loan.state is not LoanState.OPEN:
        raise Conflict(code="not_open", detail=f"the loan is {loan.state}", advice="Only an open loan can be renewed.")
    if loan.recalled is not None:
        raise _refused("recalled", f"called back at {loan.recalled.at:{_AT}}", due=loan.due_at)
    if loan.renewals >= most:
        raise _refused("too_often", f"renewed {loan.renewals} of at most {most} times", most=most)
    first = earliest(loan)
    if first is not None and asked.at < first:
        raise _refused("too_early", f"from {first:{_AT}}, now {asked.at:{_AT}}", **{"from": first})


def _judge(asked: Renewal, book: RuleBook) -> None:
    """Raise what the take rules have against it: the person, their blocks, others who wait, service that is due."""
    question = _subject(asked, book)
    findings = [RIGHTS[row](question, book) for row in JUDGED_BY if row in RIGHTS]
    if Row.CONDITION in RIGHTS:
        condition = RIGHTS[Row.CONDITION](question, book)
        findings += [condition] if condition.code == SERVICE_DUE else []
    against = next((found for found in findings if found.code is not None), None)
    if against is not None:
        raise refusal_of(against)


def _subject(asked: Renewal, book: RuleBook) -> Subject:
    loan = asked.loan
    return Subject(
        person=asked.person,
        asset_type=book.types[loan.type],
        content=Content.of(asked.asset, loan.taken_at or loan.authorised_at),
        bank=loan.bank,
        site=book.sites[loan.site],
        at=asked.at,
    )


def _due(asked: Renewal, book: RuleBook) -> Due:
    loan = asked.loan
    return due(
        loan.terms,
        book.sites[loan.site],
        loan.taken_at or loan.authorised_at,
        valid_until=asked.person.valid_until,
        shift_end=shift_end(asked.person, loan.due_at),
        begins=loan.due_at,
    )


def refusal_of(finding: Finding) -> Refusal:
    """Return what a rule found as a refusal."""
    code = finding.code or ""
    return Refusal(code=code, detail=finding.detail, says=finding.says, facts=finding.facts)


def _refused(why: str, compared: str, **facts: Fact) -> Refusal:
    return Refusal(
        code="not_renewable", detail=compared, advice=NOT_RENEWABLE[why], says=f"not_renewable.{why}", facts=facts
    )


NOT_RENEWABLE = {
    "recalled": "Somebody needs it: please bring it back in time.",
    "too_often": "Please bring it back, then take it again.",
    "too_early": "Try again nearer to the due time.",
    "not_later": "Renewing would not give you more time: please bring it back.",
}
"""What the person can do next, by why a loan cannot be renewed."""
