"""Custody: what happened to an asset, and saying what no door saw."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.api.assets import HANDLERS, AssetView, CustodianView, answer
from chalicelib.flows import move_asset, stow_asset
from chalicelib.flows.admin import assets
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Text, shown
from chalicelib.web.roles import READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.doors import MAX_DOORS
from toolcrib.domain.states import Move

routes: Final = Routes(
    "assets",
    {
        "GET /assets/{id}/events": Row(Scope.READ, READERS),
        "POST /assets/{id}/stow": Row(Scope.WRITE, HANDLERS),
        "POST /assets/{id}/move": Row(Scope.WRITE, HANDLERS),
    },
)

Door = Annotated[int, msgspec.Meta(ge=1, le=MAX_DOORS)]
Stated = Literal[
    "unstow", "send_to_repair", "repaired", "declare_missing", "declare_lost", "still_out", "found", "retire"
]  # intentions.STATED; a test compares them


class Stow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which door of which bank it lies in."""

    bank: Id
    door: Door


class MoveAsset(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is said about it, and why; `site` is whose store room has it, where the move leads into one."""

    move: Stated
    reason: Text
    site: Id | None = None


class EventView(msgspec.Struct, kw_only=True, frozen=True, rename={"from_": "from"}):
    """A custody event, as it is hashed: RFC 8785 JSON of everything but `hash` gives `hash`."""

    asset: str
    seq: int
    at: datetime
    move: str
    state: str
    from_: CustodianView
    to: CustodianView
    person: str | None
    bank: str | None
    door: int | None
    grant: str | None
    loan: str | None
    unsettled_by: str | None
    case: str | None
    evidence: str
    op: str
    detail: dict[str, str]
    prev_hash: str
    hash: str


@routes.on("GET /assets/{id}/events")
def list_asset_events(call: Call, asset_id: str, query: Paging) -> Answer[Listed[EventView]]:
    """List an asset's custody events, first to last."""
    return listed(call, query, lambda limit, start: assets.events(call.asked, asset_id, limit, start), _event)


@routes.on("POST /assets/{id}/stow")
def stow(call: Call, asset_id: str, body: Stow) -> Answer[AssetView]:
    """Say that an asset lies in a door. Its loan, if one is open, ends with that."""
    return answer(stow_asset.handle(call.asked, asset_id, bank=body.bank, door=body.door))


@routes.on("POST /assets/{id}/move")
def move(call: Call, asset_id: str, body: MoveAsset) -> Answer[AssetView]:
    """Say something else about an asset: that it is missing, found, in repair, retired."""
    moved = move_asset.handle(call.asked, asset_id, Move(body.move), reason=body.reason, site=body.site)
    return answer(moved)


def _event(values: dict[str, Any]) -> EventView:
    return shown(values, EventView)
