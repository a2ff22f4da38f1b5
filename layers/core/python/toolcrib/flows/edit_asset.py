"""Edit an asset's description; custody is not touched and has no event."""

from collections.abc import Callable

from toolcrib.domain.assets import Asset
from toolcrib.domain.describing import described
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import NotAllowed
from toolcrib.flows.admin.editing import changed
from toolcrib.flows.create_asset import check, check_tag
from toolcrib.store.assets import load_asset
from toolcrib.store.edited import commit_edit
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.standings import load_standing


def handle(asked: Asked, asset_id: str, edit: Callable[[Asset], Asset]) -> Asset:
    """Return the asset after `edit`, which is asked again when somebody else was faster.

    Raises `NotFound`, `Invalid` (no such type or site), `DoorBusy` or `Conflict` `tag_taken`, and whatever `edit` does.
    """

    def once() -> None:
        standing = load_standing(asked.org, asset_id)
        asked.must_see("asset", site=standing.asset.site)
        after = replace(edit(standing.asset), revision=standing.asset.revision + 1)
        _keep_in_sight(asked, after)
        check(after, rule_book(asked.org, read_stamp(asked.org)))
        check_tag(asked.org, after)
        commit_edit(asked.org, described(standing, after, op=asked.op, at=asked.at))

    return changed(asked, once, lambda: load_asset(asked.org, asset_id))


def _keep_in_sight(asked: Asked, after: Asset) -> None:
    if not asked.sees(site=after.site):
        raise NotAllowed(detail="it would belong to a site that is not yours", advice="Ask an administrator.")
