"""Key conditions: equality for the hash key, and one comparison or none for the range key."""

from tests.support.dynamo.documents import steps
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.requests import Expressions, Request
from tests.support.dynamo.syntax import Node, Path, Value, parse
from tests.support.dynamo.tables import Index


def partition(request: Request, parsed: Expressions, index: Index) -> str:
    """Return the hash key that a key condition asks for; raises `Invalid` for a condition that is none."""
    terms: dict[str, Node] = {}
    for term in _terms(parse("condition", request["KeyConditionExpression"])):
        (name,) = steps(next(part for part in term.parts if isinstance(part, Path)), parsed.names)
        if name in terms:
            raise Invalid("KeyConditionExpressions must only contain one condition per key")
        terms[str(name)] = term
    one = terms.pop(index.hash, None)
    if one is None or not terms.keys() <= {index.range}:
        raise Invalid(f"Query condition missed key schema element: {index.hash}, or has one too many")
    if one.kind != "compared" or one.parts[1] != "=":
        raise Invalid("Query key condition not supported")
    for used in parsed.key.uses.values if parsed.key is not None else ():
        if "S" not in parsed.values[used]:
            raise Invalid(
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            )
    value = parsed.values[one.parts[2].name]["S"]
    if not value:
        raise Invalid(
            "One or more parameter values are not valid. A key attribute cannot contain an empty string value"
        )
    return str(value)


def _terms(node: Node) -> list[Node]:
    if node.kind in {"grouped", "both"}:
        return [term for part in node.parts for term in _terms(part)]
    path, *values = (part for part in node.parts if not isinstance(part, str))
    simple = isinstance(path, Path) and len(path.parts) == 1 and all(isinstance(value, Value) for value in values)
    asked = str(node.parts[0 if node.kind == "called" else 1]) if node.kind in {"called", "compared"} else node.kind
    if not simple or asked not in {"=", "<", "<=", ">", ">=", "between", "begins_with"}:
        raise Invalid("Invalid operator used in KeyConditionExpression")
    return [node]
