"""Reading items: consistent, by key, one or many at a time. Decisions are never taken on an index."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pynamodb.models import DoesNotExist

from toolcrib.domain.refusals import NotFound
from toolcrib.store.tables import StateItem, connection

Item = TypeVar("Item", bound=StateItem)
Key = tuple[str, str]


def find(kind: type[Item], key: Key) -> Item | None:
    """Return the item under `key`, or None."""
    connection()
    try:
        return kind.get(*key, consistent_read=True)
    except DoesNotExist:
        return None


def load(kind: type[Item], key: Key, what: str) -> Item:
    """Return the item under `key`; raises `NotFound`, which names `what` was looked for and not the key."""
    item = find(kind, key)
    if item is None:
        raise NotFound(detail=f"no such {what}")
    return item


def find_many(wanted: Iterable[Key]) -> dict[Key, Any]:
    """Return the items there are under up to 100 keys, in one round trip, whatever their kinds."""
    connection()
    return {(item.pk, item.sk): item for item in StateItem.batch_get(list(wanted), consistent_read=True)}
