"""That somebody, a badge or what people have was edited: the one thing that tells of it without reading everybody.

It is noted before the edit, by a write of its own: a counter in every edit's transaction would make all edits wait for
each other. Whoever reads it allows for edits that come a little after their note (`domain/offline/issuing.py`).
"""

from datetime import datetime

from toolcrib.store import keys
from toolcrib.store.items import StaffItem
from toolcrib.store.reads import find
from toolcrib.store.tables import connection


def mark_staff(org: str, at: datetime) -> None:
    """Note that people, badges or what they have are about to be edited."""
    connection()
    StaffItem(*keys.staff(org), at=keys.moment(at)).save()


def find_mark(org: str) -> datetime | None:
    """Return when people, badges or what they have were last edited, if ever."""
    item = find(StaffItem, keys.staff(org))
    return None if item is None else datetime.fromisoformat(str(item.at))
