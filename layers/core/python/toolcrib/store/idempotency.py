"""Answers kept under `Idempotency-Key`s, and the lease of whoever is at work under one (design.md, *HTTP contract*).

The key is a promise about answers only. That an operation is not done twice is the business of its own guard, since a
function may die between the commit and keeping the answer: after the lease the next repeat runs it again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, UpdateError

from toolcrib.domain.record import Record
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import AnswerItem
from toolcrib.store.reads import find
from toolcrib.store.tables import connection

KEEP = timedelta(hours=48)  # the contract says at least 24
LEASE = timedelta(seconds=30)  # longer than the function may run (25 s)
_REFUSED = "ConditionalCheckFailedException"


class Standing(StrEnum):
    """What a key stands for right now."""

    MINE = "mine"
    AT_WORK = "at_work"
    ANOTHER_REQUEST = "another_request"
    ANSWERED = "answered"


class Kept(Record, frozen=True, kw_only=True):
    """An answer as it went out."""

    status: int
    headers: Mapping[str, str]
    body: str


class Key(Record, frozen=True, kw_only=True):
    """A principal's `Idempotency-Key`: `fingerprint` is of the request, `holder` tells attempts apart.

    `kept_for` is how long a repeat finds its answer; None for as long as the contract asks for.
    """

    org: str
    principal: str
    key: str
    fingerprint: str
    holder: str
    kept_for: timedelta | None = None

    @property
    def at(self) -> tuple[str, str]:
        """Where its answer lies."""
        return keys.idempotency(self.org, self.principal, self.key)


def claim(key: Key, now: datetime) -> tuple[Standing, Kept | None]:
    """Take a key in hand unless it is in use; for an answered one return the answer, too.

    TTL is not expiry: a record past its time is treated as absent, whether or not DynamoDB has removed it.
    """
    connection()
    moment = now.timestamp()
    item = AnswerItem(
        *key.at,
        fingerprint=key.fingerprint,
        holder=key.holder,
        leased_until=(now + LEASE).timestamp(),
        expires_at=int((now + (key.kept_for or KEEP)).timestamp()),
    )
    lapsed = AnswerItem.answer.does_not_exist() & (AnswerItem.leased_until < moment)
    free = AnswerItem.pk.does_not_exist() | (AnswerItem.expires_at < moment)
    try:
        item.save(condition=free | (lapsed & (AnswerItem.fingerprint == key.fingerprint)))
    except PutError as error:
        _only_refused(error)
        return _standing(key)
    return Standing.MINE, None


def find_answer(key: Key, now: datetime) -> Kept | None:
    """Return the answer that is kept under a key, without taking the key in hand."""
    found = find(AnswerItem, key.at)
    answer: Any = None if found is None or found.expires_at < now.timestamp() else found.answer
    return None if answer is None else _kept(answer)


def _kept(answer: Any) -> Kept:
    return Kept(status=int(answer["status"]), headers=answer.get("headers", {}), body=answer["body"])


def _standing(key: Key) -> tuple[Standing, Kept | None]:
    found = find(AnswerItem, key.at)
    if found is None:  # released a moment ago
        return Standing.AT_WORK, None
    if found.fingerprint != key.fingerprint:
        return Standing.ANOTHER_REQUEST, None
    answer: Any = found.answer
    if answer is not None:
        return Standing.ANSWERED, _kept(answer)
    return (Standing.MINE if found.holder == key.holder else Standing.AT_WORK), None


def keep(key: Key, answer: Kept) -> None:
    """Keep an answer for repeats, unless another attempt has taken over meanwhile."""
    kept = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    try:
        AnswerItem(*key.at).update(actions=[AnswerItem.answer.set(kept)], condition=AnswerItem.holder == key.holder)
    except UpdateError as error:
        _only_refused(error)


def release(key: Key) -> None:
    """Let go of a key without an answer, so that a repeat is run at once."""
    unanswered = (AnswerItem.holder == key.holder) & AnswerItem.answer.does_not_exist()
    try:
        AnswerItem(*key.at).delete(condition=unanswered)
    except DeleteError as error:
        _only_refused(error)


def _only_refused(error: PynamoDBException) -> None:
    if code_of(error) != _REFUSED:
        raise error
