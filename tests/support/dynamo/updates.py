"""Update expressions: every right-hand side is read from the item as it was, then everything is put in its place."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from tests.support.dynamo.documents import Steps, in_order, look, placed, rank, steps
from tests.support.dynamo.new_values import NUMBERS, WRONG_TYPE, added, new, there
from tests.support.dynamo.operands import Check, Reader, literal
from tests.support.dynamo.refused import Invalid, Unfit
from tests.support.dynamo.syntax import Node, Path, Uses, parse, uses
from tests.support.dynamo.values import SETS, Attributes, kind, plain


class Update(NamedTuple):
    """An update ready to be applied: paths with what reads their new values, None for no value."""

    uses: Uses
    actions: tuple[tuple[Path, Reader], ...]
    checks: tuple[Check, ...]

    def apply(self, item: Attributes, names: dict[str, str], values: Attributes) -> Attributes:
        """Return the item updated; raises `Unfit` where it cannot be."""
        new = {steps(path, names): reader(item, names, values) for path, reader in self.actions}
        given = [way for way in new if new[way] is not None]
        for way in sorted(given, key=rank):
            item = placed(item, way, new[way])
        for way in sorted(new.keys() - set(given), key=rank, reverse=True):  # indexes are those before anything went
            item = placed(item, way, None)
        return item

    def ways(self, names: dict[str, str]) -> list[Steps]:
        """Return the paths it changes; raises `Invalid` where they overlap."""
        return in_order(steps(path, names) for path, _ in self.actions)


@lru_cache(maxsize=4096)
def update(text: str) -> Update:
    """Return an update; raises `Invalid`."""
    tree: Node = parse("update", text)
    sections = [section.kind for section in tree.parts]
    if len(set(sections)) != len(sections):
        raise Invalid("Each of SET, REMOVE, ADD and DELETE can only be used once in an update expression")
    checks: list[Check] = []
    actions = [action for section in tree.parts for action in _SECTIONS[section.kind](section.parts, checks)]
    return Update(uses(tree), tuple(actions), tuple(checks))


Actions = list[tuple[Path, Reader]]


def _setting(parts: tuple[Node, ...], checks: list[Check]) -> Actions:
    return [(part.parts[0], there(new(part.parts[2], checks))) for part in parts]


def _removing(parts: tuple[Path, ...], _checks: list[Check]) -> Actions:
    return [(part, lambda _item, _names, _values: None) for part in parts]


def _adding(parts: tuple[Node, ...], checks: list[Check]) -> Actions:
    return [_amount(part, SETS | NUMBERS, _added, "ADD", checks) for part in parts]


def _deleting(parts: tuple[Node, ...], checks: list[Check]) -> Actions:
    return [_amount(part, SETS, _deleted, "DELETE", checks) for part in parts]


def _amount(
    part: Node,
    kinds: frozenset[str],
    combine: Callable[[Attributes | None, Attributes], Attributes | None],
    what: str,
    checks: list[Check],
) -> tuple[Path, Reader]:
    path, value = part.parts
    literal((value,), kinds, what, checks)
    return path, lambda item, names, values: combine(look(item, steps(path, names)), values[value.name])


def _added(before: Attributes | None, more: Attributes) -> Attributes:
    if before is None:
        return more
    if kind(before) != kind(more):
        raise Unfit(WRONG_TYPE)
    if kind(more) == "N":
        return added(before, more, 1)
    return {kind(more): [*before[kind(more)], *_others(more, before)]}


def _deleted(before: Attributes | None, less: Attributes) -> Attributes | None:
    if before is None:
        return None
    if kind(before) != kind(less):
        raise Unfit(WRONG_TYPE)
    left = _others(before, less)
    return {kind(less): left} if left else None


def _others(these: Attributes, those: Attributes) -> list[Any]:
    """Return the members of a set that another set does not have."""
    _, known = plain(those)
    return [each for each in these[kind(these)] if not plain({kind(these): [each]})[1] <= known]


_SECTIONS: dict[str, Callable[[Any, list[Check]], Actions]] = {
    "setting": _setting,
    "removing": _removing,
    "adding": _adding,
    "deleting": _deleting,
}
