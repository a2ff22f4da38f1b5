"""Policies: terms and limits for whatever they match (rules.md)."""

from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec

from chalicelib.api import policy_records
from chalicelib.api.policy_fields import PolicyFields, PolicyView
from chalicelib.flows.admin import policies, rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id
from chalicelib.web.patches import Patch
from chalicelib.web.roles import ADMINS, RULE_READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.ids import derived
from toolcrib.domain.policies import Policy

routes: Final = Routes(
    "policies",
    {
        "GET /policies": Row(Scope.READ, RULE_READERS),
        "POST /policies": Row(Scope.ADMIN, ADMINS),
        "GET /policies/{id}": Row(Scope.READ, RULE_READERS),
        "PATCH /policies/{id}": Row(Scope.ADMIN, ADMINS),
    },
)


class NewPolicy(PolicyFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A policy to be added; without an `id` one is made."""

    id: Id | None = None


class Which(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which revision; the present one without."""

    revision: Annotated[int, msgspec.Meta(ge=1, le=99_999_999, description="1 is as it was first saved.")] | None = None


@routes.on("GET /policies")
def list_policies(call: Call, query: Paging) -> Answer[Listed[PolicyView]]:
    """List the policies by id; the one that names nothing is the fallback."""

    def show(values: dict[str, Any]) -> PolicyView:
        return policy_records.view(msgspec.convert(values, Policy))

    return listed(call, query, lambda limit, start: rules.page(call.asked, Policy, limit, start), show)


@routes.on("POST /policies", status=HTTPStatus.CREATED)
def create_policy(call: Call, body: NewPolicy) -> Answer[PolicyView]:
    """Add a policy. One that could match the same loan as another with equal right is refused, and the other named."""
    new = policy_records.to_policy(body.id or derived("policy", call.asked.op), body)
    return _answer(policies.create(call.asked, new), created=True)


@routes.on("GET /policies/{id}")
def show_policy(call: Call, policy_id: str, query: Which) -> Answer[PolicyView]:
    """Show a policy as it is, or as it was at a past revision: a loan names the one that it was made under."""
    if query.revision is None:
        return _answer(rules.show(call.asked, Policy, policy_id))
    return _answer(rules.revision(call.asked, Policy, policy_id, query.revision))


@routes.on("PATCH /policies/{id}")
def change_policy(call: Call, policy_id: str, patch: Patch[PolicyFields]) -> Answer[PolicyView]:
    """Change a policy. Loans keep the terms they were made under."""

    def edit(policy: Policy) -> Policy:
        fields = patch.onto(policy_records.fields(policy), policy.revision)
        return policy_records.to_policy(policy.id, fields, revision=policy.revision)

    return _answer(policies.change(call.asked, policy_id, edit))


def _answer(policy: Policy, *, created: bool = False) -> Answer[PolicyView]:
    view = policy_records.view(policy)
    return Answer(view, version=policy.revision, location=f"/policies/{policy.id}" if created else None)
