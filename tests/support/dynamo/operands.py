"""Operands of expressions: what reads them, and which types a placeholder among them may have."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.support.dynamo.documents import look, steps
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.syntax import Node, Path, Value
from tests.support.dynamo.values import Attributes, kind

Reader = Callable[[Attributes, dict[str, str], Attributes], Attributes | None]
Check = Callable[[Attributes], None]


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


def literal(operands: tuple[Any, ...], kinds: frozenset[str], what: str, checks: list[Check]) -> None:
    """Have the types of operands that are placeholders checked with every request."""
    checks += [partial(_is, operand.name, kinds, what) for operand in operands if isinstance(operand, Value)]


def _is(name: str, kinds: frozenset[str], what: str, values: Attributes) -> None:
    actual = kind(values[name])
    if actual not in kinds:
        raise Invalid(f"Incorrect operand type for operator or function; operator: {what}, operand type: {actual}")
