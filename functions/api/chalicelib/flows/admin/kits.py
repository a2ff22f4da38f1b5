"""Kits: each names what it consists of, things that are there and in no other kit."""

from collections.abc import Callable, Iterator

from chalicelib.flows.admin import rules
from chalicelib.flows.admin.members import fits, missing_assets
from toolcrib.domain.kits import LEAST, MOST, Kit, kit_of
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store.rulebook import read_stamp, rule_book


def create(asked: Asked, kit: Kit) -> Kit:
    """Add a kit; raises `AlreadyThere`, or `Invalid` by field."""
    return rules.create(asked, kit, _judge)


def change(asked: Asked, kit_id: str, edit: Callable[[Kit], Kit]) -> Kit:
    """Return the kit after `edit`; what is out stays out as it was lent. Raises `Invalid` by field."""
    return rules.change(asked, Kit, kit_id, edit, _judge)


def _judge(asked: Asked, kit: Kit) -> int:
    """Judge a kit against all others, and return the stamp of the rule book that it was judged by."""
    stamp = read_stamp(asked.org)
    wrong = dict(_wrong(asked, kit, rule_book(asked.org, stamp)))
    if wrong:
        raise Invalid(detail="the body does not fit", fields=wrong)
    return stamp


def _wrong(asked: Asked, kit: Kit, book: RuleBook) -> Iterator[tuple[str, str]]:
    if not fits(kit.parts, LEAST, MOST):
        yield "parts", f"a kit has {LEAST} to {MOST} different parts"
    others = [each for each in book.kits.values() if each.id != kit.id]
    taken = {part: other.id for part in kit.parts if kit.active and (other := kit_of(others, part))}
    if taken:
        yield "parts", ", ".join(f"{part} is in kit {other}" for part, other in sorted(taken.items()))
    missing = missing_assets(asked, kit.parts)
    if missing:
        yield "parts", f"there is no {', '.join(missing)}"
