"""Groups, asset types and sites: rules without rules about themselves. Policies have some (`policies.py`)."""

from collections.abc import Callable
from typing import Any

from chalicelib.flows.admin.editing import changed, created
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.store import listing, rules
from toolcrib.store.listing import Page, Position
from toolcrib.store.rules import WORDS, Rule

Judge = Callable[[Asked, Any], int | None]


def _anything(_: Asked, __: Any) -> None:
    """Judge nothing."""


def show(asked: Asked, kind: type[Rule], rule_id: str) -> Rule:
    """Return a rule; raises `NotFound`."""
    return rules.load_rule(asked.org, kind, rule_id)


def revision(asked: Asked, kind: type[Rule], rule_id: str, number: int) -> Rule:
    """Return a rule as it was at a revision; raises `NotFound`."""
    return rules.load_revision(asked.org, kind, rule_id, number)


def page(asked: Asked, kind: type[Rule], limit: int, start: Position | None) -> Page:
    """Return a page of all rules of a kind, by id."""
    return listing.page([rules.source(asked.org, kind)], limit=limit, start=start)


def create(asked: Asked, rule: Rule, judge: Judge = _anything) -> Rule:
    """Add a rule; raises `AlreadyThere`, and what `judge` has against it (it returns the stamp it judged by)."""
    kind = type(rule)
    created(
        asked,
        f"a {WORDS[kind]} {rule.id}",
        exists=lambda: rules.find_rule(asked.org, kind, rule.id) is not None,
        save=lambda: rules.save_rule(asked.org, asked.op, asked.at, rule, stamp=judge(asked, rule)),
    )
    return show(asked, kind, rule.id)


def change(
    asked: Asked,
    kind: type[Rule],
    rule_id: str,
    edit: Callable[[Rule], Rule],
    judge: Judge = _anything,
    *,
    keep: bool = False,
) -> Rule:
    """Return the rule after `edit`, which is asked again when somebody else was faster; `keep` what it was before."""

    def once() -> None:
        before = show(asked, kind, rule_id)
        after = replace(edit(before), id=before.id, revision=before.revision + 1)
        stamp = judge(asked, after)
        rules.save_rule(asked.org, asked.op, asked.at, after, stamp=stamp, before=before if keep else None)

    return changed(asked, once, lambda: show(asked, kind, rule_id))
