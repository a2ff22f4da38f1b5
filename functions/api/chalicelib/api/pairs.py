"""Pairs: things that must not be out together (rules.md, row 8)."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec

from chalicelib.flows.admin import pairs, rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging
from chalicelib.web.fields import Id, Short, fields_of
from chalicelib.web.patches import Patch
from chalicelib.web.routes import Routes
from chalicelib.web.rule_views import answer, edited, page, table
from toolcrib.domain.ids import derived
from toolcrib.domain.pairing import Pair, PairKind

routes: Final = Routes("pairs", table("pairs"))

Sides = Annotated[tuple[Id, ...], msgspec.Meta(max_length=10)]
Categories = Annotated[tuple[Annotated[Short, msgspec.Meta(min_length=1)], ...], msgspec.Meta(max_length=10)]


class PairFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of a pair; one that is not `active` asks for nothing.

    `exclusive`: one person never holds things of two of the `asset_types` and `categories`, 2 to 10 together.
    `lockout`: of the 2 to 10 `assets` one is out at a time, whoever has it.
    """

    kind: PairKind
    name: Short = ""
    asset_types: Sides = ()
    categories: Categories = ()
    assets: Sides = ()
    active: bool = True


class NewPair(PairFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A pair to be added; without an `id` one is made."""

    id: Id | None = None


class PairView(msgspec.Struct, kw_only=True, frozen=True):
    """A pair."""

    id: str
    kind: str
    name: str = ""
    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    active: bool = True


@routes.on("GET /pairs")
def list_pairs(call: Call, query: Paging) -> Answer[Listed[PairView]]:
    """List the pairs by id."""
    return page(call, query, Pair, PairView)


@routes.on("POST /pairs", status=HTTPStatus.CREATED)
def create_pair(call: Call, body: NewPair) -> Answer[PairView]:
    """Add a pair. What is out already stays out; the next take is judged by it."""
    new = edited(Pair(id=body.id or derived("pair", call.asked.op), kind=body.kind), body, PairFields)
    return answer(pairs.create(call.asked, new), PairView, "pairs", created=True)


@routes.on("GET /pairs/{id}")
def show_pair(call: Call, pair_id: str) -> Answer[PairView]:
    """Show a pair."""
    return answer(rules.show(call.asked, Pair, pair_id), PairView, "pairs")


@routes.on("PATCH /pairs/{id}")
def change_pair(call: Call, pair_id: str, patch: Patch[PairFields]) -> Answer[PairView]:
    """Change a pair; `active` false puts it out of use."""

    def edit(pair: Pair) -> Pair:
        return edited(pair, patch.onto(fields_of(pair, PairFields), pair.revision), PairFields)

    return answer(pairs.change(call.asked, pair_id, edit), PairView, "pairs")
