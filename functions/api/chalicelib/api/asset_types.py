"""Asset types: what assets share."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.api import question_fields, upkeep_fields
from chalicelib.api.question_fields import Questions, ScreenQuestionView
from chalicelib.api.upkeep_fields import ChargingFields, ChargingView, ServiceFields, ServiceView
from chalicelib.flows.admin import rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Name, Short, Value, shown
from chalicelib.web.patches import Patch
from chalicelib.web.roles import ADMINS, RULE_READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.assets import AssetType, RequiredCertification
from toolcrib.domain.durations import iso
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import derived
from toolcrib.domain.offline.life import LONGEST
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.upkeep import Charging, Service

routes: Final = Routes(
    "asset types",
    {
        "GET /asset-types": Row(Scope.READ, RULE_READERS),
        "POST /asset-types": Row(Scope.ADMIN, ADMINS),
        "GET /asset-types/{id}": Row(Scope.READ, RULE_READERS),
        "PATCH /asset-types/{id}": Row(Scope.ADMIN, ADMINS),
    },
)


class RequiredCertificationFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A certification that taking needs, and for how many days an expired one still counts."""

    certification: Id
    grace_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 0


class AssetTypeFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of an asset type. `owner` is the person told by steps of a ladder to the owner.

    `certifications` are what a person must have, all of them, to take one. `service` and `charging` say what keeps one
    in shape; without them it needs neither. `questions` are what a screen asks when one is taken or brought back. With
    `prompt` people are told within seconds of each step of a loan's ladder, not within a minute. `offline_life` is for
    how long a locker without a network lends one by itself: at most a day, `PT0S` for never. Without it that is a day,
    and four hours for a `replacement_value` of 1,000 or more.
    """

    name: Name
    category: Annotated[Short, msgspec.Meta(min_length=1)]
    size: Literal["S", "M", "L", "XL"] = "M"
    replacement_value: Value = 0
    owner: Id | None = None
    min_evidence: Evidence | None = None
    certifications: Annotated[tuple[RequiredCertificationFields, ...], msgspec.Meta(max_length=20)] = ()
    second_factor: bool = False
    service: ServiceFields | None = None
    charging: ChargingFields | None = None
    questions: Questions = ()
    prompt: bool = False
    offline_life: timedelta | None = None


class RequiredCertificationView(msgspec.Struct, kw_only=True, frozen=True):
    """A certification that taking needs, and for how many days an expired one still counts."""

    certification: str
    grace_days: int = 0


class NewAssetType(AssetTypeFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An asset type to be added; without an `id` one is made."""

    id: Id | None = None


class AssetTypeView(msgspec.Struct, kw_only=True, frozen=True):
    """An asset type. A return on less than `min_evidence` is not believed without a person looking.

    One with a `second_factor` is not taken with a badge alone: a PIN is asked for.
    """

    id: str
    name: str
    category: str
    size: str = "M"
    replacement_value: int = 0
    owner: str | None = None
    min_evidence: str | None = None
    certifications: tuple[RequiredCertificationView, ...] = ()
    second_factor: bool = False
    service: ServiceView | None = None
    charging: ChargingView | None = None
    questions: tuple[ScreenQuestionView, ...] = ()
    prompt: bool = False
    offline_life: timedelta | None = None


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
        return _edited(kind, patch.onto(shown(kind, AssetTypeFields), kind.revision))

    return _answer(rules.change(call.asked, AssetType, type_id, edit))


def _edited(kind: AssetType, fields: AssetTypeFields) -> AssetType:
    values = {name: getattr(fields, name) for name in AssetTypeFields.__struct_fields__}
    return replace(kind, **values | {"certifications": _certifications(fields), **_upkeep(fields)})


def _upkeep(fields: AssetTypeFields) -> dict[str, Any]:
    """Return what keeps its things in shape; raises `Invalid` for what makes no sense, of that or of lending alone."""
    wrong = dict((*upkeep_fields.wrong(fields.service, fields.charging), *question_fields.wrong(fields.questions)))
    if fields.offline_life is not None and not timedelta() <= fields.offline_life <= LONGEST:
        wrong["offline_life"] = f"is not between PT0S and {iso(LONGEST)}"
    if wrong:
        raise Invalid(detail="the body does not fit", fields=wrong)
    return {
        "service": fields.service and shown(fields.service, Service),
        "charging": fields.charging and shown(fields.charging, Charging),
        "questions": question_fields.records(fields.questions),
    }


def _certifications(fields: AssetTypeFields) -> tuple[RequiredCertification, ...]:
    """Return what is required; raises `Invalid` where one certification is named twice."""
    required = tuple(shown(each, RequiredCertification) for each in fields.certifications)
    if len({each.certification for each in required}) < len(required):
        raise Invalid(detail="the body does not fit", fields={"certifications": "names one twice"})
    return required


def _view(kind: object) -> AssetTypeView:
    return shown(kind, AssetTypeView)


def _answer(kind: AssetType, *, created: bool = False) -> Answer[AssetTypeView]:
    return Answer(_view(kind), version=kind.revision, location=f"/asset-types/{kind.id}" if created else None)
