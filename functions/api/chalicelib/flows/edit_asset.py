"""Edit an asset's description; custody is not touched and has no event."""

from collections.abc import Callable

from chalicelib.flows.admin.editing import changed
from chalicelib.flows.create_asset import check, check_tag
from toolcrib.domain.assets import Asset
from toolcrib.domain.describing import described
from toolcrib.domain.mending import stated
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import NotAllowed
from toolcrib.store.assets import load_asset
from toolcrib.store.edited import commit_edit
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.standings import load_standing


def handle(asked: Asked, asset_id: str, edit: Callable[[Asset], Asset], *, reason: str = "") -> Asset:
    """Return the asset after `edit`, which is asked again when somebody else was faster.

    `reason` is why its condition is another one now; it stands in the case about that and nowhere else.
    Raises `NotFound`, `Invalid` (no such type or site), `DoorBusy` or `Conflict` `tag_taken`, and whatever `edit` does.
    """

    def once() -> None:
        standing = load_standing(asked.org, asset_id)
        asked.must_see("asset", site=standing.asset.site)
        after, cases = stated(
            standing, edit(standing.asset), op=asked.op, at=asked.at, by=asked.by.actor, reason=reason
        )
        after = replace(after, revision=standing.asset.revision + 1)
        _keep_in_sight(asked, after)
        check(after, rule_book(asked.org, read_stamp(asked.org)))
        check_tag(asked.org, after)
        commit_edit(asked.org, replace(described(standing, after, op=asked.op, at=asked.at), cases=cases))

    return changed(asked, once, lambda: load_asset(asked.org, asset_id))


def _keep_in_sight(asked: Asked, after: Asset) -> None:
    if not asked.sees(site=after.site):
        raise NotAllowed(detail="it would belong to a site that is not yours", advice="Ask an administrator.")
