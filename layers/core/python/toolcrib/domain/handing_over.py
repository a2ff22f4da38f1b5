"""Handing over from person to person (rules.md, *Authorisers, handover, acceptance*).

One custody event ends one loan and begins another: the giver's is closed, the receiver's is open from that moment on,
under what the take rules say of the receiver. Both say what condition it is in; nothing but their word proves it.
A loan that was called back stays called back: it is due no later than before, whoever has it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from toolcrib.domain import blocking, overrides
from toolcrib.domain.assets import Custodian
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.doors import Content, GrantState
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ladder import begin
from toolcrib.domain.lent import Lent
from toolcrib.domain.loans import Handover, Loan, LoanState
from toolcrib.domain.people import Badge, LastTake, Person
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Conflict, Invalid, LostRace
from toolcrib.domain.reports.lending import holding
from toolcrib.domain.rosters import shift_end
from toolcrib.domain.rulebook import Given, RuleBook, Subject
from toolcrib.domain.rules import Verdict, evaluate
from toolcrib.domain.states import Move, State
from toolcrib.domain.upkeep import Condition

REQUEST_LIFE = timedelta(hours=24)  # long enough to meet, short enough that nobody finds it weeks later
TOGETHER = timedelta(seconds=60)  # both badges at one bank within (rules.md)
NO_DOOR = 0  # of a loan that began in somebody's hands


class Stated(Record, frozen=True, kw_only=True):
    """What condition the giver and the receiver say it is in."""

    giver: Condition = Condition.OK
    receiver: Condition = Condition.OK

    @property
    def worse(self) -> Condition:
        """The worse of both: that is what counts for the take rules."""
        return max(self.giver, self.receiver, key=list(Condition).index)


class Meeting(Record, frozen=True, kw_only=True):
    """Somebody wants to take over what somebody else has: whom, where, when, with what they show.

    `badge` is the receiver's, None where none was used; `bank` and `site` are where they meet, or else where the loan
    began.
    """

    lent: Lent
    receiver: Person
    badge: Badge | None = None
    bank: str
    site: str
    at: datetime
    stated: Stated
    given: Given


def requested(loan: Loan, to: str, at: datetime, *, op: str, by: str, condition: Condition) -> Loan:
    """Return the loan with a request to hand it over; one that was open before is replaced. `version` is as it was."""
    _open(loan)
    if to == loan.person:
        raise Invalid(detail="it is with them already", fields={"to": "has it already"})
    asked = Handover(id=op, to=to, by=by, at=at, expires_at=at + REQUEST_LIFE, condition=str(condition))
    return replace(loan, handover=asked)


def wanted(loan: Loan, at: datetime) -> Handover:
    """Return the open request of a loan; raises `Conflict` where there is none (any more)."""
    _open(loan)
    asked = loan.handover
    if asked is None or at >= asked.expires_at:
        over = "there was none" if asked is None else f"it ended at {asked.expires_at:%Y-%m-%dT%H:%M:%SZ}"
        raise Conflict(
            code="no_request", detail=f"no request to hand it over: {over}", advice="Ask its holder for another one."
        )
    return asked


def judge(meeting: Meeting, book: RuleBook) -> Verdict:
    """Return what the take rules say of the receiver."""
    return evaluate(question(meeting, book), book)


def question(meeting: Meeting, book: RuleBook) -> Subject:
    """Return the question that the take rules answer; the thing is in the worse of both stated conditions.

    How far it is charged is for the receiver to see: no charger has told since it was taken.
    """
    asset = meeting.lent.asset
    content = replace(Content.of(asset, meeting.at), charge=None, charge_at=None)
    worse = max(content.condition, meeting.stated.worse, key=list(Condition).index)
    return Subject(
        person=meeting.receiver,
        badge=meeting.badge,
        asset_type=replace(book.types[asset.type], charging=None),
        content=replace(content, condition=worse),
        bank=meeting.bank,
        site=book.sites[meeting.site],
        at=meeting.at,
        given=meeting.given,
    )


def handed_over(meeting: Meeting, verdict: Verdict, *, op: str, loan_id: str) -> Change:
    """Return what handing over writes, in one transaction; `verdict` is one that allows it.

    Raises `Conflict` where the loan is not open, or the thing is not with its holder as far as anybody knows, and
    `LostRace` where it was handed over or returned while this was read.
    """
    before, asset = meeting.lent.loan, meeting.lent.asset
    _open(before)
    if asset.loan != before.id:  # read a moment after the loan: somebody was faster
        raise LostRace(detail="it is out on another loan")
    if asset.state is not State.ON_LOAN:
        raise Conflict(
            code="not_with_holder",
            detail=f"it is {asset.state}",
            advice="Somebody has to look into it first: ask your supervisor.",
        )
    draft = Draft(cause=_cause(meeting, verdict, op), site=meeting.site, guard=True)
    held = draft.move(asset, Move.HAND_OVER, Custodian.person(meeting.receiver.id), loan=loan_id)
    over = draft.loan(
        before,
        state=LoanState.CLOSED,
        returned_at=max(meeting.at, before.taken_at or before.authorised_at),
        return_evidence=Evidence.DECLARED,
        handed_to=loan_id,
        next_step=None,
        paused_until=None,
    )
    draft.hold(before.person, before.id, None)
    draft.holdings += blocking.noted(over)
    after = begun(meeting, verdict, loan_id)
    change = draft.change()
    mine = Holdings(
        person=meeting.receiver.id,
        put={after.id: holding(after, held, str(LoanState.OPEN))},
        last_take=LastTake(site=meeting.site, at=meeting.at) if meeting.badge is not None else None,
        overrides=overrides.left(meeting.receiver, verdict.overrides, meeting.at),
        expected_version=meeting.receiver.version,
    )
    used = overrides.notes(meeting.receiver, verdict.overrides, grant=loan_id, at=meeting.at)
    return replace(change, loans=(*change.loans, after), holdings=(*change.holdings, mine), overrides=used)


def begun(meeting: Meeting, verdict: Verdict, loan_id: str) -> Loan:
    """Return the receiver's loan."""
    before, at = meeting.lent.loan, meeting.at
    due_at, due_why = verdict.due.at, str(verdict.due.why)
    if before.recalled is not None and before.due_at < due_at:
        due_at, due_why = before.due_at, before.due_why
    loan = Loan(
        id=loan_id,
        asset=before.asset,
        type=meeting.lent.asset.type,
        person=meeting.receiver.id,
        site=meeting.site,
        bank=meeting.bank,
        door=NO_DOOR,
        state=LoanState.OPEN,
        authorised_at=at,
        taken_at=at,
        due_at=due_at,
        due_why=due_why,
        recalled=before.recalled,
        handed_from=before.id,
        grants={loan_id: GrantState.USED},
        terms=verdict.terms,
        valid_until=meeting.receiver.valid_until,
        shift_end=shift_end(meeting.receiver, at) if verdict.terms.period.end_of_shift else None,
        proofs=verdict.proofs,
        evidence=Evidence.DECLARED,
    )
    return begin(loan, at)


def _cause(meeting: Meeting, verdict: Verdict, op: str) -> Cause:
    detail: Mapping[str, str] = {
        **verdict.proofs,
        "from_loan": meeting.lent.loan.id,
        "condition_given": str(meeting.stated.giver),
        "condition_received": str(meeting.stated.receiver),
    }
    at_bank = meeting.bank if meeting.badge is not None else None
    return Cause(
        op=op, at=meeting.at, evidence=Evidence.DECLARED, person=meeting.receiver.id, bank=at_bank, detail=detail
    )


def _open(loan: Loan) -> None:
    if loan.state is not LoanState.OPEN:
        raise Conflict(code="not_open", detail=f"the loan is {loan.state}", advice="There is nothing to hand over.")
