"""Assets and their ledgers: seeing them."""

from collections.abc import Mapping

from toolcrib.domain.assets import Asset
from toolcrib.domain.events import as_record
from toolcrib.domain.principals import Asked
from toolcrib.store import assets, ledger, listing
from toolcrib.store.listing import Page, Position


def show(asked: Asked, asset_id: str) -> Asset:
    """Return an asset; raises `NotFound`, also where the principal may not see it."""
    asset = assets.load_asset(asked.org, asset_id)
    asked.must_see("asset", site=asset.site)
    return asset


def page(asked: Asked, wanted: Mapping[str, str], limit: int, start: Position | None) -> Page:
    """Return a page of the assets the principal may see, by id; `wanted` gives paths in the item a value."""
    where = (*((path, (value,)) for path, value in wanted.items()), *asked.only(site="about.site"))
    return listing.page([listing.listing(asked.org, "assets", where=where)], limit=limit, start=start)


def events(asked: Asked, asset_id: str, limit: int, start: Position | None) -> Page:
    """Return a page of an asset's custody events as they are hashed, oldest first."""
    show(asked, asset_id)
    after = int(start.after["seq"]) if start is not None and start.after else 0
    found = list(ledger.list_events(asked.org, asset_id, after=after, limit=limit + 1))
    more = Position(after={"seq": str(found[limit - 1].seq)}) if len(found) > limit else None
    return Page(items=tuple(as_record(event) for event in found[:limit]), next=more)
