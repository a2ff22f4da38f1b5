"""What came from outside and must count once: remembered by its digest for as long as a copy would be believed."""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import PutError

from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import HeardItem
from toolcrib.store.reads import find
from toolcrib.store.tables import connection

REMEMBERED: Final = timedelta(minutes=15)  # a copy is believed for five minutes, by clocks that may differ by as much


def first_time(org: str, what: str, digest: str, now: datetime, *, by: str) -> bool:
    """Note that a message was heard by a request; False where another one heard it before.

    A note whose answer was lost is written again, and found there: it is one's own.
    """
    connection()
    key = keys.heard(org, what, digest)
    item = HeardItem(*key, by=by, expires_at=int((now + REMEMBERED).timestamp()))
    try:
        item.save(condition=HeardItem.pk.does_not_exist())
    except PutError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        known = find(HeardItem, key)
        return known is not None and known.by == by
    return True
