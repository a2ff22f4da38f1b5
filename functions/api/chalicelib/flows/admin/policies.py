"""Policies: no two may claim a loan with equal right, and one names nothing (rules.md, *Which policy applies*)."""

from collections.abc import Callable

from chalicelib.flows.admin import rules
from toolcrib.domain.matching import conflicts
from toolcrib.domain.policies import Match, Policy
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store.rulebook import BUILT_IN, read_stamp, rule_book


def create(asked: Asked, policy: Policy) -> Policy:
    """Add a policy; raises `AlreadyThere`, or `Conflict` naming the policy it would clash with."""
    return rules.create(asked, policy, _judge)


def change(asked: Asked, policy_id: str, edit: Callable[[Policy], Policy]) -> Policy:
    """Return the policy after `edit`; loans keep the terms they were made under. Raises `Conflict` as above.

    What it was before is kept: a loan names the revision that it was made under.
    """
    return rules.change(asked, Policy, policy_id, edit, _judge, keep=True)


def _judge(asked: Asked, policy: Policy) -> int:
    """Judge a policy against all others, and return the stamp of the rule book that it was judged by."""
    stamp = read_stamp(asked.org)
    check(policy, rule_book(asked.org, stamp))
    return stamp


def check(policy: Policy, book: RuleBook) -> None:
    """Raise `Conflict` where `policy` would leave the org without a clear choice."""
    fallback = None if book.fallback is BUILT_IN else book.fallback
    nameless = policy.match == Match()
    if fallback is not None and nameless and policy.id != fallback.id:
        raise Conflict(
            code="second_fallback",
            detail=f"policy {fallback.id} names nothing already",
            advice=f"Change {fallback.id}, or say what this one is about.",
        )
    if fallback is not None and not nameless and policy.id == fallback.id:
        raise Conflict(
            code="fallback_needed",
            detail=f"policy {policy.id} is the org's fallback and names nothing",
            advice="Make another policy for what it should be about.",
        )
    clash = next(iter(conflicts(policy, book.policies.values())), None)
    if clash is not None:
        raise Conflict(
            code="policy_conflict",
            detail=f"policy {clash.id} could match the same loan with the same priority",
            advice="Give one of them another priority, or name more.",
        )
