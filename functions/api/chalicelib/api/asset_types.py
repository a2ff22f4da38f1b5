"""Asset types: what assets share."""

from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Name, Short, fields_of, shown
from chalicelib.web.patches import Patch
from chalicelib.web.roles import ADMINS, RULE_READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.assets import AssetType
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import derived
from toolcrib.domain.record import replace
from toolcrib.flows.admin import rules

routes: Final = Routes(
    "asset types",
    {
        "GET /asset-types": Row(Scope.READ, RULE_READERS),
        "POST /asset-types": Row(Scope.ADMIN, ADMINS),
        "GET /asset-types/{id}": Row(Scope.READ, RULE_READERS),
        "PATCH /asset-types/{id}": Row(Scope.ADMIN, ADMINS),
    },
)

Value = Annotated[int, msgspec.Meta(ge=0, le=10**12, description="In the org's currency, whole units.")]


class AssetTypeFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of an asset type. `owner` is the person told by steps of a ladder to the owner."""

    name: Name
    category: Annotated[Short, msgspec.Meta(min_length=1)]
    size: Literal["S", "M", "L", "XL"] = "M"
    replacement_value: Value = 0
    owner: Id | None = None
    min_evidence: Evidence | None = None


class NewAssetType(AssetTypeFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An asset type to be added; without an `id` one is made."""

    id: Id | None = None


class AssetTypeView(msgspec.Struct, kw_only=True, frozen=True):
    """An asset type. A return on less than `min_evidence` is not believed without a person looking."""

    id: str
    name: str
    category: str
    size: str = "M"
    replacement_value: int = 0
    owner: str | None = None
    min_evidence: str | None = None


@routes.on("GET /asset-types")
def list_asset_types(call: Call, query: Paging) -> Answer[Listed[AssetTypeView]]:
    """List the asset types by id."""
    return listed(call, query, lambda limit, start: rules.page(call.asked, AssetType, limit, start), _view)


@routes.on("POST /asset-types", status=HTTPStatus.CREATED)
def create_asset_type(call: Call, body: NewAssetType) -> Answer[AssetTypeView]:
    """Add an asset type."""
    new = AssetType(id=body.id or derived("type", call.asked.op), name=body.name, category=body.category)
    return _answer(rules.create(call.asked, _edited(new, body)), created=True)


@routes.on("GET /asset-types/{id}")
def show_asset_type(call: Call, type_id: str) -> Answer[AssetTypeView]:
    """Show an asset type."""
    return _answer(rules.show(call.asked, AssetType, type_id))


@routes.on("PATCH /asset-types/{id}")
def change_asset_type(call: Call, type_id: str, patch: Patch[AssetTypeFields]) -> Answer[AssetTypeView]:
    """Change an asset type."""

    def edit(kind: AssetType) -> AssetType:
        return _edited(kind, patch.onto(fields_of(kind, AssetTypeFields), kind.revision))

    return _answer(rules.change(call.asked, AssetType, type_id, edit))


def _edited(kind: AssetType, fields: AssetTypeFields) -> AssetType:
    return replace(kind, **{name: getattr(fields, name) for name in AssetTypeFields.__struct_fields__})


def _view(kind: object) -> AssetTypeView:
    return shown(kind, AssetTypeView)


def _answer(kind: AssetType, *, created: bool = False) -> Answer[AssetTypeView]:
    return Answer(_view(kind), version=kind.revision, location=f"/asset-types/{kind.id}" if created else None)
