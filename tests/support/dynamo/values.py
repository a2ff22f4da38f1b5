"""Attribute values as DynamoDB writes them (`{"N": "1"}`): what they compare as, and what a number may be."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, InvalidOperation, Overflow
from typing import Any

from tests.support.dynamo.refused import Invalid

Attributes = dict[str, Any]

ORDERED = frozenset({"S", "N", "B"})
SETS = frozenset({"SS", "NS", "BS"})
ARITHMETIC = Context(prec=38, Emin=-130, Emax=125, traps=[InvalidOperation, Overflow])


def kind(value: Attributes) -> str:
    """Return the type of a value: `S`, `N`, `L`, ..."""
    return next(iter(value))


def plain(value: Attributes) -> tuple[str, Any]:
    """Return what a value compares as: numbers are Decimals, sets have no order."""
    ((name, inner),) = value.items()
    return name, _PLAIN[name](inner)


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": Decimal,
    "B": lambda inner: inner,
    "BOOL": bool,
    "NULL": bool,
    "SS": frozenset,
    "BS": frozenset,
    "NS": lambda inner: frozenset(map(Decimal, inner)),
    "L": lambda inner: [plain(each) for each in inner],
    "M": lambda inner: {name: plain(each) for name, each in inner.items()},
}


def same(one: Attributes | None, other: Attributes | None) -> bool:
    """Whether two values are equal; one that is missing equals nothing."""
    if one is None or other is None:
        return False
    return one == other or (kind(one) == kind(other) and plain(one) == plain(other))


def ordered(one: Attributes | None, other: Attributes | None, order: Callable[[Any, Any], bool]) -> bool:
    """Whether two values are in an order; values of different types, or missing, are in none."""
    if one is None or other is None or kind(one) != kind(other) or kind(one) not in ORDERED:
        return False
    return order(plain(one)[1], plain(other)[1])


def number(written: str) -> Decimal:
    """Return a number of at most 38 digits between 1E-130 and 9.9E+125; raises `Invalid`."""
    try:
        read = Decimal(written)
    except InvalidOperation as error:
        raise Invalid(f"The parameter cannot be converted to a numeric value: {written}") from error
    if not read.is_finite():
        raise Invalid(f"The parameter cannot be converted to a numeric value: {written}")
    short = read.normalize(Context(prec=200))
    if len(short.as_tuple().digits) > 38:
        raise Invalid("Attempting to store more than 38 significant digits in a Number")
    if read and not -130 <= short.adjusted() <= 125:
        raise Invalid("Number overflow. Attempting to store a number with magnitude out of the supported range")
    return short


def written(value: Decimal) -> str:
    """Return a number as DynamoDB gives it back: no exponent, no zeros that say nothing."""
    return "0" if not value else format(value.normalize(Context(prec=200)), "f")
