"""Ways to damage a record: custody forgotten everywhere, or one event deleted, altered or out of order."""

from typing import Any

from tests.support.dynamo import Dynamo

Key = tuple[str, str]
FORGOTTEN: dict[str, dict[str, Any]] = {
    "asset": {"state": {"S": "stored"}, "custodian": {"M": {"kind": {"S": "nobody"}}}, "custody": {"M": {}}},
    "door": {"contents": {"L": []}},
    "person": {"holdings": {"M": {}}},
}
"""What is left of each kind of item when everything about custody is gone."""


def forget_custody(dynamo: Dynamo) -> None:
    """Let every asset be nowhere, at version 0, every door empty, everybody's hands empty, every open loan pending."""
    state = dynamo.tables["state"].items
    for key, item in list(state.items()):
        kind = item["kind"]["S"]
        blank = FORGOTTEN.get(kind)
        if blank is not None:
            state[key] = {**item, **blank, **({"version": {"N": "0"}} if kind == "asset" else {})}


def deleted(ledger: dict[Key, Any], key: Key) -> None:
    """Take an event out."""
    del ledger[key]


def altered(ledger: dict[Key, Any], key: Key) -> None:
    """Let an event say that it was somebody else."""
    item = ledger[key]
    ledger[key] = {**item, "record": {"M": {**item["record"]["M"], "person": {"S": "p-x"}}}}


def reordered(ledger: dict[Key, Any], key: Key) -> None:
    """Exchange an event and the next; the last of a chain takes the place after it."""
    after = following(key)
    one, other = ledger.pop(key), ledger.pop(after, None)
    ledger[after] = {**one, "sk": {"S": after[1]}}
    if other is not None:
        ledger[key] = {**other, "sk": {"S": key[1]}}


def following(event: Key) -> Key:
    """Return the key of the next event."""
    return event[0], f"EVENT#{int(event[1].removeprefix('EVENT#')) + 1:012d}"


def undo(ledger: dict[Key, Any], before: dict[Key, Any]) -> None:
    """Let events be as they were; None for not there."""
    for key, item in before.items():
        if item is None:
            ledger.pop(key, None)
        else:
            ledger[key] = item


WAYS = (deleted, altered, reordered)
