from decimal import Decimal
from typing import Any

from tests.proof.store.shop import Shop, code, reasons, refusal, stored

INVALID = "ValidationException"
K = ("p", "1")
OTHER = ("p", "2")


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
    reason: Any = refusal(shop.transact, ("Put", put)).response["CancellationReasons"][0]
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
