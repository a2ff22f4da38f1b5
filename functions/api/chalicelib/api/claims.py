"""Claims: what holders say against the record of their loans."""

from typing import Annotated, Final

import msgspec

from chalicelib.api.loans import LoanView, answer
from chalicelib.deciding.claims import Place
from chalicelib.flows import claim
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.fields import Id, Text
from chalicelib.web.roles import OWNERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.doors import MAX_DOORS
from toolcrib.domain.refusals import Invalid

routes: Final = Routes(
    "loans",
    {
        "POST /loans/{id}/claim-returned": Row(Scope.WRITE, OWNERS),
        "POST /loans/{id}/dispute": Row(Scope.WRITE, OWNERS),
    },
)

Door = Annotated[int, msgspec.Meta(ge=1, le=MAX_DOORS)]


class Claim(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where it was left, as far as that is remembered, and what else there is to say."""

    bank: Id | None = None
    door: Door | None = None
    note: Text | None = None


class Dispute(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is wrong about the loan."""

    note: Text


@routes.on("POST /loans/{id}/claim-returned")
def claim_returned(call: Call, loan_id: str, body: Claim) -> Answer[LoanView]:
    """Say that a thing is back although no bank saw it: a case, and its holder is not reminded for up to 7 days.

    The loan stays open until the thing turns up or somebody resolves the case.
    """
    if body.door is not None and body.bank is None:
        raise Invalid(detail="a door is of a bank", fields={"bank": "name the bank of that door"})
    place = Place(bank=body.bank, door=body.door)
    return answer(call, claim.returned(call.asked, loan_id, place=place, note=body.note or ""))


@routes.on("POST /loans/{id}/dispute")
def dispute_loan(call: Call, loan_id: str, body: Dispute) -> Answer[LoanView]:
    """Say that a loan is wrong: a case, custody stays as it is, and its holder is not reminded for up to 7 days."""
    return answer(call, claim.wrong(call.asked, loan_id, note=body.note))
