"""What the last sweep left behind: one small item an org."""

from collections.abc import Sequence

from toolcrib.domain.notices import Notice
from toolcrib.domain.outbox_age import Heartbeat
from toolcrib.store import keys
from toolcrib.store.items import HeartbeatItem
from toolcrib.store.mapping import plain, readable, record
from toolcrib.store.reads import Key, find, find_many
from toolcrib.store.tables import connection

AT_ONCE = 100  # keys of one read


def find_heartbeat(org: str) -> Heartbeat | None:
    """Return what the last sweep left behind, or None before the first."""
    item = find(HeartbeatItem, keys.heartbeat(org))
    return None if item is None else record(item, Heartbeat)


def save_heartbeat(org: str, heartbeat: Heartbeat) -> None:
    """Write over what the sweep before left behind."""
    connection()
    HeartbeatItem(*keys.heartbeat(org), about=plain(heartbeat)).save()


def notices_under(found: Sequence[Key]) -> list[Notice]:
    """Return the notices under keys that can be read, as many reads as it takes."""
    pages = (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))
    return [notice for page in pages for notice in readable(find_many(page).values())]
