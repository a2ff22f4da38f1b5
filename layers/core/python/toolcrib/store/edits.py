"""Edits of people and rules: one transaction, guarded by the operation that asked for it (safety.md, I5).

A repeat of an edit whose answer was lost finds the guard and is told success; anybody else whose condition fails has
lost a race.
"""

from collections.abc import Callable
from datetime import datetime

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from toolcrib.domain.refusals import LostRace
from toolcrib.store import keys
from toolcrib.store.commit import condition_failed, contended
from toolcrib.store.idempotency import KEEP
from toolcrib.store.items import EditItem
from toolcrib.store.reads import find
from toolcrib.store.retry import patiently
from toolcrib.store.staff import mark_staff
from toolcrib.store.tables import connection


def edit(org: str, op: str, at: datetime, fill: Callable[[TransactWrite], None], *, staff: bool = False) -> None:
    """Write what `fill` puts into the transaction, once for `op`; raises `LostRace` when a condition fails.

    `fill` is called again for every attempt and has to put in the same. `staff`: it is about people or their badges.
    """
    if staff:
        mark_staff(org, at)
    patiently(lambda: _once(org, op, at, fill), when=contended)


def _once(org: str, op: str, at: datetime, fill: Callable[[TransactWrite], None]) -> None:
    guard = EditItem(*keys.edit(org, op), expires_at=int((at + KEEP).timestamp()))
    try:
        with TransactWrite(connection=connection()) as write:
            write.save(guard, condition=EditItem.pk.does_not_exist())
            fill(write)
    except TransactWriteError as error:
        if not condition_failed(error):
            raise
        if not done(org, op):
            raise LostRace(detail="the record moved on") from error


def done(org: str, op: str) -> bool:
    """Whether the edit that this operation asks for was made before."""
    return find(EditItem, keys.edit(org, op)) is not None
