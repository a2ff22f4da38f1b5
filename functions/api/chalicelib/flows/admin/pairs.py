"""Pairs: each names what it is about, and nothing that is not there."""

from collections.abc import Callable, Iterator

from chalicelib.flows.admin import rules
from chalicelib.flows.admin.members import fits, missing_assets
from toolcrib.domain.pairing import Pair, PairKind
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Invalid
from toolcrib.store.rulebook import read_stamp, rule_book

LEAST, MOST = 2, 10  # of one pair: each may be a condition of one transaction


def create(asked: Asked, pair: Pair) -> Pair:
    """Add a pair; raises `AlreadyThere`, or `Invalid` by field."""
    return rules.create(asked, pair, _judge)


def change(asked: Asked, pair_id: str, edit: Callable[[Pair], Pair]) -> Pair:
    """Return the pair after `edit`; raises `Invalid` by field."""
    return rules.change(asked, Pair, pair_id, edit, _judge)


def _judge(asked: Asked, pair: Pair) -> None:
    wrong = dict(_wrong(asked, pair))
    if wrong:
        raise Invalid(detail="the body does not fit", fields=wrong)


def _wrong(asked: Asked, pair: Pair) -> Iterator[tuple[str, str]]:
    lockout = pair.kind is PairKind.LOCKOUT
    sides = pair.assets if lockout else (*pair.asset_types, *(f"category {each}" for each in pair.categories))
    named = "assets" if lockout else "asset_types"
    if not fits(sides, LEAST, MOST):
        yield named, f"a pair of kind {pair.kind} names {LEAST} to {MOST} different ones"
    for name in ("asset_types", "categories") if lockout else ("assets",):
        if getattr(pair, name):
            yield name, f"a pair of kind {pair.kind} names none"
    missing = _missing(asked, pair)
    if missing:
        yield named, f"there is no {', '.join(missing)}"


def _missing(asked: Asked, pair: Pair) -> list[str]:
    if pair.kind is PairKind.LOCKOUT:
        return missing_assets(asked, pair.assets)
    known = rule_book(asked.org, read_stamp(asked.org)).types
    return sorted(set(pair.asset_types) - known.keys())
