"""What a change rests on and does not write: its transaction is held to that, too."""

from typing import Any

from pynamodb.transactions import TransactWrite

from toolcrib.domain.change import Change, Unchanged
from toolcrib.store import keys
from toolcrib.store.items import AssetItem, DoorItem


def write(write: TransactWrite, org: str, change: Change) -> None:
    """Add a condition for each thing, unless it is written by the change: then it is one by being written."""
    written = {(door.bank, door.number) for door in change.doors}
    for each in change.unless:
        if each.door is None or each.door not in written:
            _check(write, org, each)


def _check(write: TransactWrite, org: str, each: Unchanged) -> None:
    kind: Any = DoorItem if each.door is not None else AssetItem
    key = keys.door(org, *each.door) if each.door is not None else keys.asset(org, each.asset or "")
    write.condition_check(kind, *key, condition=kind.version == each.version)
