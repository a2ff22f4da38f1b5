"""Conditions and filters: a tree compiled once to closures that take an item, names and values."""

from collections.abc import Callable
from functools import lru_cache, partial
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from tests.support.dynamo.documents import look, steps
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.syntax import Node, Path, Uses, Value, parse, paths, uses
from tests.support.dynamo.values import ORDERED, Attributes, kind, plain, same

Reader = Callable[[Attributes, dict[str, str], Attributes], Attributes | None]
Judge = Callable[[Attributes, dict[str, str], Attributes], bool]
Check = Callable[[Attributes], None]

TYPES = frozenset({"S", "SS", "N", "NS", "B", "BS", "BOOL", "NULL", "L", "M"})
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


def ordered(one: Attributes | None, other: Attributes | None, order: Callable[[Any, Any], bool]) -> bool:
    """Whether two values are in an order; values of different types, or missing, are in none."""
    if one is None or other is None or kind(one) != kind(other) or kind(one) not in ORDERED:
        return False
    return order(plain(one)[1], plain(other)[1])


def _not_upside_down(low: Attributes, high: Attributes) -> None:
    if kind(low) != kind(high):
        raise Invalid("The BETWEEN operator requires same data type for lower and upper bounds")
    if not ordered(low, high, le):
        raise Invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound")


def literal(operands: tuple[Any, ...], kinds: frozenset[str], what: str, checks: list[Check]) -> None:
    """Have the types of operands that are placeholders checked with every request."""
    checks += [partial(_is, operand.name, kinds, what) for operand in operands if isinstance(operand, Value)]


def _is(name: str, kinds: frozenset[str], what: str, values: Attributes) -> None:
    actual = kind(values[name])
    if actual not in kinds:
        raise Invalid(f"Incorrect operand type for operator or function; operator: {what}, operand type: {actual}")


def read(operand: Path | Value | Node) -> Reader:
    """Return what reads an operand."""
    if isinstance(operand, Value):
        name = operand.name
        return lambda _item, _names, values: values[name]
    if isinstance(operand, Node):
        inside = read(operand.parts[0])
        return lambda item, names, values: _size(inside(item, names, values))
    first = operand.parts[0]
    if len(operand.parts) > 1:
        return lambda item, names, _values: look(item, steps(operand, names))
    if first[0] == "#":
        return lambda item, names, _values: item.get(names[first])
    return lambda item, _names, _values: item.get(first)


def _size(value: Attributes | None) -> Attributes | None:
    if value is None or kind(value) in {"N", "BOOL", "NULL"}:
        return None
    return {"N": str(len(value[kind(value)]))}


def _called(parts: tuple[Any, ...], checks: list[Check]) -> Judge:
    name, operands = str(parts[0]), parts[1:]
    function, arity = _FUNCTIONS[name]
    if len(operands) != arity:
        raise Invalid(f"Incorrect number of operands for operator or function; operator or function: {name}")
    if name.startswith("attribute_") and not isinstance(operands[0], Path):
        raise Invalid(f"Operator or function requires a document path; operator or function: {name}")
    if name == "begins_with":
        literal(operands, frozenset({"S", "B"}), name, checks)
    if name == "attribute_type":
        _names_a_type(operands[1], checks)
    readers = [read(operand) for operand in operands]
    return lambda item, names, values: function(*(reader(item, names, values) for reader in readers))


def _names_a_type(operand: Any, checks: list[Check]) -> None:
    def check(values: Attributes) -> None:
        if values[operand.name].get("S") not in TYPES:
            raise Invalid("Invalid attribute type name found; valid types: {B, BOOL, BS, L, M, N, NS, NULL, S, SS}")

    if not isinstance(operand, Value):
        raise Invalid("attribute_type takes a placeholder")
    checks.append(check)


def _begins_with(value: Attributes | None, start: Attributes | None) -> bool:
    if value is None or start is None or kind(value) != kind(start) or kind(value) not in {"S", "B"}:
        return False
    return bool(value[kind(value)].startswith(start[kind(start)]))


def _contains(value: Attributes | None, wanted: Attributes | None) -> bool:
    if value is None or wanted is None:
        return False
    of, inner = kind(value), value[kind(value)]
    if of == "L":
        return any(same(each, wanted) for each in inner)
    if of in {"SS", "NS", "BS"}:
        return any(same({of[0]: each}, wanted) for each in inner)
    return of in {"S", "B"} and of == kind(wanted) and wanted[of] in inner


_FUNCTIONS: dict[str, tuple[Callable[..., bool], int]] = {
    "attribute_exists": (lambda value: value is not None, 1),
    "attribute_not_exists": (lambda value: value is None, 1),
    "attribute_type": (lambda value, wanted: value is not None and kind(value) == wanted["S"], 2),
    "begins_with": (_begins_with, 2),
    "contains": (_contains, 2),
}
_JUDGES: dict[str, Callable[[Any, list[Check]], Judge]] = {
    "both": _both,
    "either": _either,
    "negated": _negated,
    "grouped": _grouped,
    "compared": _compared,
    "between": _between,
    "among": _among,
    "called": _called,
}
