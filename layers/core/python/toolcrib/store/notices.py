"""Notice records: the outbox."""

from pynamodb.exceptions import PutError

from toolcrib.domain.notices import Notice
from toolcrib.domain.refusals import LostRace
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import NoticeItem
from toolcrib.store.mapping import notice_item, to_notice
from toolcrib.store.reads import find, load
from toolcrib.store.tables import connection


def load_notice(org: str, notice_id: str) -> Notice:
    """Return a notice; raises `NotFound`."""
    return to_notice(load(NoticeItem, keys.notice(org, notice_id), "notice"))


def find_notice(org: str, notice_id: str) -> Notice | None:
    """Return a notice; None where there is none."""
    item = find(NoticeItem, keys.notice(org, notice_id))
    return None if item is None else to_notice(item)


def add_notice(org: str, notice: Notice) -> bool:
    """Put a new notice; False where it is on record already, also if the answer to our own write was lost."""
    connection()
    try:
        notice_item(org, notice).save(condition=NoticeItem.pk.does_not_exist())
    except PutError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def save_notice(org: str, notice: Notice) -> None:
    """Write a notice over the version before it; raises `LostRace` if another sender was there first."""
    connection()
    try:
        notice_item(org, notice).save(condition=NoticeItem.version == notice.version - 1)
    except PutError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            raise LostRace(detail="the notice moved on") from error
        raise
