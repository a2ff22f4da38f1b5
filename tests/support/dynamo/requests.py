"""What every request's expressions have in common: no name or value too many, none too few."""

from functools import lru_cache
from typing import Any, NamedTuple

from tests.support.dynamo.conditions import Condition, condition
from tests.support.dynamo.documents import Steps, in_order, projected, steps
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.sizes import canonical
from tests.support.dynamo.syntax import Node, Path, Uses, parse, uses
from tests.support.dynamo.updates import Update, update
from tests.support.dynamo.values import Attributes

Request = dict[str, Any]

LEGACY = frozenset(
    {
        "AttributesToGet",
        "AttributeUpdates",
        "ConditionalOperator",
        "Expected",
        "KeyConditions",
        "QueryFilter",
        "ScanFilter",
    }
)


class Projection(NamedTuple):
    """A projection: which paths an answer shows."""

    uses: Uses
    paths: tuple[Path, ...]


@lru_cache(maxsize=1024)
def projection(text: str) -> Projection:
    """Return a projection; raises `Invalid`."""
    tree: Node = parse("projection", text)
    return Projection(uses(tree), tree.parts)


class Expressions(NamedTuple):
    """A request's expressions, parsed and checked."""

    names: dict[str, str]
    values: Attributes
    condition: Condition | None = None
    filter: Condition | None = None
    key: Condition | None = None
    update: Update | None = None
    ways: tuple[Steps, ...] | None = None

    def holds(self, item: Attributes | None) -> bool:
        """Whether the request's condition holds of an item, or of none."""
        return self.condition is None or self.condition.judge(item or {}, self.names, self.values)

    def passes(self, item: Attributes) -> bool:
        """Whether an item passes the request's filter."""
        return self.filter is None or self.filter.judge(item, self.names, self.values)

    def shown(self, item: Attributes) -> Attributes:
        """Return as much of an item as the request wants to see."""
        return item if self.ways is None else projected(item, self.ways)


def expressions(request: Request) -> Expressions:
    """Return a request's expressions; raises `Invalid` for any that is malformed, has too little or does too much."""
    if not LEGACY.isdisjoint(request):
        raise Invalid(f"Parameters from before expressions are not modelled: {LEGACY & request.keys()}")
    names = request.get("ExpressionAttributeNames", {})
    values = {name: canonical(value) for name, value in request.get("ExpressionAttributeValues", {}).items()}
    found = (
        _parsed(condition, request, "ConditionExpression"),
        _parsed(condition, request, "FilterExpression"),
        _parsed(condition, request, "KeyConditionExpression"),
        _parsed(update, request, "UpdateExpression"),
    )
    wanted = _parsed(projection, request, "ProjectionExpression")
    _all_used([each.uses for each in (*found, wanted) if each is not None], request, names, values)
    for each in found:
        for check in each.checks if each is not None else ():
            check(values)
    ways = None if wanted is None else tuple(in_order(steps(path, names) for path in wanted.paths))
    return Expressions(names, values, *found, ways)


def _parsed(parse_: Any, request: Request, name: str) -> Any:
    text = request.get(name)
    if text is None:
        return None
    if not text.strip():
        raise Invalid(f"Invalid {name}: The expression can not be empty;")
    return parse_(text)


def _all_used(used: list[Uses], request: Request, names: dict[str, str], values: Attributes) -> None:
    wanted = used[0].names.union(*(each.names for each in used)) if used else set()
    if wanted != names.keys() or ("ExpressionAttributeNames" in request and not names):
        raise Invalid(f"ExpressionAttributeNames unused in expressions, or not defined: {wanted ^ names.keys()}")
    wanted = used[0].values.union(*(each.values for each in used)) if used else set()
    if wanted != values.keys() or ("ExpressionAttributeValues" in request and not values):
        raise Invalid(f"ExpressionAttributeValues unused in expressions, or not defined: {wanted ^ values.keys()}")
