"""Lists for people: one Query a page, on the listing index or on the rule book; nothing is decided on them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from toolcrib.domain.record import Record
from toolcrib.store import keys
from toolcrib.store.tables import ListingIndex, StateItem, connection

MOST_ITEMS = 100  # of a page
MOST_QUERIES = 10  # of one page that is filtered: what is left comes with the next page
MOST_PAGES = 20  # of 1 MB each, where all of a source is looked through: some 50,000 loans

OR = "|"

_Key = dict[str, str]
_NOT_SHOWN = frozenset({"pk", "sk", "kind", "listing_pk", "listing_sk"})


class Source(Record, frozen=True, kw_only=True):
    """A stretch of items in order. `prefix`, `above` and `below` bound the sort key.

    `where` filters what is read: paths in the item (`state`, `about.site`), each with the values it may have; of paths
    with `OR` between them one has to have one of the values.
    """

    partition: str
    indexed: bool = True
    prefix: str | None = None
    above: str | None = None
    below: str | None = None
    newest_first: bool = False
    where: Sequence[tuple[str, Sequence[str]]] = ()


class Position(Record, frozen=True, kw_only=True):
    """Where a page ended: in which of the sources, after which item (None: at its beginning)."""

    source: int = 0
    after: Mapping[str, str] | None = None


class Page(Record, frozen=True, kw_only=True):
    """Items as plain values, and where the next page begins, if there may be one."""

    items: tuple[dict[str, Any], ...]
    next: Position | None = None


def listing(org: str, kind: str, *parts: str, **more: Any) -> Source:
    """Return the source of a list of the listing index."""
    return Source(partition=keys.listing(org, kind, *parts), **more)


def rules(org: str, kind: str) -> Source:
    """Return the source of one kind of rule."""
    partition, prefix = keys.rule(org, kind, "")
    return Source(partition=partition, prefix=prefix, indexed=False)


def page(sources: Sequence[Source], *, limit: int, start: Position | None = None) -> Page:
    """Return up to `limit` items from `start` on, one source after the other.

    Unfiltered it is one Query, and one more where a source ends; filtered it is at most `MOST_QUERIES`, so that a
    page may be short although more follows.
    """
    connection()
    at: Position | None = start or Position()
    found: list[StateItem] = []
    for _ in range(MOST_QUERIES):
        if at is None or len(found) == limit:
            break
        items, after = _query(sources[at.source], limit - len(found), at.after)
        found += items
        at = _following(at.source, after, len(sources))
    return Page(items=tuple(map(_shown, found)), next=at)


def every(source: Source) -> Iterator[dict[str, Any]]:
    """Yield all that a source has, in order, a Query for each megabyte; what lies beyond `MOST_PAGES` is left out."""
    connection()
    read_from: Any = StateItem.listing if source.indexed else StateItem
    pages = read_from.query(source.partition, _bounds(source), filter_condition=_filter(source)).page_iter
    for found in islice(pages, MOST_PAGES):
        yield from (_shown(StateItem.from_raw_data(raw)) for raw in found["Items"])


def _following(source: int, after: Mapping[str, str] | None, sources: int) -> Position | None:
    if after is not None:
        return Position(source=source, after=after)
    return Position(source=source + 1) if source + 1 < sources else None


def _query(source: Source, room: int, after: Mapping[str, str] | None) -> tuple[list[StateItem], _Key | None]:
    """Return at most `room` items of one Query, and the key of the last one looked at if there may be more."""
    read_from: Any = StateItem.listing if source.indexed else StateItem
    read = read_from.query(
        source.partition,
        _bounds(source),
        filter_condition=_filter(source),
        scan_index_forward=not source.newest_first,
        page_size=(MOST_ITEMS if source.where else room) + 1,
        consistent_read=not source.indexed,
        last_evaluated_key=_raw(after),
    ).page_iter
    items = [StateItem.from_raw_data(raw) for raw in next(read)["Items"]]
    if len(items) > room:
        return items[:room], _key(items[room - 1], source)
    more: Any = read.last_evaluated_key
    return items, more and {name: value["S"] for name, value in more.items()}


def _bounds(source: Source) -> Condition | None:
    sort = ListingIndex.listing_sk if source.indexed else StateItem.sk
    if source.prefix is not None:
        return sort.startswith(source.prefix)
    if source.above is not None:
        return sort > source.above
    return None if source.below is None else sort < source.below


def _filter(source: Source) -> Condition | None:
    allowed = [
        reduce(or_, (Path(path).is_in(*(values or ("",))) for path in paths.split(OR)))
        for paths, values in source.where
    ]
    return reduce(and_, allowed) if allowed else None


def _raw(key: Mapping[str, str] | None) -> Any:
    return key and {name: {"S": value} for name, value in key.items()}


def _key(item: StateItem, source: Source) -> _Key:
    names = ("pk", "sk", "listing_pk", "listing_sk") if source.indexed else ("pk", "sk")
    return {name: getattr(item, name) for name in names}


def _shown(item: StateItem) -> dict[str, Any]:
    """Return what a list shows of an item; `listed_by` is what it is sorted by."""
    values = {name: value for name, value in item.attribute_values.items() if name not in _NOT_SHOWN}
    return {**values.pop("about", {}), **values, "listed_by": item.listing_sk}
