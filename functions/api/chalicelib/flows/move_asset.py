"""State something about an asset that no door saw: found, missing, sent to repair, retired (design.md, *States*)."""

from toolcrib.domain.assets import Asset
from toolcrib.domain.events import replay
from toolcrib.domain.intentions import STATED, stated
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.standing import Intention
from toolcrib.domain.states import Move
from toolcrib.flows.attempts import until_committed
from toolcrib.store.commit import commit
from toolcrib.store.ledger import find_applied
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.standings import load_standing


def handle(asked: Asked, asset_id: str, move: Move, *, reason: str, site: str | None = None) -> Asset:
    """Apply a stated move; returns the asset as this operation left it, also for a repeat years later.

    `site` says whose store room has it now, for moves into one. Raises `NotFound`, `Invalid`, `WrongState` or
    `DoorBusy`.
    """
    if move not in STATED:
        raise Invalid(detail=f"{move} is not for this route", fields={"move": f"one of {', '.join(sorted(STATED))}"})
    if site is not None and site not in rule_book(asked.org, read_stamp(asked.org)).sites:
        raise Invalid(detail=f"there is no site {site}", fields={"site": f"there is no site {site}"})
    intention = Intention(move=move, op=asked.op, at=asked.at, by=asked.by.actor, reason=reason, site=site)
    return until_committed(lambda: _once(asked, asset_id, intention))


def _once(asked: Asked, asset_id: str, intention: Intention) -> Asset:
    standing = load_standing(asked.org, asset_id)
    asked.must_see("asset", site=standing.asset.site)
    applied = find_applied(asked.org, asset_id, asked.op)
    if applied is not None:
        return replay(standing.asset, applied)
    change = stated(standing, intention)
    commit(asked.org, change)
    return change.assets[0]
