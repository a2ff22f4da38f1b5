"""What the strict store remembers and lets linger: tokens by its clock, late reads, expired items, a stream."""

from typing import Any

import pytest

from tests.proof.store.shop import Shop, code, plain, reasons, stored_all
from tests.support.dynamo import Change, Dynamo

K = ("p", "1")
OTHER = ("p", "2")


class Knobs:
    """What a test turns."""

    now = 1_000.0
    late = 0
    left = 0


@pytest.fixture
def knobs() -> Knobs:
    return Knobs()


@pytest.fixture
def shop(knobs: Knobs) -> Shop:
    dynamo = Dynamo.from_template(clock=lambda: knobs.now, staleness=lambda: knobs.late, unprocessed=lambda: knobs.left)
    return Shop(dynamo, "state", dynamo)


def seen(shop: Shop, key: tuple[str, str] = K, **more: Any) -> dict[str, Any] | None:
    """Return what an eventually consistent read sees."""
    answer = shop.ask("GetItem", **shop.at(key, **more))
    return plain(answer["Item"]) if "Item" in answer else None


@pytest.mark.parametrize(("later_s", "added"), [(0, 1), (599.9, 1), (600, 2), (86_400, 2)])
def test_a_token_is_honoured_for_ten_minutes_by_the_stores_clock(
    shop: Shop, knobs: Knobs, later_s: float, added: int
) -> None:
    add = ("Update", shop.at(K, UpdateExpression="ADD a :v", values={"v": 1}))
    shop.transact(add, token=shop.token(1))
    knobs.now += later_s
    shop.transact(add, token=shop.token(1))
    assert shop.get(K) == {"a": added}


def test_ten_minutes_count_from_the_end_of_the_first_request(shop: Shop, knobs: Knobs) -> None:
    def dawdle(_operation: str, _request: dict[str, Any]) -> None:
        knobs.now += 500

    shop.dynamo.during.append(dawdle)
    shop.transact(shop.new(K), token=shop.token(1))
    knobs.now += 599
    shop.transact(shop.new(K), token=shop.token(1))
    knobs.now += 2
    assert reasons(shop.transact, shop.new(K), token=shop.token(1)) == ["ConditionalCheckFailed"]


def test_an_old_token_may_have_a_new_body(shop: Shop, knobs: Knobs) -> None:
    shop.transact(shop.new(K), token=shop.token(1))
    knobs.now += 600
    shop.transact(shop.new(OTHER), token=shop.token(1))


def test_a_read_that_is_not_consistent_may_miss_the_last_writes(shop: Shop, knobs: Knobs) -> None:
    for a in range(3):
        shop.put(K, a=a)
    for late, a in ((0, 2), (1, 1), (2, 0)):
        knobs.late = late
        assert seen(shop) == {"pk": "p", "sk": "1", "a": a}
        assert seen(shop, ConsistentRead=True) == {"pk": "p", "sk": "1", "a": 2}
    for knobs.late in (3, 99):
        assert seen(shop) is None


def test_a_late_batch_query_and_scan_miss_them_too(shop: Shop, knobs: Knobs) -> None:
    shop.put(K)
    shop.ask("DeleteItem", **shop.at(K))
    shop.put(OTHER)
    knobs.late = 2
    keys = [stored_all({"pk": "p", "sk": sk}) for sk in "12"]
    for consistent, wanted in ((False, ["1"]), (True, ["2"])):
        batch = {"state": {"Keys": keys, "ConsistentRead": consistent}}
        answers = (
            shop.ask("BatchGetItem", RequestItems=batch)["Responses"]["state"],
            shop.ask("Scan", TableName="state", ConsistentRead=consistent)["Items"],
        )
        assert [[item["sk"]["S"] for item in items] for items in answers] == [wanted, wanted]
        found = shop.query("pk = :p", values={"p": "p"}, ConsistentRead=consistent)["Items"]
        assert [item["sk"] for item in found] == wanted


def test_a_late_read_may_see_half_of_a_transaction(shop: Shop, knobs: Knobs) -> None:
    shop.transact(shop.new(K), shop.new(OTHER))
    knobs.late = 1
    assert seen(shop, K) is not None
    assert seen(shop, OTHER) is None


