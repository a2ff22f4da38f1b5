"""Expressions nobody thought of: our grammar and moto's two parsers come to the same."""

from copy import deepcopy
from typing import Any

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.parsing import expressions
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.validators import UpdateExpressionValidator

from tests.support.dynamo.conditions import condition
from tests.support.dynamo.documents import ASTRAY
from tests.support.dynamo.refused import Invalid
from tests.support.dynamo.updates import update
from tests.support.dynamo.values import plain

EXAMPLES = 200
ROOTS = ("aa", "bb", "cc", "dd")
FALLS_OVER = (TypeError, ValueError, AttributeError, KeyError, IndexError)  # moto, where AWS has an answer

# No booleans: Python's are numbers, and so are moto's. A default only for a whole attribute: moto refuses astray paths.
numbers = st.sampled_from(["2", "3", "3.0", "-4", "10"]).map(lambda text: {"N": text})
texts = st.sampled_from(["", "x", "xy", "y", "3"]).map(lambda text: {"S": text})
text_sets = st.sets(st.sampled_from(["x", "y", "3"]), min_size=1).map(lambda some: {"SS": sorted(some)})
number_sets = st.sets(st.sampled_from(["2", "3", "5"]), min_size=1).map(lambda some: {"NS": sorted(some)})
scalars = numbers | texts
flat = scalars | text_sets | number_sets
lists = st.lists(scalars, max_size=3).map(lambda some: {"L": some})
maps = st.dictionaries(st.sampled_from(["k1", "k2"]), scalars | lists, max_size=2).map(lambda some: {"M": some})
anything = flat | lists | maps
items = st.dictionaries(st.sampled_from(ROOTS), anything)
roots = st.sampled_from(ROOTS)
paths = (
    roots
    | st.builds("{}.{}".format, roots, st.sampled_from(["k1", "k2"]))
    | st.builds("{}[{}]".format, roots, st.integers(0, 3))
)


def forms(*templates: tuple[str, Any]) -> Any:
    """Return expressions of some forms: `{}` is a path, `?` a placeholder for the next of the values."""
    return st.one_of(
        [
            st.tuples(st.tuples(*[paths] * text.count("{}")), st.tuples(*values)).map(
                lambda drawn, text=text: (text.format(*drawn[0]), list(drawn[1]))
            )
            for text, values in templates
        ]
    )


terms = forms(
    ("{} = ?", [anything]),
    ("{} <> ?", [anything]),
    ("{} < ?", [numbers]),
    ("{} >= ?", [texts]),
    ("{} BETWEEN ? AND ?", [st.just({"N": "2"}), st.sampled_from([{"N": "3"}, {"N": "4.0"}])]),
    ("{} IN (?, ?)", [anything, scalars]),
    ("attribute_exists({})", []),
    ("attribute_not_exists({})", []),
    ("attribute_type({}, ?)", [st.sampled_from(["S", "N", "L", "M", "SS", "BOOL"]).map(lambda kind: {"S": kind})]),
    ("begins_with({}, ?)", [texts]),
    ("contains({}, ?)", [scalars]),
    ("size({}) > ?", [numbers]),
)
sets = forms(
    ("{} = ?", [anything]),
    ("{} = {}", []),
    ("{} = {} + ?", [numbers]),
    ("{} = ? - {}", [numbers]),
    ("{} = if_not_exists(aa, ?)", [anything]),
    ("{} = list_append({}, ?)", [lists]),
    ("{} = list_append(if_not_exists(aa, ?), ?)", [lists, lists]),
)
clauses = {
    "SET": sets,
    "REMOVE": forms(("{}", [])),
    "ADD": forms(("{} ?", [numbers | text_sets | number_sets])),
    "DELETE": forms(("{} ?", [text_sets | number_sets])),
}


def _joined(parts: Any) -> Any:
    words = st.sampled_from(["{} AND {}", "{} OR {}", "({} AND {})", "({} OR {})", "NOT ({} OR {})"])
    both = st.tuples(words, parts, parts)
    denied = parts.map(lambda part: ("NOT " + part[0], part[1]))
    return both.map(lambda all_: (all_[0].format(all_[1][0], all_[2][0]), all_[1][1] + all_[2][1])) | denied


conditions = st.recursive(terms, _joined, max_leaves=5)


def numbered(text: str, values: list[Any]) -> tuple[str, dict[str, Any]]:
    """Return an expression with names for its placeholders, and their values."""
    for at in range(len(values)):
        text = text.replace("?", f":v{at}", 1)
    return text, {f":v{at}": value for at, value in enumerate(values)}


def motos(item: dict[str, Any]) -> Any:
    """Return moto's form of an item."""
    found: Any = Item.__new__(Item)
    found.attrs = {name: DynamoType(value) for name, value in deepcopy(item).items()}
    return found


class Schema:
    """What moto's validator asks of a table."""

    table_key_attrs = attribute_keys = ()
    attr = ()


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(condition_=conditions, item=items)
def test_a_condition_holds_where_moto_says_so(condition_: tuple[str, list[Any]], item: dict[str, Any]) -> None:
    text, values = numbered(*condition_)
    ours = condition(text)
    for check in ours.checks:
        check(values)
    try:
        theirs = bool(get_filter_expression(text, {}, values).expr(motos(item)))
    except FALLS_OVER:
        reject()
    assert ours.judge(item, {}, values) == theirs, (text, values, item)


def _update(parts: list[tuple[str, list[tuple[str, list[Any]]]]]) -> tuple[str, list[Any]]:
    text = " ".join(f"{word} {', '.join(action for action, _ in actions)}" for word, actions in parts)
    return text, [value for _, actions in parts for _, values in actions for value in values]


words = st.lists(st.sampled_from(sorted(clauses)), min_size=1, max_size=2, unique=True)
sections = words.flatmap(
    lambda some: st.tuples(
        *(st.tuples(st.just(word), st.lists(clauses[word], min_size=1, max_size=2)) for word in some)
    )
)
updates = sections.map(_update)


def ours_after(text: str, values: dict[str, Any], item: dict[str, Any]) -> Any:
    """Return what our update leaves, None where it is refused."""
    try:
        found = update(text)
        found.ways({})
        for check in found.checks:
            check(values)
        return plain({"M": found.apply(item, {}, values)})
    except Invalid as error:
        assume(str(error) != ASTRAY)  # which moto does not always notice: differences.py
        return None


def motos_after(text: str, values: dict[str, Any], item: dict[str, Any]) -> Any:
    """Return what moto's update leaves, None where it is refused."""
    parser: Any = expressions
    found = motos(item)
    try:
        tree = parser.UpdateExpressionParser.make(text)
        checked = UpdateExpressionValidator(tree, {}, deepcopy(values), found, Schema()).validate()
        checked.normalize()
        UpdateExpressionExecutor(checked, found, {}).execute()
    except MockValidationException:
        return None
    except FALLS_OVER:
        reject()
    return plain({"M": {name: value.to_regular_json() for name, value in found.attrs.items()}})


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(update_=updates, item=items)
def test_an_update_leaves_what_moto_leaves(update_: tuple[str, list[Any]], item: dict[str, Any]) -> None:
    text, values = numbered(*update_)
    before = deepcopy(item)
    assert ours_after(text, values, item) == motos_after(text, values, item), (text, values, item)
    assert item == before
