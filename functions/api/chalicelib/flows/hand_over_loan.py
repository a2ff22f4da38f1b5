"""Hand a loan over by request and accept: its holder asks, the other accepts within a day, and has it from then on."""

from toolcrib.domain.handing_over import Meeting, Stated, handed_over, judge, requested, wanted
from toolcrib.domain.handover_notices import Told, told
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.retiming import retimed
from toolcrib.domain.rulebook import Given
from toolcrib.domain.upkeep import Condition
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.owning import must_concern, must_own
from toolcrib.store.commit import commit
from toolcrib.store.edited import commit_edit
from toolcrib.store.lent import load_lent
from toolcrib.store.people import load_person
from toolcrib.store.rulebook import read_stamp, rule_book


def request(asked: Asked, loan_id: str, *, to: str, condition: Condition) -> Loan:
    """Return the loan with the request that somebody takes it over, also for a repeat.

    Raises `NotFound` (also for a person who is not there), `Invalid` or `Conflict` `not_open`.
    """

    def once() -> Loan:
        lent = load_lent(asked.org, loan_id, asked.op)
        must_own(asked, lent.loan)
        if lent.done:
            return lent.loan
        now = requested(lent.loan, to, asked.at, op=asked.op, by=asked.by.actor, condition=condition)
        notice = told(now, Told.ASKED, load_person(asked.org, to), asked.at, asked.op)
        change = retimed(now, lent.person, op=asked.op, at=asked.at, notices=(notice,))
        commit_edit(asked.org, replace(change, holdings=()))
        return change.loans[0]

    return until_committed(once)


def withdraw(asked: Asked, loan_id: str) -> Loan:
    """Return the loan without its request: its holder thought again, or the other declined. None there is fine, too."""

    def once() -> Loan:
        lent = load_lent(asked.org, loan_id, asked.op)
        must_concern(asked, lent.loan)
        if lent.done or lent.loan.handover is None or lent.loan.handed_to is not None:
            return lent.loan
        left = replace(lent.loan, handover=None)
        change = retimed(left, lent.person, op=asked.op, at=asked.at)
        commit_edit(asked.org, replace(change, holdings=()))
        return change.loans[0]

    return until_committed(once)


def accept(asked: Asked, loan_id: str, *, condition: Condition) -> Loan:
    """Return the loan that begins for whoever was asked; they are the only one to accept. A repeat finds it.

    Raises `NotFound`, `Conflict` (`no_request`, `not_open`, `not_yours`, `not_with_holder`), or the refusal of the
    take rules.
    """
    return until_committed(lambda: _accept(asked, loan_id, condition))


def _accept(asked: Asked, loan_id: str, condition: Condition) -> Loan:
    lent = load_lent(asked.org, loan_id, asked.op)
    must_concern(asked, lent.loan)
    asked_for = lent.loan.handover
    if (
        asked_for is not None
        and asked.by.person == asked_for.to
        and lent.loan.handed_to == _begins(asked, asked_for.id)
    ):
        return load_lent(asked.org, lent.loan.handed_to, asked.op).loan
    asked_for = wanted(lent.loan, asked.at)
    if asked.by.person != asked_for.to:
        raise Conflict(code="not_yours", detail="only who was asked accepts it", advice="Let them sign in themself.")
    meeting = Meeting(
        lent=lent,
        receiver=load_person(asked.org, asked_for.to),
        bank=lent.loan.bank,
        site=lent.loan.site,
        at=asked.at,
        stated=Stated(giver=Condition(asked_for.condition), receiver=condition),
        given=Given(),
    )
    return _hand_over(asked, meeting, _begins(asked, asked_for.id))


def _hand_over(asked: Asked, meeting: Meeting, loan_id: str) -> Loan:
    verdict = judge(meeting, rule_book(asked.org, read_stamp(asked.org)))
    if verdict.refusal is not None:
        raise verdict.refusal
    change = handed_over(meeting, verdict, op=asked.op, loan_id=loan_id)
    loan = change.loans[-1]
    notice = told(loan, Told.ACCEPTED, meeting.lent.person, asked.at, asked.op)
    commit(asked.org, replace(change, notices=(notice,)))
    return loan


def _begins(asked: Asked, request_id: str) -> str:
    """Return the id of the loan that accepting a request begins: accepting twice begins one."""
    return derived("handover", asked.org, request_id)