def test_an_index_is_always_read_late(shop: Shop, knobs: Knobs) -> None:
    shop.put(K, listing_pk="l", listing_sk="1")
    shop.put(OTHER, listing_pk="l", listing_sk="2")
    shop.update(K, "SET listing_pk = :m", values={"m": "m"})
    listed = [(0, "l", "2"), (0, "m", "1"), (1, "l", "12"), (1, "m", ""), (2, "l", "1"), (3, "l", "")]
    for knobs.late, listing, wanted in listed:
        found = shop.query("listing_pk = :l", IndexName="listing", values={"l": listing})["Items"]
        assert "".join(item["sk"] for item in found) == wanted, (knobs.late, listing)


def test_a_batch_leaves_what_it_is_told_to_leave(shop: Shop, knobs: Knobs) -> None:
    keys = [stored_all({"pk": "p", "sk": str(sk)}) for sk in range(5)]
    for key in range(5):
        shop.put(("p", str(key)))
    knobs.left = 2
    wanted = {"state": {"Keys": keys, "ConsistentRead": True}}
    answer = shop.ask("BatchGetItem", RequestItems=wanted)
    assert answer["UnprocessedKeys"] == {"state": {"Keys": keys[3:], "ConsistentRead": True}}
    knobs.left = 99
    answer = shop.ask("BatchGetItem", RequestItems=wanted)
    assert len(answer["Responses"]["state"]) == 1


def test_what_is_past_its_time_to_live_goes_when_it_is_told_to(shop: Shop) -> None:
    shop.put(K, expires_at=100)
    shop.put(OTHER, expires_at=300)
    shop.put(("p", "3"))
    assert shop.dynamo.expire(200) == 1
    assert shop.get(K) is None
    assert shop.get(OTHER) == {"expires_at": 300}


def test_a_stream_has_every_change_in_the_order_of_commits(shop: Shop) -> None:
    shop.put(K, a=1)
    shop.transact(("Update", shop.at(K, UpdateExpression="SET a = :v", values={"v": 2})), shop.new(OTHER))
    shop.ask("DeleteItem", **shop.at(OTHER))
    one, two = (stored_all({"pk": "p", "sk": "1", "a": a}) for a in (1, 2))
    other = stored_all({"pk": "p", "sk": "2"})
    assert shop.dynamo.stream == [
        Change("state", None, one, 1),
        Change("state", one, two, 2),
        Change("state", None, other, 3),
        Change("state", other, None, 4),
    ]


def test_a_stream_has_nothing_of_writes_that_change_nothing(shop: Shop) -> None:
    shop.put(K, a=1)
    shop.put(K, a=1)
    shop.ask("DeleteItem", **shop.at(OTHER))
    assert len(shop.dynamo.stream) == 1


def test_a_table_without_a_stream_has_none(shop: Shop) -> None:
    ledger = Shop(shop.dynamo, "ledger", shop.dynamo)
    ledger.put(K)
    assert shop.dynamo.stream == []


def test_going_back_to_a_snapshot_forgets_what_came_after(shop: Shop, knobs: Knobs) -> None:
    shop.put(K, a=1, listing_pk="l", listing_sk="1")
    before = shop.dynamo.snapshot()
    shop.transact(("Delete", shop.at(K)), shop.new(OTHER), token=shop.token(1))
    shop.dynamo.restore(before)
    knobs.late = 5
    assert seen(shop) is not None
    assert [item["sk"] for item in shop.query("listing_pk = :l", IndexName="listing", values={"l": "l"})["Items"]] == [
        "1"
    ]
    shop.transact(("Delete", shop.at(K)), shop.new(OTHER), token=shop.token(1))
    assert shop.get(K) is None


def test_an_answer_that_is_changed_does_not_change_the_store(shop: Shop) -> None:
    shop.put(K, a={"b": [1]})
    shop.ask("GetItem", **shop.at(K))["Item"]["a"]["M"]["b"]["L"].append({"N": "2"})
    assert shop.get(K) == {"a": {"b": [1]}}


def test_what_is_not_modelled_is_said(shop: Shop) -> None:
    assert code(shop.ask, "CreateTable", TableName="x") == "UnknownOperationException"
    assert code(shop.ask, "GetItem", TableName="nowhere", Key={}) == "ResourceNotFoundException"
