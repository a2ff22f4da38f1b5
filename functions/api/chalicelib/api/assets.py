"""Assets: the things that are lent, where they are, and their ledgers."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Name, Short, Text, fields_of, shown
from chalicelib.web.patches import Patch
from chalicelib.web.roles import MACHINES, READERS, Row, Scope, Sights
from chalicelib.web.routes import Routes
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.doors import MAX_DOORS
from toolcrib.domain.ids import derived
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State
from toolcrib.flows import create_asset, edit_asset, move_asset, stow_asset
from toolcrib.flows.admin import assets

_HANDLERS: Final[Sights] = {**MACHINES, Role.SUPERVISOR: Sight.SITES}

routes: Final = Routes(
    "assets",
    {
        "GET /assets": Row(Scope.READ, READERS),
        "POST /assets": Row(Scope.WRITE, MACHINES),
        "GET /assets/{id}": Row(Scope.READ, READERS),
        "PATCH /assets/{id}": Row(Scope.WRITE, _HANDLERS),
        "GET /assets/{id}/events": Row(Scope.READ, READERS),
        "POST /assets/{id}/stow": Row(Scope.WRITE, _HANDLERS),
        "POST /assets/{id}/move": Row(Scope.WRITE, _HANDLERS),
    },
)

Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$(?!\n)")]
Door = Annotated[int, msgspec.Meta(ge=1, le=MAX_DOORS)]
Stated = Literal[
    "unstow", "send_to_repair", "repaired", "declare_missing", "declare_lost", "found", "retire"
]  # intentions.STATED; a test compares them


class AssetFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of an asset. `site` is where it belongs; `condition` is yours to word, `ok` unless told."""

    type: Id
    name: Name
    site: Id
    serial: Short | None = None
    tag: Tag | None = None
    condition: Short = "ok"


class NewAsset(AssetFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An asset to be entered; without an `id` one is made. It begins in its site's store room."""

    id: Id | None = None


class Assets(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which assets."""

    state: State | None = None
    type: Id | None = None
    site: Id | None = None


class Stow(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which door of which bank it lies in."""

    bank: Id
    door: Door


class MoveAsset(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is said about it, and why; `site` is whose store room has it, where the move leads into one."""

    move: Stated
    reason: Text
    site: Id | None = None


class CustodianView(msgspec.Struct, kw_only=True, frozen=True):
    """Who or what has it: `kind` is site, door, person, workshop or nobody, `id` the site, bank or person."""

    kind: str
    id: str | None = None
    door: int | None = None


class AssetView(msgspec.Struct, kw_only=True, frozen=True):
    """An asset. While it is `unconfirmed`, `custodian` is where it was last seen."""

    id: str
    type: str
    name: str
    serial: str | None = None
    tag: str | None = None
    site: str | None = None
    condition: str = "ok"
    state: str
    custodian: CustodianView


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


@routes.on("GET /assets")
def list_assets(call: Call, query: Assets) -> Answer[Listed[AssetView]]:
    """List assets by id: a supervisor those of their sites."""
    wanted = {"state": query.state, "about.type": query.type, "about.site": query.site}
    where = {path: str(value) for path, value in wanted.items() if value is not None}
    return listed(call, query, lambda limit, start: assets.page(call.asked, where, limit, start), _from_list)


@routes.on("POST /assets", status=HTTPStatus.CREATED)
def enter_asset(call: Call, body: NewAsset) -> Answer[AssetView]:
    """Enter an asset into the record."""
    new = Asset(id=body.id or derived("asset", call.asked.op), type=body.type, name=body.name, custodian=_NOWHERE)
    return _answer(create_asset.handle(call.asked, _edited(new, body)), created=True)


@routes.on("GET /assets/{id}")
def show_asset(call: Call, asset_id: str) -> Answer[AssetView]:
    """Show an asset."""
    return _answer(assets.show(call.asked, asset_id))


@routes.on("PATCH /assets/{id}")
def change_asset(call: Call, asset_id: str, patch: Patch[AssetFields]) -> Answer[AssetView]:
    """Change an asset's description. Its door must be at rest when the name, type or tag changes."""

    def edit(asset: Asset) -> Asset:
        return _edited(asset, patch.onto(fields_of(asset, AssetFields), asset.revision))

    return _answer(edit_asset.handle(call.asked, asset_id, edit))


@routes.on("GET /assets/{id}/events")
def list_asset_events(call: Call, asset_id: str, query: Paging) -> Answer[Listed[EventView]]:
    """List an asset's custody events, first to last."""
    return listed(call, query, lambda limit, start: assets.events(call.asked, asset_id, limit, start), _event)


@routes.on("POST /assets/{id}/stow")
def stow(call: Call, asset_id: str, body: Stow) -> Answer[AssetView]:
    """Say that an asset lies in a door. Its loan, if one is open, ends with that."""
    return _answer(stow_asset.handle(call.asked, asset_id, bank=body.bank, door=body.door))


@routes.on("POST /assets/{id}/move")
def move(call: Call, asset_id: str, body: MoveAsset) -> Answer[AssetView]:
    """Say something else about an asset: that it is missing, found, in repair, retired."""
    moved = move_asset.handle(call.asked, asset_id, Move(body.move), reason=body.reason, site=body.site)
    return _answer(moved)


_NOWHERE: Final = Custodian.nobody()


def _edited(asset: Asset, fields: AssetFields) -> Asset:
    return replace(asset, **{name: getattr(fields, name) for name in AssetFields.__struct_fields__})


def _answer(asset: Asset, *, created: bool = False) -> Answer[AssetView]:
    location = f"/assets/{asset.id}" if created else None
    return Answer(shown(asset, AssetView), version=asset.revision, location=location)


def _from_list(values: dict[str, Any]) -> AssetView:
    return shown(values, AssetView)


def _event(values: dict[str, Any]) -> EventView:
    return shown(values, EventView)
