"""What each bank's readers saw last: one small item a part of a status, over the one before."""

from collections.abc import Iterable

from pynamodb.exceptions import PutError

from toolcrib.domain.healing.views import Part, View, view_of
from toolcrib.store import keys
from toolcrib.store.attributes import plain_attributes
from toolcrib.store.errors import code_of
from toolcrib.store.items import ViewItem
from toolcrib.store.mapping import described, plain
from toolcrib.store.tables import StateItem, connection


def find_parts(org: str, bank: str) -> dict[int, Part]:
    """Return the parts that are kept of a bank's statuses, by number: one Query, at most eight items."""
    connection()
    pages = StateItem.query(keys.view(org, bank, 1)[0], consistent_read=True).page_iter
    parts = [described(_of(plain_attributes(raw)), Part) for page in pages for raw in page["Items"]]
    return {part.part: part for part in parts}


def find_views(org: str, banks: Iterable[str]) -> dict[str, View]:
    """Return what each of some banks' readers saw last, a Query each."""
    return {bank: view_of(bank, find_parts(org, bank)) for bank in banks}


def save_part(org: str, bank: str, part: Part) -> bool:
    """Keep a part of a status in the place of an older one; False where a later one is there already."""
    connection()
    at = keys.moment(part.at)
    item = ViewItem(*keys.view(org, bank, part.part), about=plain(part), at=at)
    try:
        item.save(condition=ViewItem.pk.does_not_exist() | (ViewItem.at <= at))
    except PutError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _of(item: dict[str, object]) -> dict[str, object]:
    return {"about": item["about"]}
