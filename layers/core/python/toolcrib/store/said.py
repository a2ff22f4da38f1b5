"""Which notices about a loan or a case may stand in Slack: found by key, so that they can be changed there at once."""

from datetime import datetime, timedelta
from typing import Final

from toolcrib.store import keys
from toolcrib.store.items import SaidItem
from toolcrib.store.tables import connection

KEEP: Final = timedelta(days=400)  # longer than the longest loan
MOST: Final = 500  # of one loan or case: no ladder comes near it


def note(org: str, about: str, notice_id: str, now: datetime) -> None:
    """Note that a notice is about to be said; again is the same."""
    connection()
    SaidItem(*keys.said(org, about, notice_id), expires_at=int((now + KEEP).timestamp())).save()


def list_said(org: str, about: str) -> list[str]:
    """Return the ids of the notices that were, or are about to be, said of a loan or a case."""
    connection()
    pk, prefix = keys.said(org, about, "")
    rows = SaidItem.query(pk, SaidItem.sk.startswith(prefix), consistent_read=True, limit=MOST)
    return [row.sk.removeprefix(prefix) for row in rows]
