"""Assets: the things that are lent, and where they are."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec

from chalicelib.api import asset_fields
from chalicelib.api.asset_fields import AssetFields, Described
from chalicelib.flows import create_asset, edit_asset
from chalicelib.flows.admin import assets
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, shown
from chalicelib.web.patches import Patch
from chalicelib.web.roles import MACHINES, READERS, Row, Scope, Sights
from chalicelib.web.routes import Routes
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.ids import derived
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.states import State

HANDLERS: Final[Sights] = {**MACHINES, Role.SUPERVISOR: Sight.SITES}

routes: Final = Routes(
    "assets",
    {
        "GET /assets": Row(Scope.READ, READERS),
        "POST /assets": Row(Scope.WRITE, MACHINES),
        "GET /assets/{id}": Row(Scope.READ, READERS),
        "PATCH /assets/{id}": Row(Scope.WRITE, HANDLERS),
    },
)


class NewAsset(Described, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An asset to be entered; without an `id` one is made. It begins in its site's store room."""

    id: Id | None = None


class Assets(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which assets."""

    state: State | None = None
    type: Id | None = None
    site: Id | None = None


class CustodianView(msgspec.Struct, kw_only=True, frozen=True):
    """Who or what has it: `kind` is site, door, person, workshop or nobody, `id` the site, bank or person."""

    kind: str
    id: str | None = None
    door: int | None = None


class AssetView(msgspec.Struct, kw_only=True, frozen=True):
    """An asset. While it is `unconfirmed`, `custodian` is where it was last seen.

    `fault` is the case about its condition. `lent` counts how often it was lent, `lent_at` is until when it last was:
    both are null in a list.
    """

    id: str
    type: str
    name: str
    serial: str | None = None
    tag: str | None = None
    site: str | None = None
    condition: str = "ok"
    fault: str | None = None
    charge: int | None = None
    charge_at: datetime | None = None
    serviced_at: datetime | None = None
    lent: int | None = None
    lent_at: datetime | None = None
    state: str
    custodian: CustodianView


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
    at = call.asked.at
    entered = asset_fields.edited(new, body, {"charge", "serviced_at"}, at=at)
    return answer(
        create_asset.handle(call.asked, replace(entered, serviced_at=entered.serviced_at or at)), created=True
    )


@routes.on("GET /assets/{id}")
def show_asset(call: Call, asset_id: str) -> Answer[AssetView]:
    """Show an asset."""
    return answer(assets.show(call.asked, asset_id))


@routes.on("PATCH /assets/{id}")
def change_asset(call: Call, asset_id: str, patch: Patch[AssetFields]) -> Answer[AssetView]:
    """Change an asset's description. Its door must be at rest when the name, type or tag changes."""

    def edit(asset: Asset) -> Asset:
        fields = patch.onto(asset_fields.fields(asset), asset.revision)
        return asset_fields.edited(asset, fields, patch.document.keys(), at=call.asked.at)

    reason = patch.document.get("reason")
    return answer(edit_asset.handle(call.asked, asset_id, edit, reason=reason if isinstance(reason, str) else ""))


_NOWHERE: Final = Custodian.nobody()


def answer(asset: Asset, *, created: bool = False) -> Answer[AssetView]:
    """Show an asset; where it was just entered, say where it is."""
    location = f"/assets/{asset.id}" if created else None
    return Answer(shown(asset, AssetView), version=asset.revision, location=location)


def _from_list(values: dict[str, Any]) -> AssetView:
    return shown(values, AssetView)
