"""Reading everything there is, a page at a time: for verifying and for anchoring, never for a decision.

A scan is no snapshot. Whoever compares what it yields with anything else reads it again before calling it wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final, TypeVar

import msgspec
from pynamodb.exceptions import DoesNotExist

from toolcrib.domain.record import Record
from toolcrib.store import items, keys, mapping
from toolcrib.store.ledger import AgreedItem, EventItem, OpeningItem
from toolcrib.store.reads import Key
from toolcrib.store.tables import LedgerItem, ListingIndex, StateItem, connection

CHUNK: Final = 100  # keys in one BatchGet
UNREADABLE: Final = (ValueError, TypeError, KeyError, msgspec.ValidationError)
"""What converting an item raises that somebody has tampered with."""

T = TypeVar("T")


class Worn(Record, frozen=True, kw_only=True):
    """A tag, and the asset it leads to."""

    tag: str
    asset: str


class Broken(Record, frozen=True, kw_only=True):
    """An item that cannot be read, and why."""

    why: str


def _worn(item: Any) -> Worn:
    return Worn(tag=item.pk.split("#", 2)[2], asset=item.asset)


MAKERS: Final[Mapping[type, Callable[[Any], Any]]] = {
    items.AssetItem: mapping.to_asset,
    items.BankItem: mapping.to_bank,
    items.DoorItem: mapping.to_door,
    items.LoanItem: mapping.to_loan,
    items.PersonItem: mapping.to_person,
    items.TagItem: _worn,
    items.BadgeItem: mapping.to_badge,
    items.CaseItem: mapping.to_case,
}


def scan_state() -> Iterator[tuple[Key, Any]]:
    """Yield each key with what lies there: a record, `Worn` or `Broken`; None for what is not looked at."""
    connection()
    for page in StateItem.scan(consistent_read=True).page_iter:
        for raw in page["Items"]:
            yield (raw["pk"]["S"], raw["sk"]["S"]), _made(partial(StateItem.from_raw_data, raw))


def scan_raw() -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Yield each item of the state table as it travels, and what it says as `scan_state` does."""
    connection()
    for page in StateItem.scan(consistent_read=True).page_iter:
        for raw in page["Items"]:
            yield raw, _made(partial(StateItem.from_raw_data, dict(raw)))


def scan_openings() -> Iterator[OpeningItem]:
    """Yield every remote opening in the ledger."""
    connection()
    yield from OpeningItem.scan(consistent_read=True)


def scan_agreed() -> Iterator[AgreedItem]:
    """Yield everything in the ledger that others said to takes and returns."""
    connection()
    yield from AgreedItem.scan(consistent_read=True)


def read_again(key: Key) -> Any:
    """Return what lies under a key now, as `scan_state` would yield it; None where nothing does."""
    try:
        return _made(partial(StateItem.get, *key, consistent_read=True))
    except DoesNotExist:
        return None


def find_records(wanted: Iterable[Key]) -> dict[Key, Any]:
    """Return what lies under up to 100 keys, in one round trip; what cannot be read is left out."""
    asked = list(wanted)
    found = StateItem.batch_get(asked, consistent_read=True) if asked else ()
    made = {(item.pk, item.sk): _made(partial(_as_it_is, item)) for item in found}
    return {key: record for key, record in made.items() if not isinstance(record, Broken)}


def _as_it_is(item: StateItem) -> StateItem:
    return item


def _made(item: Callable[[], Any]) -> Any:
    try:
        found = item()
        make = MAKERS.get(type(found))
        return None if make is None else make(found)
    except UNREADABLE as error:
        return Broken(why=type(error).__name__)


def count_doors(org: str, bank: str) -> int:
    """Return how many doors of a bank there are."""
    connection()
    partition, first = keys.door(org, bank, 0)
    return StateItem.count(partition, StateItem.sk.startswith(first[:5]), consistent_read=True)


def scan_partitions() -> Iterator[str]:
    """Yield the ledger's partition keys; one may come more than once."""
    connection()
    before = None
    for page in LedgerItem.scan(attributes_to_get=["pk"], consistent_read=True).page_iter:
        for raw in page["Items"]:
            if raw["pk"]["S"] != before:
                before = raw["pk"]["S"]
                yield before


def find_existing(wanted: Iterable[Key]) -> set[Key]:
    """Return those of up to 100 keys under which something lies."""
    found = StateItem.batch_get(list(wanted), consistent_read=True, attributes_to_get=["pk", "sk", "kind"])
    return {(item.pk, item.sk) for item in found}


def list_heads(org: str, *, after: str | None = None) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield each asset of an org, by id, with its version and head; what was entered a moment ago may be left out."""
    connection()
    beyond: Any = None if after is None else ListingIndex.listing_sk > after
    listed = (str(item.listing_sk) for item in StateItem.listing.query(keys.listing(org, "assets"), beyond))
    for ids in chunks(listed, CHUNK):
        found = find_records(keys.asset(org, asset_id) for asset_id in ids)
        for asset in sorted(found.values(), key=lambda asset: str(asset.id)):
            yield asset.id, (asset.version, asset.head)


def find_hashes(org: str, events: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the hashes of up to 100 events, by asset and number."""
    connection()
    wanted = {keys.event(org, asset, seq): (asset, seq) for asset, seq in events}
    found = EventItem.batch_get(list(wanted), consistent_read=True) if wanted else ()
    return {wanted[item.pk, item.sk]: str(item.hash) for item in found}


def chunks(many: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield what there is in lists of `size`, the last one shorter."""
    rest = iter(many)
    while chunk := list(islice(rest, size)):
        yield chunk
