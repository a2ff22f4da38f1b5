"""Kits: things that are lent together."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from chalicelib.flows.admin import kits, rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging
from chalicelib.web.fields import Id, Name, fields_of
from chalicelib.web.patches import Patch
from chalicelib.web.routes import Routes
from chalicelib.web.rule_views import answer, edited, page, table
from toolcrib.domain.ids import derived
from toolcrib.domain.kits import MOST, Kit

routes: Final = Routes("kits", table("kits"))


class KitFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of a kit: 2 to 5 assets, each in no other kit.

    They are lent together, out of one door that holds them all, and never one by one; they may come back in parts. One
    that is not `active` is no kit any more.
    """

    name: Name
    parts: Annotated[tuple[Id, ...], msgspec.Meta(max_length=MOST)]
    active: bool = True


class NewKit(KitFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A kit to be added; without an `id` one is made."""

    id: Id | None = None


class KitView(msgspec.Struct, kw_only=True, frozen=True):
    """A kit."""

    id: str
    name: str
    parts: tuple[str, ...] = ()
    active: bool = True


@routes.on("GET /kits")
def list_kits(call: Call, query: Paging) -> Answer[Listed[KitView]]:
    """List the kits by id: things that are lent together."""
    return page(call, query, Kit, KitView)


@routes.on("POST /kits", status=HTTPStatus.CREATED)
def create_kit(call: Call, body: NewKit) -> Answer[KitView]:
    """Add a kit. From the next tap on its parts are lent together only."""
    new = edited(Kit(id=body.id or derived("kit", call.asked.op), name=body.name), body, KitFields)
    return answer(kits.create(call.asked, new), KitView, "kits", created=True)


@routes.on("GET /kits/{id}")
def show_kit(call: Call, kit_id: str) -> Answer[KitView]:
    """Show a kit."""
    return answer(rules.show(call.asked, Kit, kit_id), KitView, "kits")


@routes.on("PATCH /kits/{id}")
def change_kit(call: Call, kit_id: str, patch: Patch[KitFields]) -> Answer[KitView]:
    """Change a kit; `active` false lends its parts one by one again. What is out stays out as it was lent."""

    def edit(kit: Kit) -> Kit:
        return edited(kit, patch.onto(fields_of(kit, KitFields), kit.revision), KitFields)

    return answer(kits.change(call.asked, kit_id, edit), KitView, "kits")
