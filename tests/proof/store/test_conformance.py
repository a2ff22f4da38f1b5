from decimal import Decimal
from typing import Any

import pytest

from tests.proof.store.cases import CONDITIONS, IMPOSSIBLE_UPDATES, INVALID_CONDITIONS, ITEM, UPDATES, shown
from tests.proof.store.shop import Shop, code, plain, refusal, stored, stored_all

INVALID = "ValidationException"
FAILED = "ConditionalCheckFailedException"
K = ("p", "1")


@pytest.mark.parametrize(("text", "values", "holds"), CONDITIONS, ids=shown)
def test_a_condition_holds_for_writes_and_filters_alike(
    shop: Shop, text: str, values: dict[str, Any], holds: bool
) -> None:
    shop.put(K, **ITEM)
    if holds:
        shop.update(K, "REMOVE untouched", ConditionExpression=text, values=values)
    else:
        assert code(shop.update, K, "REMOVE untouched", ConditionExpression=text, values=values) == FAILED
    found = shop.query("pk = :pk", FilterExpression=text, values={"pk": "p", **values})
    assert (found["Count"], found["ScannedCount"]) == (int(holds), 1)


@pytest.mark.parametrize(("text", "values"), INVALID_CONDITIONS, ids=shown)
def test_a_condition_that_is_none_is_refused_whatever_there_is(shop: Shop, text: str, values: dict[str, Any]) -> None:
    assert code(shop.update, K, "REMOVE untouched", ConditionExpression=text, values=values) == INVALID
    assert shop.get(K) is None


@pytest.mark.parametrize(("text", "before", "values", "after"), UPDATES, ids=shown)
def test_an_update_reads_what_was_there_and_then_writes(
    shop: Shop, text: str, before: dict[str, Any], values: dict[str, Any], after: dict[str, Any]
) -> None:
    shop.put(K, **before)
    answer = shop.update(K, text, values=values, ReturnValues="ALL_NEW")
    assert plain(answer["Attributes"]) == {"pk": "p", "sk": "1", **after}
    assert shop.get(K) == after


@pytest.mark.parametrize(("text", "before", "values"), IMPOSSIBLE_UPDATES, ids=shown)
def test_an_update_that_cannot_be_changes_nothing(
    shop: Shop, text: str, before: dict[str, Any], values: dict[str, Any]
) -> None:
    shop.put(K, **before)
    assert code(shop.update, K, text, values=values) == INVALID
    assert shop.get(K) == before


