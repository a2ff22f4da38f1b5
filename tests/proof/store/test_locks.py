"""What others meet while a transaction is under way: only the strict store, and the stub before it, can show it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.proof.store.shop import Shop, behind_botocore, code, reasons, strict
from tests.support.dynamo import Dynamo

K = ("p", "1")
OTHER = ("p", "2")
FREE = ("p", "3")
CONFLICT = "TransactionConflictException"


@pytest.fixture(params=["strict", "behind_botocore"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    with strict() if request.param == "strict" else behind_botocore() as found:
        yield found


@contextmanager
def meanwhile(shop: Shop, act: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do something while the next transaction has its keys locked; what it came to is yielded."""
    came: list[Any] = []

    def hook(_operation: str, _request: dict[str, Any]) -> None:
        shop.dynamo.during.remove(hook)
        came.append(act())

    shop.dynamo.during.append(hook)
    yield came
    assert len(came) == 1, "nothing was written meanwhile"


def test_another_transaction_on_a_locked_item_is_cancelled_for_conflict(shop: Shop) -> None:
    with meanwhile(shop, lambda: reasons(shop.transact, shop.new(FREE), shop.new(OTHER))) as came:
        shop.transact(shop.new(K), shop.new(OTHER))
    assert came == [["None", "TransactionConflict"]]
    assert shop.get(FREE) is None


def test_a_condition_check_locks_and_conflicts_as_a_write_does(shop: Shop) -> None:
    check = ("ConditionCheck", shop.at(OTHER, ConditionExpression="attribute_not_exists(pk)"))
    with meanwhile(shop, lambda: reasons(shop.transact, shop.new(FREE), check)) as came:
        shop.transact(shop.new(K), check)
    assert came == [["None", "TransactionConflict"]]


def test_a_transaction_of_other_items_goes_ahead(shop: Shop) -> None:
    with meanwhile(shop, lambda: shop.transact(shop.new(FREE))):
        shop.transact(shop.new(K), shop.new(OTHER))
    assert shop.get(FREE) == shop.get(K) == {}


@pytest.mark.parametrize("write", ["put", "update", "delete"])
def test_a_single_write_of_a_locked_item_is_refused(shop: Shop, write: str) -> None:
    writes: dict[str, Callable[[], Any]] = {
        "put": lambda: shop.put(K, a=2),
        "update": lambda: shop.update(K, "SET a = :v", values={"v": 2}),
        "delete": lambda: shop.ask("DeleteItem", **shop.at(K)),
    }
    with meanwhile(shop, lambda: code(writes[write])) as came:
        shop.transact(shop.new(K, a=1))
    assert came == [CONFLICT]
    assert shop.get(K) == {"a": 1}


def test_a_read_of_a_locked_item_sees_what_was_there(shop: Shop) -> None:
    shop.put(K, a=0)
    raise_it = ("Update", shop.at(K, UpdateExpression="SET a = a + :v", values={"v": 1}))
    with meanwhile(shop, lambda: shop.get(K)) as came:
        shop.transact(raise_it)
    assert came == [{"a": 0}]
    assert shop.get(K) == {"a": 1}


def test_a_transactional_read_of_a_locked_item_is_cancelled(shop: Shop) -> None:
    gets = [{"Get": shop.at(FREE)}, {"Get": shop.at(K)}]
    with meanwhile(shop, lambda: reasons(shop.ask, "TransactGetItems", TransactItems=gets)) as came:
        shop.transact(shop.new(K))
    assert came == [["None", "TransactionConflict"]]


def test_the_same_token_meanwhile_is_in_progress(shop: Shop) -> None:
    order, token = shop.new(K), shop.token(1)
    with meanwhile(shop, lambda: code(shop.transact, order, token=token)) as came:
        shop.transact(order, token=token)
    assert came == ["TransactionInProgressException"]
    shop.transact(order, token=token)


def test_the_same_token_with_another_body_meanwhile_is_a_mismatch(shop: Shop) -> None:
    with meanwhile(shop, lambda: code(shop.transact, shop.new(OTHER), token=shop.token(1))) as came:
        shop.transact(shop.new(K), token=shop.token(1))
    assert came == ["IdempotentParameterMismatchException"]


def test_locks_are_gone_when_the_transaction_is_over(shop: Shop) -> None:
    shop.transact(shop.new(K))
    assert reasons(shop.transact, shop.new(K), shop.new(OTHER)) == ["ConditionalCheckFailed", "None"]
    shop.update(K, "SET a = :v", values={"v": 1})
    shop.transact(shop.new(OTHER))


def test_a_client_that_is_lost_meanwhile_does_not_stop_the_server() -> None:
    class LostError(Exception):
        """The process ends here."""

    def lose(_operation: str, _request: dict[str, Any]) -> None:
        raise LostError

    with strict() as shop:
        shop.dynamo.during.append(lose)
        with pytest.raises(LostError):
            shop.transact(shop.new(K))
        shop.dynamo.during.clear()
        assert shop.get(K) == {}
        shop.put(K, a=1)


def test_no_lock_of_threads_is_held_meanwhile() -> None:
    dynamo = Dynamo.from_template()
    held: list[bool] = []
    dynamo.during.append(lambda *_: held.append(dynamo.lock._is_owned()))
    shop = Shop(dynamo, "state")
    shop.transact(shop.new(K))
    assert held == [False]
