"""The sweep as it would run, with every write left out: one flow, so that what is shown is what would be done.

All writes of our own code go through one connection. While a rehearsal lasts that connection answers each of them as
done and keeps what it was asked; reads go through. So nothing is noted, woken or moved, whatever the flow does.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.flows import sweep
from toolcrib.store import keys
from toolcrib.store.mapping import to_notice
from toolcrib.store.notices import find_notice
from toolcrib.store.tables import StateItem, connection

WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
NOTICE: Final = "NOTICE"

Asked = list[tuple[str, Mapping[str, Any]]]


@contextmanager
def rehearsing() -> Iterator[Asked]:
    """Let nothing be written to either table; yield what would have been, in order."""
    shared = connection()
    asked: Asked = []
    through = shared.dispatch

    def dispatch(operation: str, arguments: Any) -> Any:
        if operation not in WRITES:
            return through(operation, arguments)
        asked.extend(_parts(operation, arguments))
        return {"Attributes": {}}

    vars(shared)["dispatch"] = dispatch  # before the class's own
    try:
        yield asked
    finally:
        del vars(shared)["dispatch"]


def rehearse(org: str, now: datetime, tell: Callable[[int], None]) -> tuple[dict[str, int], list[Notice]]:
    """Return what a sweep at `now` would do, and the notices that it would send on their way, the one due first first.

    `tell` is called with how many things were looked at so far.
    """
    looked_at = 0

    def time_left_s() -> float:
        nonlocal looked_at
        looked_at += 1
        tell(looked_at)
        return sweep.LEAST_TIME_S

    with rehearsing() as asked:
        done = sweep.handle(now=now, time_left_s=time_left_s)
    return done, sorted(_on_their_way(org, asked), key=lambda notice: (notice.due_at, notice.id))


def _on_their_way(org: str, asked: Asked) -> Iterator[Notice]:
    """Yield what waits for a sender afterwards: neither held nor in another's digest."""
    written: dict[str, Notice] = {}
    woken: set[str] = set()
    for what, arguments in asked:
        item = arguments.get("Item", arguments.get("Key", {}))
        if item.get("sk") != {"S": NOTICE} or not item["pk"]["S"].startswith(keys.notice(org, "")[0]):
            continue
        if what == "Put":
            notice = to_notice(StateItem.from_raw_data(dict(item)))
            written[notice.id] = notice
        else:
            woken.add(item["pk"]["S"].rsplit("#", 1)[1])
    for notice_id in {*written, *woken}:
        found = written.get(notice_id) or find_notice(org, notice_id)
        if found is None or found.state not in UNDELIVERED or found.digest is not None:
            continue
        if found.hold_until is None or notice_id in woken:
            yield found


def _parts(operation: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if operation == "TransactWriteItems":
        for each in arguments["TransactItems"]:
            ((what, inner),) = each.items()
            yield what, inner
    else:
        yield operation.removesuffix("Item"), arguments
