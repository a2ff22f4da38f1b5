"""Expressions and what they come to, one a line."""

from decimal import Decimal
from typing import Any

ITEM: dict[str, Any] = {
    "n": 5,
    "ten": 10,
    "name1": "hello",
    "flag": True,
    "nil": None,
    "list1": [1, "x", [2]],
    "map1": {"a": {"b": 7}},
    "tags": {"x", "y"},
    "nums": {1, 2},
}
CONDITIONS: tuple[tuple[str, dict[str, Any], bool], ...] = (
    ("n = :v", {"v": Decimal("5.0")}, True),
    ("n = :v", {"v": "5"}, False),
    ("n <> :v", {"v": "5"}, True),
    ("ten > :v", {"v": 9}, True),
    ("ten > :v", {"v": "9"}, False),
    ("name1 >= :v", {"v": "hell"}, True),
    ("name1 < :v", {"v": "hello"}, False),
    ("absent = :v", {"v": 1}, False),
    ("absent <> :v", {"v": 1}, True),
    ("absent < :v", {"v": 1}, False),
    ("NOT absent = :v", {"v": 1}, True),
    ("n BETWEEN :low AND :high", {"low": 5, "high": 10}, True),
    ("ten BETWEEN :low AND :high", {"low": 1, "high": 9}, False),
    ("n IN (:a, :b)", {"a": 4, "b": 5}, True),
    ("n IN (:a, :b)", {"a": "5", "b": 6}, False),
    ("attribute_exists(map1.a.b)", {}, True),
    ("attribute_exists(map1.a.c)", {}, False),
    ("attribute_not_exists(absent)", {}, True),
    ("attribute_not_exists(nil)", {}, False),
    ("attribute_type(list1, :v)", {"v": "L"}, True),
    ("attribute_type(nil, :v)", {"v": "NULL"}, True),
    ("attribute_type(tags, :v)", {"v": "S"}, False),
    ("begins_with(name1, :v)", {"v": "he"}, True),
    ("begins_with(name1, :v)", {"v": "el"}, False),
    ("contains(name1, :v)", {"v": "ell"}, True),
    ("contains(tags, :v)", {"v": "x"}, True),
    ("contains(nums, :v)", {"v": Decimal("2.0")}, True),
    ("contains(list1, :v)", {"v": "x"}, True),
    ("contains(list1, :v)", {"v": 2}, False),
    ("size(name1) = :v", {"v": 5}, True),
    ("size(list1) > :v", {"v": 3}, False),
    ("size(tags) = :v", {"v": 2}, True),
    ("size(map1) = :v", {"v": 1}, True),
    ("map1.a.b = :v", {"v": 7}, True),
    ("list1[1] = :v", {"v": "x"}, True),
    ("list1[2][0] = :v", {"v": 2}, True),
    ("list1[9] = :v", {"v": 2}, False),
    ("tags = :v", {"v": {"y", "x"}}, True),
    ("map1 = :v", {"v": {"a": {"b": 7}}}, True),
    ("flag = :v", {"v": True}, True),
    ("flag = :v AND n = :w OR ten = :v", {"v": True, "w": 5}, True),
    ("n = :a OR n = :b AND ten = :a", {"a": 5, "b": 6}, True),
    ("NOT n = :v AND ten = :v", {"v": 10}, True),
    ("NOT (n = :v OR ten = :v)", {"v": 10}, False),
    ("(n = :v) AND (NOT (ten = :v))", {"v": 5}, True),
    ("n = :v and not ten between :v and :w", {"v": 5, "w": 9}, True),
    ("n < ten", {}, True),
)
INVALID_CONDITIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("n = ", {}),
    ("n == :v", {"v": 1}),
    ("n = :v AND", {"v": 1}),
    ("(n = :v", {"v": 1}),
    ("((n = :v))", {"v": 1}),
    ("name = :v", {"v": 1}),
    ("n = :v", {}),
    ("n = :v", {"v": 1, "w": 2}),
    ("#n = :v", {"v": 1}),
    ("exists(n)", {}),
    ("attribute_exists(:v)", {"v": 1}),
    ("attribute_exists(n, ten)", {}),
    ("attribute_type(n, :v)", {"v": "STRING"}),
    ("begins_with(n, :v)", {"v": 1}),
    ("n < :v", {"v": True}),
    ("n BETWEEN :v AND :w", {"v": 9, "w": 1}),
    ("n IN ()", {}),
    ("size(n)", {}),
)
Update = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]
UPDATES: tuple[Update, ...] = (
    ("SET a = :v", {}, {"v": 1}, {"a": 1}),
    ("SET a = a + :v", {"a": 1}, {"v": Decimal("0.5")}, {"a": Decimal("1.5")}),
    ("SET a = :v - a", {"a": 1}, {"v": 1}, {"a": 0}),
    ("SET a = b, b = a", {"a": 1, "b": 2}, {}, {"a": 2, "b": 1}),
    ("SET a = if_not_exists(a, :v)", {"a": 1}, {"v": 2}, {"a": 1}),
    ("SET a = if_not_exists(b, :v) + :v", {}, {"v": 2}, {"a": 4}),
    ("SET a = list_append(a, :v)", {"a": [1]}, {"v": [2, 3]}, {"a": [1, 2, 3]}),
    ("SET a = list_append(if_not_exists(a, :first), :v)", {}, {"first": [], "v": [2]}, {"a": [2]}),
    ("SET a.b = :v", {"a": {"c": 1}}, {"v": 2}, {"a": {"b": 2, "c": 1}}),
    ("SET a[1] = :v", {"a": [1, 2, 3]}, {"v": 9}, {"a": [1, 9, 3]}),
    ("SET a[7] = :v", {"a": [1]}, {"v": 9}, {"a": [1, 9]}),
    ("SET a[0].b = :v", {"a": [{"b": 1}]}, {"v": 9}, {"a": [{"b": 9}]}),
    ("REMOVE a", {"a": 1, "b": 2}, {}, {"b": 2}),
    ("REMOVE a", {"b": 2}, {}, {"b": 2}),
    ("REMOVE a[0], a[2]", {"a": [1, 2, 3, 4]}, {}, {"a": [2, 4]}),
    ("REMOVE a.b", {"a": {"b": 1, "c": 2}}, {}, {"a": {"c": 2}}),
    ("ADD a :v", {}, {"v": 2}, {"a": 2}),
    ("ADD a :v", {"a": 1}, {"v": -2}, {"a": -1}),
    ("ADD a :v", {"a": {"x"}}, {"v": {"y"}}, {"a": {"x", "y"}}),
    ("DELETE a :v", {"a": {"x", "y"}}, {"v": {"y", "z"}}, {"a": {"x"}}),
    ("DELETE a :v", {"a": {"x"}}, {"v": {"x"}}, {}),
    ("DELETE a :v", {"b": 1}, {"v": {"x"}}, {"b": 1}),
    (
        "SET a = :v REMOVE b ADD c :v DELETE d :w",
        {"b": 1, "c": 1, "d": {"x", "y"}},
        {"v": 1, "w": {"x"}},
        {"a": 1, "c": 2, "d": {"y"}},
    ),
    ("set a = :v remove b", {"b": 1}, {"v": 1}, {"a": 1}),
)
IMPOSSIBLE_UPDATES: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("SET a = b", {}, {}),
    ("SET a = a + :v", {}, {"v": 1}),
    ("SET a = a + :v", {"a": "1"}, {"v": 1}),
    ("SET a.b = :v", {}, {"v": 1}),
    ("SET a.b = :v", {"a": 1}, {"v": 1}),
    ("SET a[0] = :v", {"a": {"b": 1}}, {"v": 1}),
    ("REMOVE a.b", {}, {}),
    ("ADD a :v", {"a": "x"}, {"v": 1}),
    ("ADD a :v", {}, {"v": "x"}),
    ("DELETE a :v", {"a": {"x"}}, {"v": {1}}),
    ("DELETE a :v", {}, {"v": 1}),
    ("SET a = :v, a = :v", {}, {"v": 1}),
    ("SET a = :v, a.b = :v", {"a": {}}, {"v": 1}),
    ("SET a = :v SET b = :v", {}, {"v": 1}),
    ("SET sk = :v", {}, {"v": "x"}),
    ("SET a = :v", {}, {"v": 1, "w": 2}),
    ("SET listing_pk = :v", {}, {"v": ""}),
    ("SET listing_pk = :v", {}, {"v": 1}),
    ("a = :v", {}, {"v": 1}),
)


def shown(value: Any) -> str:
    """Return a value as the name of its case; a set has no order of its own, and a name must not depend on it."""
    return value if isinstance(value, str) else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, set):
        return f"{{{', '.join(sorted(map(repr, value)))}}}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {_written(each)}' for name, each in value.items())}}}"
    return repr(value)
