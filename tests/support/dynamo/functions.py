"""The functions of conditions: `attribute_exists`, `begins_with`, `contains` and so on."""

from collections.abc import Callable
from typing import Any

from tests.support.dynamo.operands import Check, literal, read
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.syntax import Path, Value
from tests.support.dynamo.values import SETS, Attributes, kind, same

Judge = Callable[[Attributes, dict[str, str], Attributes], bool]

TYPES = frozenset({"S", "SS", "N", "NS", "B", "BS", "BOOL", "NULL", "L", "M"})
WITH_BEGINNINGS = frozenset({"S", "B"})


def called(parts: tuple[Any, ...], checks: list[Check]) -> Judge:
    """Return what judges by a function: its name and its operands."""
    name, operands = str(parts[0]), parts[1:]
    function, arity = _FUNCTIONS[name]
    if len(operands) != arity:
        raise Invalid(f"Incorrect number of operands for operator or function; operator or function: {name}")
    if name.startswith("attribute_") and not isinstance(operands[0], Path):
        raise Invalid(f"Operator or function requires a document path; operator or function: {name}")
    if name == "begins_with":
        literal(operands, WITH_BEGINNINGS, name, checks)
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
    if value is None or start is None or kind(value) != kind(start) or kind(value) not in WITH_BEGINNINGS:
        return False
    return bool(value[kind(value)].startswith(start[kind(start)]))


def _contains(value: Attributes | None, wanted: Attributes | None) -> bool:
    if value is None or wanted is None:
        return False
    of, inner = kind(value), value[kind(value)]
    if of == "L":
        return any(same(each, wanted) for each in inner)
    if of in SETS:
        return any(same({of[0]: each}, wanted) for each in inner)
    return of in WITH_BEGINNINGS and of == kind(wanted) and wanted[of] in inner


_FUNCTIONS: dict[str, tuple[Callable[..., bool], int]] = {
    "attribute_exists": (lambda value: value is not None, 1),
    "attribute_not_exists": (lambda value: value is None, 1),
    "attribute_type": (lambda value, wanted: value is not None and kind(value) == wanted["S"], 2),
    "begins_with": (_begins_with, 2),
    "contains": (_contains, 2),
}
