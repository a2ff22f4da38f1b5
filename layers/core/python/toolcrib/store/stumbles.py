"""Noting that something broke whoever read it: on its raw item, since as a record it may not be readable at all."""

from datetime import datetime
from typing import Any

from pynamodb.exceptions import PutError, UpdateError

from toolcrib.domain.notices import UNDELIVERED, NoticeState
from toolcrib.domain.stumbling import MOST, pause
from toolcrib.settings import settings
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import NoticeItem
from toolcrib.store.reads import Key, find
from toolcrib.store.tables import StateItem, connection

REFUSED = "ConditionalCheckFailedException"


def notice_stumbled(org: str, notice_id: str, code: str, now: datetime) -> NoticeState | None:
    """Note that a notice broke its reader: it waits for another try, or is given up; None where it is over.

    None, too, where somebody else wrote it meanwhile. One that is out, and breaks who would change its message, stays
    as it is in the end.
    """
    notice_item = find(NoticeItem, keys.notice(org, notice_id))
    if notice_item is None or (
        notice_item.state not in {str(state) for state in UNDELIVERED} and "outdated_at" not in notice_item.about
    ):
        return None
    times, before = int(notice_item.about.get("stumbles") or 0) + 1, notice_item.version
    if notice_item.state == NoticeState.SENT:
        state = NoticeState.SENT
    else:
        state = NoticeState.GIVEN_UP if times >= MOST else NoticeState.PENDING
    again = keys.moment(now + pause(times)) if times < MOST else None
    over = {"hold_until", "wake_at"} if again else {"hold_until", "wake_at", "outdated_at"}
    left = {name: value for name, value in notice_item.about.items() if name not in over}
    notice_item.about = {**left, "stumbles": times, "last_error": code, **({"wake_at": again} if again else {})}
    notice_item.agenda_pk, notice_item.agenda_at = (keys.agenda_shard(notice_item.pk), again) if again else (None, None)
    notice_item.state, notice_item.wake, notice_item.version = str(state), None, before + 1
    try:
        notice_item.save(condition=NoticeItem.version == before)
    except PutError as error:
        if code_of(error) == REFUSED:
            return None
        raise
    return state


def item_stumbled(key: Key, now: datetime) -> int:
    """Note that something on the agenda broke the sweeper; return how often it has. It is looked at again later."""
    table = settings().state_table
    raw: dict[str, Any] = connection().get_item(table, *key, consistent_read=True).get("Item", {})
    due = raw.get("agenda_at", {}).get("S")
    if due is None:
        return 0
    times = int(raw.get("stumbles", {}).get("N", "0")) + 1
    later = [StateItem.stumbles.set(times), StateItem.agenda_at.set(keys.moment(now + pause(times)))]
    try:
        connection().update_item(table, *key, actions=later, condition=StateItem.agenda_at == due)
    except UpdateError as error:
        if code_of(error) == REFUSED:
            return 0
        raise
    return times