def test_a_refused_write_shows_the_item_that_was_asked_for(shop: Shop) -> None:
    shop.put(K, a=1)
    more = {"ConditionExpression": "a = :v", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    answer: Any = refusal(shop.update, K, "REMOVE a", values={"v": 2}, **more).response
    assert answer["Item"]["a"] == stored(1)


def test_sums_are_exact_to_38_digits(shop: Shop) -> None:
    shop.put(K, a=Decimal("1" * 37 + "2"))
    shop.update(K, "SET a = a - :v", values={"v": 1})
    assert shop.get(K) == {"a": Decimal("1" * 38)}


def test_an_update_of_nothing_makes_an_item(shop: Shop) -> None:
    shop.update(K, "SET a = :v", values={"v": 1})
    assert shop.get(K) == {"a": 1}


@pytest.mark.parametrize(("text", "form"), [("1.0", "1"), ("007", "7"), ("1e3", "1000"), ("-0", "0"), ("0.10", "0.1")])
def test_a_number_has_one_form(shop: Shop, text: str, form: str) -> None:
    shop.ask("PutItem", TableName=shop.table, Item={**stored_all({"pk": "p", "sk": "1"}), "n": {"N": text}})
    answer = shop.ask("GetItem", **shop.at(K, ConsistentRead=True))
    assert answer["Item"]["n"] == {"N": form}


@pytest.mark.parametrize("text", ["x", "", "NaN", "1" * 39, "1e126"])
def test_what_is_no_number_is_refused(shop: Shop, text: str) -> None:
    item = {**stored_all({"pk": "p", "sk": "1"}), "n": {"N": text}}
    assert code(shop.ask, "PutItem", TableName=shop.table, Item=item) == INVALID


def test_an_empty_set_is_refused(shop: Shop) -> None:
    item = {**stored_all({"pk": "p", "sk": "1"}), "tags": {"SS": []}}
    assert code(shop.ask, "PutItem", TableName=shop.table, Item=item) == INVALID


def test_a_set_that_says_a_thing_twice_is_refused(shop: Shop) -> None:
    item = {**stored_all({"pk": "p", "sk": "1"}), "tags": {"SS": ["a", "a"]}}
    assert code(shop.ask, "PutItem", TableName=shop.table, Item=item) == INVALID


def test_an_empty_string_is_a_value_but_no_key(shop: Shop) -> None:
    shop.put(K, text="")
    assert shop.get(K) == {"text": ""}
    assert code(shop.put, ("p", "")) == INVALID
    assert code(shop.put, ("", "1")) == INVALID
    assert code(shop.get, ("p", "")) == INVALID


def test_an_index_key_is_absent_or_a_string_with_something_in_it(shop: Shop) -> None:
    assert code(shop.put, K, listing_pk="", listing_sk="1") == INVALID
    assert code(shop.put, K, listing_pk=1, listing_sk="1") == INVALID


def test_a_key_is_exactly_the_tables(shop: Shop) -> None:
    for key in ({"pk": "p"}, {"pk": "p", "sk": "1", "more": "x"}, {"pk": "p", "sk": 1}):
        assert code(shop.ask, "GetItem", TableName=shop.table, Key=stored_all(key)) == INVALID
    assert code(shop.ask, "PutItem", TableName=shop.table, Item=stored_all({"pk": "p"})) == INVALID


def test_a_partition_key_has_at_most_2048_bytes(shop: Shop) -> None:
    shop.put(("ö" * 1024, "1"))
    assert code(shop.put, ("ö" * 1024 + "x", "1")) == INVALID


def test_a_sort_key_has_at_most_1024_bytes(shop: Shop) -> None:
    shop.put(("p", "ö" * 512))
    assert code(shop.put, ("p", "ö" * 512 + "x")) == INVALID


def test_an_item_has_at_most_400_kilobytes(shop: Shop) -> None:
    rest = len("pk" + "p" + "sk" + "1" + "text")
    shop.put(K, text="x" * (400 * 1024 - rest))
    assert code(shop.put, K, text="x" * (400 * 1024 - rest + 1)) == INVALID
    assert code(shop.update, K, "SET more = :v", values={"v": 1}) == INVALID


def test_a_delete_is_done_whether_or_not_there_is_anything(shop: Shop) -> None:
    shop.put(K, a=1)
    answer = shop.ask("DeleteItem", **shop.at(K, ReturnValues="ALL_OLD"))
    assert answer["Attributes"]["a"] == stored(1)
    assert "Attributes" not in shop.ask("DeleteItem", **shop.at(K, ReturnValues="ALL_OLD"))
    assert shop.get(K) is None


def test_a_projection_shows_what_it_names_and_no_more(shop: Shop) -> None:
    shop.put(K, a={"b": 1, "c": 2}, d=[1, 2], e=3)
    assert shop.get(K, ProjectionExpression="a.b, d[1]") == {"a": {"b": 1}, "d": [2]}
    assert shop.get(K, ProjectionExpression="#x", ExpressionAttributeNames={"#x": "e"}) == {"e": 3}


def test_aliases_are_all_used_and_all_there(shop: Shop) -> None:
    shop.put(K, **{"a.b": 1})
    assert shop.update(K, "SET #x = #x + :v", ExpressionAttributeNames={"#x": "a.b"}, values={"v": 1}) is not None
    assert shop.get(K) == {"a.b": 2}
    names = {"#x": "a", "#y": "b"}
    assert code(shop.update, K, "REMOVE #x", ExpressionAttributeNames=names) == INVALID
    assert code(shop.update, K, "REMOVE #x, #z", ExpressionAttributeNames={"#x": "a"}) == INVALID
