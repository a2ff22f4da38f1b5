"""What came from outside and must count once: remembered by its digest for as long as a copy would be believed."""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import PutError

from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import HeardItem
from toolcrib.store.tables import connection

REMEMBERED: Final = timedelta(minutes=15)  # a copy is believed for five minutes, by clocks that may differ by as much


def first_time(org: str, what: str, digest: str, now: datetime) -> bool:
    """Note that a message was heard; False where it was heard before."""
    connection()
    item = HeardItem(*keys.heard(org, what, digest), expires_at=int((now + REMEMBERED).timestamp()))
    try:
        item.save(condition=HeardItem.pk.does_not_exist())
    except PutError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True
