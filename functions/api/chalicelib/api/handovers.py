"""Handing a loan over from person to person, by request and accept."""

from http import HTTPStatus
from typing import Final, Literal

import msgspec

from chalicelib.api.loans import LoanView, answer
from chalicelib.flows import hand_over_loan
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.fields import Id
from chalicelib.web.roles import OWNERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.upkeep import Condition

routes: Final = Routes(
    "loans",
    {
        "POST /loans/{id}/hand-over": Row(Scope.WRITE, OWNERS),
        "DELETE /loans/{id}/hand-over": Row(Scope.WRITE, OWNERS),
        "POST /loans/{id}/hand-over/accept": Row(Scope.WRITE, OWNERS),
    },
)


Stated = Literal["ok", "minor", "critical"]  # upkeep.Condition; a test compares them


class HandOver(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """To whom, and in what condition it is."""

    to: Id
    condition: Stated = "ok"


class Accept(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """In what condition the receiver finds it."""

    condition: Stated = "ok"


@routes.on("POST /loans/{id}/hand-over")
def hand_over(call: Call, loan_id: str, body: HandOver) -> Answer[LoanView]:
    """Ask somebody to take a loan over; they are told, and have a day to accept. Nothing changes hands yet."""
    return answer(call, hand_over_loan.request(call.asked, loan_id, to=body.to, condition=Condition(body.condition)))


@routes.on("DELETE /loans/{id}/hand-over")
def withdraw_hand_over(call: Call, loan_id: str) -> Answer[LoanView]:
    """Take back the request to hand a loan over, or decline it."""
    return answer(call, hand_over_loan.withdraw(call.asked, loan_id))


@routes.on("POST /loans/{id}/hand-over/accept", status=HTTPStatus.CREATED)
def accept_hand_over(call: Call, loan_id: str, body: Accept) -> Answer[LoanView]:
    """Take a loan over: the giver's is closed and one of your own begins, if you may take such a thing.

    Refused as a take at a bank would be. What has to be shown at a bank, such as a PIN, cannot be shown here.
    """
    loan = hand_over_loan.accept(call.asked, loan_id, condition=Condition(body.condition))
    return answer(call, loan, created=True)
