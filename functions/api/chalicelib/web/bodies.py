"""Request bodies, strictly: at most 64 KB, JSON without tricks, exactly the route's fields (threats 25 and 26)."""

import json
from binascii import Error as Base64Error
from itertools import islice
from typing import Any, Final, NoReturn, TypeVar

import msgspec
from chalice.app import Request

from chalicelib.web.misfits import in_words, misfits
from chalicelib.web.problems import TooLarge
from toolcrib.domain.refusals import Invalid

MAX_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 20  # objects and arrays in each other
MAX_ERRORS: Final = 20  # told at once

T = TypeVar("T")


class Nothing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """No fields at all."""


def raw(request: Request) -> bytes:
    """Return the bytes of the body, empty without one; raises `TooLarge` before anything is parsed."""
    event = request.to_original_event()
    if len(event.get("body") or "") > 2 * MAX_BYTES:  # even as base64 more than we take: not worth decoding
        raise TooLarge(detail=f"the body is larger than {MAX_BYTES} bytes")
    try:
        body: Any = request.raw_body  # bytes, whatever Chalice's annotation says
    except (Base64Error, ValueError):
        raise Invalid(detail="the body is not valid base64") from None
    if len(body) > MAX_BYTES:
        raise TooLarge(detail=f"the body has {len(body)} bytes, at most {MAX_BYTES} are taken")
    return bytes(body)


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in a body; raises `Invalid` for anything that two parsers could read differently."""
    try:
        text = body.decode("utf-8")
        json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        found = msgspec.json.decode(body)  # refuses halves of surrogate pairs and numbers beyond a double
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise Invalid(detail=_why(error), advice="Send one JSON object in UTF-8.") from None
    if not isinstance(found, dict):
        raise Invalid(detail="the body is not a JSON object", advice="Send one JSON object in UTF-8.")
    if _depth(found) > MAX_DEPTH:
        raise Invalid(detail=f"the body is nested deeper than {MAX_DEPTH}")
    return found


def fit(values: dict[str, Any], kind: type[T], *, strict: bool = True, what: str = "body") -> T:
    """Return the struct these values make; raises `Invalid` naming every field that does not fit.

    Where `strict` is false text may stand for numbers, as in a query.
    """
    try:
        return msgspec.convert(values, kind, strict=strict)
    except msgspec.ValidationError as error:
        fields = dict(islice(misfits(values, kind, strict=strict), MAX_ERRORS)) or {"": in_words(str(error))}
        raise Invalid(detail=f"the {what} does not fit", fields=fields) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"the body is nested deeper than {MAX_DEPTH}"
    if isinstance(error, json.JSONDecodeError | msgspec.DecodeError | UnicodeDecodeError):
        return "the body is not valid JSON in UTF-8"
    return f"the body is not valid JSON: {error}"


def _depth(value: Any) -> int:
    """Return how deep a value goes, level by level: no recursion that a body could exhaust."""
    depth, level = 0, [value]
    while level := [inner for outer in level for inner in _within(outer)]:
        depth += 1
    return depth


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values()) or [None]
    return (value or [None]) if isinstance(value, list) else []
