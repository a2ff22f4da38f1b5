from decimal import Decimal
from typing import Any

import pytest

from tests.proof.store.cases import CONDITIONS, IMPOSSIBLE_UPDATES, INVALID_CONDITIONS, ITEM, UPDATES
from tests.proof.store.shop import Shop, code, plain, reasons, refusal, stored, stored_all

INVALID = "ValidationException"
FAILED = "ConditionalCheckFailedException"
K = ("p", "1")
OTHER = ("p", "2")


@pytest.mark.parametrize(("text", "values", "holds"), CONDITIONS, ids=str)
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


@pytest.mark.parametrize(("text", "values"), INVALID_CONDITIONS, ids=str)
def test_a_condition_that_is_none_is_refused_whatever_there_is(shop: Shop, text: str, values: dict[str, Any]) -> None:
    assert code(shop.update, K, "REMOVE untouched", ConditionExpression=text, values=values) == INVALID
    assert shop.get(K) is None


@pytest.mark.parametrize(("text", "before", "values", "after"), UPDATES, ids=str)
def test_an_update_reads_what_was_there_and_then_writes(
    shop: Shop, text: str, before: dict[str, Any], values: dict[str, Any], after: dict[str, Any]
) -> None:
    shop.put(K, **before)
    answer = shop.update(K, text, values=values, ReturnValues="ALL_NEW")
    assert plain(answer["Attributes"]) == {"pk": "p", "sk": "1", **after}
    assert shop.get(K) == after


@pytest.mark.parametrize(("text", "before", "values"), IMPOSSIBLE_UPDATES, ids=str)
def test_an_update_that_cannot_be_changes_nothing(
    shop: Shop, text: str, before: dict[str, Any], values: dict[str, Any]
) -> None:
    shop.put(K, **before)
    assert code(shop.update, K, text, values=values) == INVALID
    assert shop.get(K) == before


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


def test_a_partition_is_sorted_by_the_bytes_of_its_range_key(shop: Shop) -> None:
    for sk in ("b", "a", "Z", "ä", "10", "9"):
        shop.put(("p", sk))
    found = [item["sk"] for item in shop.query("pk = :pk", values={"pk": "p"})["Items"]]
    assert found == ["10", "9", "Z", "a", "b", "ä"]
    backwards = shop.query("pk = :pk", values={"pk": "p"}, ScanIndexForward=False)["Items"]
    assert [item["sk"] for item in backwards] == found[::-1]


@pytest.mark.parametrize(
    ("text", "values", "found"),
    [
        ("pk = :pk AND sk = :a", {"a": "b"}, "b"),
        ("pk = :pk AND sk < :a", {"a": "b"}, "a"),
        ("pk = :pk AND sk >= :a", {"a": "c"}, "cd"),
        ("sk > :a AND pk = :pk", {"a": "b"}, "cd"),
        ("pk = :pk AND sk BETWEEN :a AND :z", {"a": "b", "z": "c"}, "bc"),
        ("(pk = :pk) AND (begins_with(sk, :a))", {"a": "d"}, "d"),
    ],
    ids=str,
)
def test_a_key_condition_finds_a_stretch(shop: Shop, text: str, values: dict[str, str], found: str) -> None:
    for sk in "abcd":
        shop.put(("p", sk))
        shop.put(("q", sk))
    answer = shop.query(text, values={"pk": "p", **values})
    assert "".join(item["sk"] for item in answer["Items"]) == found


@pytest.mark.parametrize(
    "text",
    [
        "sk = :pk",
        "pk > :pk",
        "pk = :pk OR sk = :pk",
        "pk = :pk AND NOT sk = :pk",
        "pk = :pk AND sk <> :pk",
        "pk = :pk AND other = :pk",
        "pk = :pk AND sk = :pk AND sk = :pk",
        "pk = :pk AND contains(sk, :pk)",
    ],
)
def test_a_key_condition_that_is_none_is_refused(shop: Shop, text: str) -> None:
    assert code(shop.query, text, values={"pk": "p"}) == INVALID


def test_a_filter_of_a_query_knows_no_keys(shop: Shop) -> None:
    assert code(shop.query, "pk = :pk", FilterExpression="sk = :pk", values={"pk": "p"}) == INVALID


