"""The dry run: may this person take this now, and why not."""

from datetime import datetime
from typing import Final

import msgspec

from chalicelib.flows.admin import dry_run
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.fields import Id
from chalicelib.web.roles import EVERYBODY, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.refusals import Invalid

routes: Final = Routes("policies", {"POST /policies/dry-run": Row(Scope.READ, EVERYBODY)})


class Question(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Who, at which bank, and either an asset or an asset type.

    `borrower` is the account that it would be taken for: one of those that the person borrows for.
    """

    person: Id
    borrower: Id | None = None
    bank: Id
    asset: Id | None = None
    type: Id | None = None


class Finding(msgspec.Struct, kw_only=True, frozen=True):
    """What one rule found; `code` is the refuse code where it did not pass."""

    rule: str
    code: str | None
    passed: bool
    detail: str


class Ruling(msgspec.Struct, kw_only=True, frozen=True):
    """The answer, when it would be due, and every rule's finding in order; `code` is the first refusal's.

    `text` is what the bank would say to that person, word for word and in their language; null where taking is allowed.
    """

    allowed: bool
    code: str | None
    text: str | None
    policy: str
    due_at: datetime
    due_why: str
    trace: tuple[Finding, ...]


@routes.on("POST /policies/dry-run")
def dry_run_policies(call: Call, body: Question) -> Answer[Ruling]:
    """Judge what a tap at the bank would be judged by, without taking anything. A person may ask about themself."""
    if (body.asset is None) == (body.type is None):
        wrong = "either asset or type is needed, not both"
        raise Invalid(detail=wrong, fields={"asset": wrong, "type": wrong})
    question = dry_run.Question(
        person=body.person, borrower=body.borrower, bank=body.bank, asset=body.asset, asset_type=body.type or ""
    )
    verdict, text = dry_run.judge(call.asked, question)
    trace = tuple(
        Finding(rule=line.rule, code=line.code, passed=line.passed, detail=line.detail) for line in verdict.trace
    )
    return Answer(
        Ruling(
            allowed=verdict.allowed,
            code=verdict.code,
            text=text,
            policy=verdict.policy.id,
            due_at=verdict.due.at,
            due_why=str(verdict.due.why),
            trace=trace,
        )
    )
