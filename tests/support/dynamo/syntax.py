"""Text of an expression to its tree: lark's, each text once."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from tests.support.dynamo.refused import Invalid


class Path(NamedTuple):
    """A document path: names as written (`name`, `#alias`) and list indexes."""

    parts: tuple[str | int, ...]


class Value(NamedTuple):
    """A placeholder, with its colon."""

    name: str


class Node(NamedTuple):
    """Anything else: what it is, and what it is about."""

    kind: str
    parts: tuple[Any, ...]


@cache
def _reserved() -> frozenset[str]:
    from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

    return frozenset(ReservedKeywords.get_reserved_keywords())


class _Tree(Transformer[Token, Any]):
    """Makes lark's tree ours."""

    def path(self, parts: list[Token]) -> Path:
        for part in parts:
            if part.type == "NAME" and part.upper() in _reserved():
                raise Invalid(f"Attribute name is a reserved keyword; reserved keyword: {part}")
        return Path(tuple(int(part) if part.type == "INDEX" else str(part) for part in parts))

    def value(self, parts: list[Token]) -> Value:
        return Value(str(parts[0]))

    def grouped(self, parts: list[Any]) -> Node:
        if parts[0].kind == "grouped":
            raise Invalid("The expression has redundant parentheses;")
        return Node("grouped", tuple(parts))

    def __default__(self, data: Any, children: Any, _meta: Any) -> Node:
        return Node(str(data), tuple(children))


@cache
def _parser() -> Lark:
    starts = ["condition", "update", "projection"]
    return Lark.open("grammar.lark", rel_to=__file__, parser="lalr", start=starts)


@lru_cache(maxsize=4096)
def parse(kind: str, text: str) -> Any:
    """Return the tree of a condition, update or projection; raises `Invalid`."""
    try:
        return _Tree().transform(_parser().parse(text, start=kind))
    except UnexpectedInput as error:
        raise Invalid(f"Invalid expression: Syntax error; {text[:200]}: {error}") from error
    except VisitError as error:
        raise error.orig_exc from error


class Uses(NamedTuple):
    """The aliases and placeholders that an expression mentions."""

    names: frozenset[str]
    values: frozenset[str]


def uses(tree: Any) -> Uses:
    """Return what a tree mentions."""
    parts = (part for path in paths(tree) for part in path.parts)
    names = frozenset(part for part in parts if isinstance(part, str) and part[0] == "#")
    return Uses(names, frozenset(leaf.name for leaf in _leaves(tree) if isinstance(leaf, Value)))


def paths(tree: Any) -> list[Path]:
    """Return the paths in a tree."""
    return [leaf for leaf in _leaves(tree) if isinstance(leaf, Path)]


def _leaves(tree: Any) -> Iterator[Path | Value]:
    if isinstance(tree, Path | Value):
        yield tree
    elif isinstance(tree, Node):
        for part in tree.parts:
            yield from _leaves(part)
