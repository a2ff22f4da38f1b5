import pytest

from tests.proof.store.shop import Shop, code, stored, stored_all

INVALID = "ValidationException"
K = ("p", "1")


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


def test_a_page_that_its_limit_ends_says_so_even_where_nothing_follows(shop: Shop) -> None:
    for sk in "ab":
        shop.put(("p", sk))
    first = shop.query("pk = :pk", values={"pk": "p"}, Limit=2)
    rest = shop.query("pk = :pk", values={"pk": "p"}, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert rest["Items"] == []
    assert "LastEvaluatedKey" not in rest
    assert "LastEvaluatedKey" not in shop.query("pk = :pk", values={"pk": "p"}, Limit=3)
    assert "LastEvaluatedKey" not in shop.query("pk = :pk", values={"pk": "nobody"}, Limit=1)


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
