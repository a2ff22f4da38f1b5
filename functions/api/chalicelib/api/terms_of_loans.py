"""Loans that run longer or shorter: renewing, and calling back."""

from typing import Annotated, Final

import msgspec

from chalicelib.api.assets import HANDLERS
from chalicelib.api.loans import LoanView, answer
from chalicelib.flows import recall_loan
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.fields import NO_CONTROLS
from chalicelib.web.roles import OWNERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.flows import renew_loan

routes: Final = Routes(
    "loans",
    {
        "POST /loans/{id}/renew": Row(Scope.WRITE, OWNERS),
        "POST /loans/{id}/recall": Row(Scope.WRITE, HANDLERS),
    },
)

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=NO_CONTROLS)]


class RecallLoan(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why it is called back: the holder reads it, so write it for them."""

    reason: Reason | None = None


@routes.on("POST /loans/{id}/renew")
def renew(call: Call, loan_id: str) -> Answer[LoanView]:
    """Keep a loan longer, from its due time on. A person renews their own.

    Refused with `not_renewable` where it was called back, renewed as often as may be, is not near enough to its due
    time or would not be due any later; with the code of the rule where its holder is blocked or frozen, somebody waits
    for it, or service is due.
    """
    return answer(call, renew_loan.handle(call.asked, loan_id))


@routes.on("POST /loans/{id}/recall")
def recall(call: Call, loan_id: str, body: RecallLoan) -> Answer[LoanView]:
    """Call a loan back, once: it is due sooner, never later, and the holder is told at once."""
    return answer(call, recall_loan.handle(call.asked, loan_id, reason=body.reason))
