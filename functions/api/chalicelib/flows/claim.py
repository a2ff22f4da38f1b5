"""A holder says that a thing is back although no bank saw it, or that a loan is wrong: a case for a person."""

from collections.abc import Callable

from chalicelib.deciding.claims import Place, case_of, claimed, disputed
from chalicelib.flows.admin import loans
from toolcrib.domain.change import Change
from toolcrib.domain.loans import Loan
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.standing import Intention, Standing
from toolcrib.domain.states import Move
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.store.banks import find_bank
from toolcrib.store.cases import find_case
from toolcrib.store.standings import load_standing

Decide = Callable[[Standing, Loan, Intention], Change]


def returned(asked: Asked, loan_id: str, *, place: Place, note: str) -> Loan:
    """Take a claimed return in; returns the loan, which stays open. Raises `NotFound`, `Conflict`, `Invalid`."""
    _known(asked, place)
    return _claim(asked, loan_id, note, lambda standing, loan, said: claimed(standing, loan, said, place))


def wrong(asked: Asked, loan_id: str, *, note: str) -> Loan:
    """Take a dispute in; returns the loan, as it was but for the pause. Raises `NotFound`, `Conflict`."""
    return _claim(asked, loan_id, note, disputed)


def _claim(asked: Asked, loan_id: str, note: str, decide: Decide) -> Loan:
    intention = Intention(move=Move.CLAIM_RETURNED, op=asked.op, at=asked.at, by=asked.by.actor, reason=note)

    def once() -> Loan:
        loan = loans.show(asked, loan_id)
        if find_case(asked.org, case_of(asked.op)) is not None:  # this very request was heard before
            return loan
        change = decide(load_standing(asked.org, loan.asset), loan, intention)
        commit_and_alert(asked.org, change)
        return change.loans[0]

    return until_committed(once)


def _known(asked: Asked, place: Place) -> None:
    """Raise `Invalid` where there is no such bank or door: a claim should help whoever goes and looks."""
    if place.bank is None:
        return
    bank = find_bank(asked.org, place.bank)
    if bank is None:
        raise Invalid(detail=f"there is no bank {place.bank}", fields={"bank": f"there is no bank {place.bank}"})
    if place.door is not None and all(door.number != place.door for door in bank.doors):
        wrong = f"{place.bank} has doors 1 to {len(bank.doors)}"
        raise Invalid(detail=wrong, fields={"door": wrong})
