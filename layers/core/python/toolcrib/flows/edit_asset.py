"""Edit an asset's description; custody is not touched and has no event."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from toolcrib.domain.assets import Asset
from toolcrib.domain.describing import described
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Stale
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.create_asset import check, check_tag
from toolcrib.store.commit import commit
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.standings import load_standing


def handle(asked: Asked, asset_id: str, edits: Mapping[str, Any], *, revision: int) -> Asset:
    """Apply `edits` (field → value, None removes) to the description that has this `revision`; returns the asset.

    A repeat whose first answer was lost finds its own edit and is told success. Raises `NotFound`, `Stale`,
    `Invalid` (no such type), `DoorBusy` or `Conflict` `tag_taken`.
    """
    return until_committed(lambda: _once(asked, asset_id, edits, revision))


def _once(asked: Asked, asset_id: str, edits: Mapping[str, Any], revision: int) -> Asset:
    standing = load_standing(asked.org, asset_id)
    asset = standing.asset
    asked.must_see("asset", site=asset.site)
    edited = replace(asset, **edits)
    if asset.revision == revision + 1 and edited == asset:
        return asset
    if asset.revision != revision:
        raise Stale
    check(edited, rule_book(asked.org, read_stamp(asked.org)))
    check_tag(asked.org, edited)
    change = described(standing, edits, op=asked.op, at=asked.at)
    commit(asked.org, change)
    return change.described[0]
