"""Inventories: what readers see against what is on record."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec

from chalicelib.flows.admin import inventories
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.fields import shown
from chalicelib.web.roles import KEEPERS, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.healing.inventory import Inventory

routes: Final = Routes(
    "inventories",
    {
        "GET /banks/{id}/inventory": Row(Scope.READ, READERS),
        "GET /sites/{id}/inventory": Row(Scope.READ, READERS),
        "POST /sites/{id}/inventory": Row(Scope.WRITE, KEEPERS),
    },
)


class LineView(msgspec.Struct, kw_only=True, frozen=True):
    """A thing on record, or a tag that is seen: `finding` says how they fit.

    agrees, ghost, stray, wrong_door, missing, double_seen, unknown_tag, or unchecked where nothing could look.
    `seen_in` is another door of the same bank that shows it.
    """

    finding: str
    bank: str | None = None
    door: int | None = None
    asset: str | None = None
    name: str = ""
    tag: str | None = None
    seen_in: int | None = None


class BankInventoryView(msgspec.Struct, kw_only=True, frozen=True):
    """A bank held against the record, door by door, as it last told what it sees (`at`).

    Where that is older than eleven minutes or not all there (`fresh` false), everything is unchecked.
    """

    bank: str
    at: datetime | None
    fresh: bool
    lines: tuple[LineView, ...]


class InventoryView(msgspec.Struct, kw_only=True, frozen=True):
    """A site held against the record. Without an `ended_at` it is still under way.

    `counts` are of all things by finding; `lines` the first 200 of those that do not agree. `unheard` are banks that
    have readers and have not told what they see for eleven minutes, `blind` is how many have none. What is in doubt is
    `missing` only where no reader of any bank sees it, and all were heard.
    """

    site: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    counts: Mapping[str, int] = {}
    banks: int = 0
    blind: int = 0
    unheard: tuple[str, ...] = ()
    lines: tuple[LineView, ...] = ()


@routes.on("GET /banks/{id}/inventory")
def show_bank_inventory(call: Call, bank_id: str) -> Answer[BankInventoryView]:
    """Hold a bank against the record, door by door, as its readers last saw it."""
    view, lines = inventories.of_bank(call.asked, bank_id)
    return Answer(
        BankInventoryView(
            bank=bank_id,
            at=view.at,
            fresh=view.fresh(call.asked.at),
            lines=tuple(shown(line, LineView) for line in lines),
        )
    )


@routes.on("GET /sites/{id}/inventory")
def show_inventory(call: Call, site_id: str) -> Answer[InventoryView]:
    """Show the last inventory of a site; one is taken every night. Before the first, `began_at` is null."""
    found = inventories.last(call.asked, site_id)
    return Answer(InventoryView(site=site_id) if found is None else _view(found))


@routes.on("POST /sites/{id}/inventory", status=HTTPStatus.CREATED)
def take_inventory(call: Call, site_id: str) -> Answer[InventoryView]:
    """Take an inventory of a site now; a large one goes on by itself, and is shown when it is done."""
    return Answer(_view(inventories.take(call.asked, site_id)))


def _view(inventory: Inventory) -> InventoryView:
    return shown(inventory, InventoryView)
