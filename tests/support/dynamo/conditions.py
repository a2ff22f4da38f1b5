"""Conditions and filters: a tree compiled once to closures that take an item, names and values."""

from collections.abc import Callable
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from tests.support.dynamo.documents import steps
from tests.support.dynamo.functions import Judge, called
from tests.support.dynamo.operands import Check, literal, read
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.syntax import Node, Path, Uses, Value, parse, paths, uses
from tests.support.dynamo.values import ORDERED, Attributes, kind, ordered, same

ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Condition(NamedTuple):
    """A condition ready to be judged; `checks` look at the placeholders' values before any item is seen."""

    uses: Uses
    judge: Judge
    checks: tuple[Check, ...]
    paths: tuple[Path, ...]

    def roots(self, names: dict[str, str]) -> set[str]:
        """Return the attributes that are looked at."""
        return {str(steps(path, names)[0]) for path in self.paths}


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """Return a condition or filter; raises `Invalid`."""
    tree, checks = parse("condition", text), []
    return Condition(uses(tree), _judge(tree, checks), tuple(checks), tuple(paths(tree)))


def _judge(node: Node, checks: list[Check]) -> Judge:
    return _JUDGES[node.kind](node.parts, checks)


def _both(parts: tuple[Node, ...], checks: list[Check]) -> Judge:
    judges = [_judge(part, checks) for part in parts]
    return lambda item, names, values: all(judge(item, names, values) for judge in judges)


def _either(parts: tuple[Node, ...], checks: list[Check]) -> Judge:
    judges = [_judge(part, checks) for part in parts]
    return lambda item, names, values: any(judge(item, names, values) for judge in judges)


def _negated(parts: tuple[Node], checks: list[Check]) -> Judge:
    judge = _judge(parts[0], checks)
    return lambda item, names, values: not judge(item, names, values)


def _grouped(parts: tuple[Node], checks: list[Check]) -> Judge:
    return _judge(parts[0], checks)


def _compared(parts: tuple[Any, str, Any], checks: list[Check]) -> Judge:
    left, right, sign = read(parts[0]), read(parts[2]), str(parts[1])
    if sign in ORDERS:
        literal((parts[0], parts[2]), ORDERED, sign, checks)
        order = ORDERS[sign]
        return lambda item, names, values: ordered(left(item, names, values), right(item, names, values), order)
    if sign == "=":
        return lambda item, names, values: same(left(item, names, values), right(item, names, values))
    return lambda item, names, values: not same(left(item, names, values), right(item, names, values))


def _between(parts: tuple[Any, Any, Any], checks: list[Check]) -> Judge:
    value, low, high = map(read, parts)
    literal(parts, ORDERED, "BETWEEN", checks)
    if isinstance(parts[1], Value) and isinstance(parts[2], Value):
        checks.append(lambda values: _not_upside_down(values[parts[1].name], values[parts[2].name]))

    def judge(item: Attributes, names: dict[str, str], values: Attributes) -> bool:
        at = value(item, names, values)
        return ordered(low(item, names, values), at, le) and ordered(at, high(item, names, values), le)

    return judge


def _among(parts: tuple[Any, ...], checks: list[Check]) -> Judge:
    value, options = read(parts[0]), [read(part) for part in parts[1:]]
    if len(options) > 100:
        raise Invalid("The IN operator takes at most 100 operands")

    def judge(item: Attributes, names: dict[str, str], values: Attributes) -> bool:
        at = value(item, names, values)
        return any(same(at, option(item, names, values)) for option in options)

    return judge


def _not_upside_down(low: Attributes, high: Attributes) -> None:
    if kind(low) != kind(high):
        raise Invalid("The BETWEEN operator requires same data type for lower and upper bounds")
    if not ordered(low, high, le):
        raise Invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound")


_JUDGES: dict[str, Callable[[Any, list[Check]], Judge]] = {
    "both": _both,
    "either": _either,
    "negated": _negated,
    "grouped": _grouped,
    "compared": _compared,
    "between": _between,
    "among": _among,
    "called": called,
}
