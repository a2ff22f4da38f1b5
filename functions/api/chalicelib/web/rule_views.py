"""What the nouns of the rule book have in common: who may do what, and how a rule is listed, shown and edited."""

from typing import Any, TypeVar

import msgspec

from chalicelib.flows.admin import rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import shown
from chalicelib.web.roles import ADMINS, RULE_READERS, Row, Scope
from toolcrib.domain.record import replace

View = TypeVar("View", bound=msgspec.Struct)
Rule = TypeVar("Rule", bound=Any)


def table(noun: str) -> dict[str, Row]:
    """Return the role table of a noun: who makes rules may read them, admins edit them."""
    read, edit = Row(Scope.READ, RULE_READERS), Row(Scope.ADMIN, ADMINS)
    return {f"GET /{noun}": read, f"POST /{noun}": edit, f"GET /{noun}/{{id}}": read, f"PATCH /{noun}/{{id}}": edit}


def page(call: Call, query: Paging, kind: type[Any], view: type[View]) -> Answer[Listed[View]]:
    """Return a page of all rules of a kind, by id."""
    return listed(
        call, query, lambda limit, start: rules.page(call.asked, kind, limit, start), lambda rule: shown(rule, view)
    )


def edited(rule: Rule, fields: msgspec.Struct, kind: type[msgspec.Struct]) -> Rule:
    """Return a rule with everything that `kind` lets be set as the body has it."""
    return replace(rule, **{name: getattr(fields, name) for name in kind.__struct_fields__})


def answer(rule: Any, view: type[View], noun: str, *, created: bool = False) -> Answer[View]:
    """Return a rule as it is now, with its revision as its version."""
    return Answer(shown(rule, view), version=rule.revision, location=f"/{noun}/{rule.id}" if created else None)
