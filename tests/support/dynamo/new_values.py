"""Right-hand sides of SET: sums, defaults, lists put together."""

from collections.abc import Callable
from decimal import Overflow
from typing import Any

from tests.support.dynamo.documents import look, steps
from tests.support.dynamo.operands import Check, Reader, literal, read
from tests.support.dynamo.refused import Unfit
from tests.support.dynamo.syntax import Node, Path, Value
from tests.support.dynamo.values import ARITHMETIC, Attributes, kind, number, written

WRONG_TYPE = "An operand in the update expression has an incorrect data type"
NOT_THERE = "The provided expression refers to an attribute that does not exist in the item"
NUMBERS, LISTS = frozenset({"N"}), frozenset({"L"})


def new(node: Path | Value | Node, checks: list[Check]) -> Reader:
    """Return what reads the right-hand side of an assignment."""
    if not isinstance(node, Node):
        return read(node)
    return _NEW[node.kind](node.parts, checks)


def _default(parts: tuple[Path, Any], checks: list[Check]) -> Reader:
    path, other = parts[0], new(parts[1], checks)

    def reader(item: Attributes, names: dict[str, str], values: Attributes) -> Attributes | None:
        found = look(item, steps(path, names))
        return found if found is not None else other(item, names, values)

    return reader


def _arithmetic(sign: int) -> Callable[[Any, list[Check]], Reader]:
    def of(parts: tuple[Any, Any], checks: list[Check]) -> Reader:
        literal(parts, NUMBERS, "+" if sign > 0 else "-", checks)
        left, right = (there(new(part, checks)) for part in parts)
        return lambda item, names, values: added(left(item, names, values), right(item, names, values), sign)

    return of


def _joined(parts: tuple[Any, Any], checks: list[Check]) -> Reader:
    literal(parts, LISTS, "list_append", checks)
    first, second = (there(new(part, checks)) for part in parts)

    def reader(item: Attributes, names: dict[str, str], values: Attributes) -> Attributes:
        one, other = first(item, names, values), second(item, names, values)
        if kind(one) != "L" or kind(other) != "L":
            raise Unfit(WRONG_TYPE)
        return {"L": [*one["L"], *other["L"]]}

    return reader


def there(reader: Reader) -> Callable[..., Attributes]:
    """Return a reader that raises `Unfit` where there is nothing."""

    def found(item: Attributes, names: dict[str, str], values: Attributes) -> Attributes:
        value = reader(item, names, values)
        if value is None:
            raise Unfit(NOT_THERE)
        return value

    return found


def added(one: Attributes, other: Attributes, sign: int) -> Attributes:
    """Return the sum of two numbers, or with a negative `sign` their difference; raises `Unfit`."""
    if kind(one) != "N" or kind(other) != "N":
        raise Unfit(WRONG_TYPE)
    try:
        operation = ARITHMETIC.add if sign > 0 else ARITHMETIC.subtract
        return {"N": written(operation(number(one["N"]), number(other["N"])))}
    except Overflow as error:
        raise Unfit(
            "Number overflow. Attempting to store a number with magnitude out of the supported range"
        ) from error


_NEW: dict[str, Callable[[Any, list[Check]], Reader]] = {
    "default": _default,
    "plus": _arithmetic(1),
    "minus": _arithmetic(-1),
    "joined": _joined,
}
