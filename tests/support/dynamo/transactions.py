"""TransactWriteItems: all or nothing, once per token; its keys are locked from the checks to the end.

Between the two the store's `during` hooks run, and whatever runs there meets the locks: another transaction is
cancelled for TransactionConflict, a single write is refused, a plain read sees what was there before. A hook that
raises has lost the client, not the server: the transaction is carried out.
"""

from typing import Any

from tests.support.dynamo.refused import Invalid, Refused, Unfit, cancelled
from tests.support.dynamo.requests import Request
from tests.support.dynamo.sizes import heavier
from tests.support.dynamo.store import Store, Token
from tests.support.dynamo.values import Attributes
from tests.support.dynamo.writes import CONFLICT, FAILED, Write, write

OPERATION = "TransactWriteItems"
MOST_ITEMS = 100
MOST_BYTES = 4 * 1024 * 1024
LONGEST_TOKEN = 36
TOKEN_GOOD_FOR_S = 600
NOTHING_WRONG = {"Code": "None"}
IN_CONFLICT = {"Code": "TransactionConflict", "Message": CONFLICT}

Outcome = Attributes | None


def transact_write(store: Store, request: Request) -> dict[str, Any]:
    """Carry out a TransactWriteItems; raises `Refused` and `Invalid`."""
    writes = [write(store, kind, order) for each in request["TransactItems"] for kind, order in each.items()]
    _check(request, writes)
    token = request.get("ClientRequestToken")
    with store.lock:
        if token is not None and _done_before(store, token, request["TransactItems"]):
            return {}
        afters = _judged(store, writes)
        _hold(store, token, request, writes)
    try:
        for hook in tuple(store.during):
            hook(OPERATION, request)
    finally:
        with store.lock:
            _finish(store, token, writes, afters)
    return {}


def _check(request: Request, writes: list[Write]) -> None:
    if not 0 < len(writes) <= MOST_ITEMS:
        raise Invalid("Member must have length less than or equal to 100, and greater than or equal to 1")
    if len({each.target for each in writes}) != len(writes):
        raise Invalid("Transaction request cannot include multiple operations on one item")
    if not 0 < len(request.get("ClientRequestToken", "x")) <= LONGEST_TOKEN:
        raise Invalid("'clientRequestToken' must have length less than or equal to 36, and greater than or equal to 1")
    for each in writes:
        if each.kind == "ConditionCheck" and each.expressions.condition is None:
            raise Invalid("The conditionExpression of a ConditionCheck must not be null")


def _done_before(store: Store, token: str, orders: Any) -> bool:
    known = store.tokens.get(token)
    if known is None:
        return False
    if known.at is not None and store.clock() - known.at >= TOKEN_GOOD_FOR_S:
        del store.tokens[token]
        return False
    if known.orders != orders:
        raise Refused(OPERATION, "IdempotentParameterMismatchException", "another body, same token")
    if known.at is None:
        raise Refused(
            OPERATION, "TransactionInProgressException", "The transaction with the given token is in progress"
        )
    return True


def _judged(store: Store, writes: list[Write]) -> list[Outcome]:
    """Return what each write leaves behind; raises `Refused` with the reasons where one cannot be."""
    reasons, afters = [], []
    for each in writes:
        before = each.table.items.get(each.target[1])
        reason, after = _outcome(store, each, before)
        reasons.append(reason)
        afters.append(after)
    if any(reason is not NOTHING_WRONG for reason in reasons):
        raise cancelled(OPERATION, reasons)
    if heavier([after for after in afters if after is not None], MOST_BYTES):
        raise Invalid("Transaction request cannot be larger than 4 MB")
    return afters


def _outcome(store: Store, one: Write, before: Outcome) -> tuple[dict[str, Any], Outcome]:
    if one.target in store.locked:
        return IN_CONFLICT, None
    if not one.expressions.holds(before):
        failed = {"Code": "ConditionalCheckFailed", "Message": FAILED}
        told = one.told(before)
        return failed if told is None else {**failed, "Item": told}, None
    try:
        return NOTHING_WRONG, one.after(before)
    except Unfit as error:
        return {"Code": "ValidationError", "Message": str(error)}, None


def _hold(store: Store, token: str | None, request: Request, writes: list[Write]) -> None:
    store.locked |= {each.target for each in writes}
    if token is not None:
        store.tokens[token] = Token(None, request["TransactItems"])


def _finish(store: Store, token: str | None, writes: list[Write], afters: list[Outcome]) -> None:
    for each, after in zip(writes, afters, strict=True):
        store.locked.discard(each.target)
        if each.kind != "ConditionCheck":
            store.write(*each.target, after)
    if token is not None and token in store.tokens:
        store.tokens[token] = Token(store.clock(), store.tokens[token].orders)