def test_pages_follow_each_other_though_items_come_and_go(shop: Shop) -> None:
    for sk in "abcde":
        shop.put(("p", sk), even=sk in "bd")
    first = shop.query("pk = :pk", values={"pk": "p", "v": True}, Limit=2, FilterExpression="even = :v")
    assert ([item["sk"] for item in first["Items"]], first["ScannedCount"]) == (["b"], 2)
    shop.ask("DeleteItem", **shop.at(("p", "b")))
    shop.put(("p", "ba"))
    rest = shop.query("pk = :pk", values={"pk": "p"}, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["sk"] for item in rest["Items"]] == ["ba", "c", "d", "e"]
    assert "LastEvaluatedKey" not in rest


def test_a_page_has_at_most_a_megabyte(shop: Shop) -> None:
    for sk in "abcd":
        shop.put(("p", sk), text="x" * 300_000)
    first = shop.query("pk = :pk", values={"pk": "p"})
    assert [item["sk"] for item in first["Items"]] == ["a", "b", "c"]
    rest = shop.query("pk = :pk", values={"pk": "p"}, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["sk"] for item in rest["Items"]] == ["d"]


def test_an_index_is_sparse_and_shows_what_it_projects(shop: Shop) -> None:
    shop.put(("p", "1"), listing_pk="l", listing_sk="b", state="x", private1="y")
    shop.put(("p", "2"), listing_pk="l", listing_sk="a")
    shop.put(("p", "3"), listing_pk="l")
    found = shop.query("listing_pk = :l", IndexName="listing", values={"l": "l"})["Items"]
    assert [item["sk"] for item in found] == ["2", "1"]
    assert found[1] == {"pk": "p", "sk": "1", "listing_pk": "l", "listing_sk": "b", "state": "x"}
    shop.update(("p", "1"), "REMOVE listing_pk")
    found = shop.query("listing_pk = :l", IndexName="listing", values={"l": "l"})["Items"]
    assert [item["sk"] for item in found] == ["2"]


def test_a_filter_sees_only_what_the_index_shows(shop: Shop) -> None:
    shop.put(("p", "1"), listing_pk="l", listing_sk="b", private1="y")
    answer = shop.query(
        "listing_pk = :l", IndexName="listing", FilterExpression="private1 = :y", values={"l": "l", "y": "y"}
    )
    assert answer["Count"] == 0


def test_an_index_is_never_read_consistently(shop: Shop) -> None:
    values = {"l": "l"}
    assert code(shop.query, "listing_pk = :l", IndexName="listing", values=values, ConsistentRead=True) == INVALID


def test_a_batch_gives_what_there_is_and_takes_no_key_twice(shop: Shop) -> None:
    shop.put(K, a=1)
    keys = [stored_all({"pk": "p", "sk": sk}) for sk in ("1", "2")]
    answer = shop.ask("BatchGetItem", RequestItems={shop.table: {"Keys": keys, "ConsistentRead": True}})
    assert [item["a"] for item in answer["Responses"][shop.table]] == [stored(1)]
    assert not answer["UnprocessedKeys"]
    twice = {shop.table: {"Keys": [keys[0], keys[0]]}}
    assert code(shop.ask, "BatchGetItem", RequestItems=twice) == INVALID
    many = {shop.table: {"Keys": [stored_all({"pk": "p", "sk": str(sk)}) for sk in range(101)]}}
    assert code(shop.ask, "BatchGetItem", RequestItems=many) == INVALID


def test_a_batch_above_16_megabytes_leaves_keys_for_the_next(shop: Shop) -> None:
    for sk in range(45):
        shop.put(("p", f"{sk:02}"), text="x" * 400_000)
    keys = [stored_all({"pk": "p", "sk": f"{sk:02}"}) for sk in range(45)]
    answer = shop.ask("BatchGetItem", RequestItems={shop.table: {"Keys": keys}})
    left = answer["UnprocessedKeys"][shop.table]["Keys"]
    assert len(answer["Responses"][shop.table]) + len(left) == 45
    assert len(left) == 4


def test_a_transaction_is_all_or_nothing_and_its_reasons_are_in_the_order_sent(shop: Shop) -> None:
    shop.put(OTHER, a=1)
    orders = [shop.new(("p", "0")), shop.new(OTHER), shop.new(K)]
    assert reasons(shop.transact, *orders) == ["None", "ConditionalCheckFailed", "None"]
    assert shop.get(K) is None
    shop.transact(orders[0], orders[2])
    assert shop.get(K) == {}


