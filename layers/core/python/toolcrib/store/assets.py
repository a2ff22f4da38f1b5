"""Assets and their tags."""

from collections.abc import Iterable

from toolcrib.domain.assets import Asset
from toolcrib.store import keys
from toolcrib.store.items import AssetItem
from toolcrib.store.mapping import to_asset
from toolcrib.store.reads import find, find_many, load


def load_asset(org: str, asset_id: str) -> Asset:
    """Return an asset; raises `NotFound`."""
    return to_asset(load(AssetItem, keys.asset(org, asset_id), "asset"))


def find_asset(org: str, asset_id: str) -> Asset | None:
    """Return an asset, or None."""
    item = find(AssetItem, keys.asset(org, asset_id))
    return None if item is None else to_asset(item)


def find_by_tags(org: str, tags: Iterable[str]) -> dict[str, Asset | None]:
    """Return for each tag the asset that wears it, None for a tag nobody knows."""
    wanted = {tag: keys.tag(org, tag) for tag in tags}
    worn = find_many(wanted.values()) if wanted else {}
    owners = {tag: worn[key].asset for tag, key in wanted.items() if key in worn}
    assets = find_assets(org, owners.values())
    return {tag: assets.get(owners.get(tag, "")) for tag in wanted}


def find_assets(org: str, asset_ids: Iterable[str]) -> dict[str, Asset]:
    """Return the assets there are among up to 100 ids."""
    found = find_many({keys.asset(org, asset_id) for asset_id in asset_ids})
    return {asset.id: asset for asset in map(to_asset, found.values())}