def test_a_transactions_conditions_are_judged_on_the_record_before_it(shop: Shop) -> None:
    check = ("ConditionCheck", shop.at(OTHER, ConditionExpression="attribute_not_exists(pk)"))
    shop.transact(shop.new(K), check)
    assert shop.get(OTHER) is None
    check = ("ConditionCheck", shop.at(K, ConditionExpression="attribute_not_exists(pk)"))
    assert reasons(shop.transact, shop.new(OTHER), check) == ["None", "ConditionalCheckFailed"]


def test_a_cancelled_transaction_shows_the_item_that_was_asked_for(shop: Shop) -> None:
    shop.put(K, a=1)
    put = {**shop.new(K)[1], "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    reason = refusal(shop.transact, ("Put", put)).response["CancellationReasons"][0]
    assert reason["Item"]["a"] == stored(1)


def test_an_item_is_in_a_transaction_once(shop: Shop) -> None:
    assert code(shop.transact, shop.new(K), ("Delete", shop.at(K))) == INVALID


def test_a_transaction_has_at_most_100_items(shop: Shop) -> None:
    orders = [shop.new(("p", str(sk))) for sk in range(101)]
    assert code(shop.transact, *orders) == INVALID
    shop.transact(*orders[:100])


def test_a_transaction_has_at_most_four_megabytes(shop: Shop) -> None:
    orders = [shop.new(("p", str(sk)), text="x" * 390_000) for sk in range(11)]
    assert code(shop.transact, *orders) == INVALID
    shop.transact(*orders[:10])


def test_what_an_item_makes_impossible_cancels_the_transaction(shop: Shop) -> None:
    add = ("Update", shop.at(K, UpdateExpression="SET a = a + :v", values={"v": 1}))
    assert reasons(shop.transact, shop.new(OTHER), add) == ["None", "ValidationError"]
    assert shop.get(OTHER) is None


def test_what_no_item_makes_possible_refuses_the_transaction(shop: Shop) -> None:
    wrong = ("Update", shop.at(K, UpdateExpression="SET a == :v", values={"v": 1}))
    assert code(shop.transact, shop.new(OTHER), wrong) == INVALID


def test_a_token_makes_a_transaction_happen_once(shop: Shop) -> None:
    add = ("Update", shop.at(K, UpdateExpression="ADD a :v", values={"v": 1}))
    shop.transact(add, token=shop.token(1))
    shop.transact(add, token=shop.token(1))
    assert shop.get(K) == {"a": 1}
    shop.transact(add, token=shop.token(2))
    assert shop.get(K) == {"a": Decimal(2)}


def test_a_token_is_not_used_up_by_a_cancelled_transaction(shop: Shop) -> None:
    shop.put(K)
    assert reasons(shop.transact, shop.new(K), token=shop.token(1)) == ["ConditionalCheckFailed"]
    shop.ask("DeleteItem", **shop.at(K))
    shop.transact(shop.new(K), token=shop.token(1))
    assert shop.get(K) == {}


def test_a_token_with_another_body_is_an_error(shop: Shop) -> None:
    shop.transact(shop.new(K), token=shop.token(1))
    assert code(shop.transact, shop.new(OTHER), token=shop.token(1)) == "IdempotentParameterMismatchException"
    assert shop.get(OTHER) is None


def test_a_token_has_at_most_36_characters(shop: Shop) -> None:
    assert code(shop.transact, shop.new(K), token=shop.token(1, long=37)) == INVALID
    shop.transact(shop.new(K), token=shop.token(1, long=36))


def test_a_transactional_read_is_in_the_order_asked(shop: Shop) -> None:
    shop.put(K, a=1)
    gets = [{"Get": shop.at(OTHER)}, {"Get": shop.at(K)}]
    answer = shop.ask("TransactGetItems", TransactItems=gets)["Responses"]
    assert "Item" not in answer[0]
    assert answer[1]["Item"]["a"] == stored(1)


def test_an_item_past_its_time_to_live_is_still_there(shop: Shop) -> None:
    shop.put(K, expires_at=1)
    assert shop.get(K) == {"expires_at": 1}


def test_a_scan_sees_everything_once_a_page_at_a_time(shop: Shop) -> None:
    wanted = {(pk, sk) for pk in "abc" for sk in "xyz"}
    for key in wanted:
        shop.put(key)
    found, start = [], {}
    while True:
        answer = shop.ask("Scan", TableName=shop.table, Limit=4, ConsistentRead=True, **start)
        found += [(item["pk"]["S"], item["sk"]["S"]) for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    assert sorted(found) == sorted(wanted)
