"""Doors: what is in them, who is at them, and opening one from afar."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec

from chalicelib.flows import inspect_door, remote_open
from chalicelib.flows.admin import banks
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import whole
from chalicelib.web.fields import Ids, Text, shown
from chalicelib.web.roles import KEEPERS, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.doors import Door
from toolcrib.domain.refusals import NotFound

routes: Final = Routes(
    "doors",
    {
        "GET /banks/{id}/doors": Row(Scope.READ, READERS),
        "GET /banks/{id}/doors/{door}": Row(Scope.READ, READERS),
        "POST /banks/{id}/doors/{door}/open": Row(Scope.WRITE, KEEPERS),
        "POST /banks/{id}/doors/{door}/inspect": Row(Scope.WRITE, KEEPERS),
    },
)


class Reason(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why; it is kept with the door, and its SHA-256 for good."""

    reason: Text


class Inspection(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The ids of the assets that were seen inside; an empty list for an empty door."""

    contents: Ids


class GrantView(msgspec.Struct, kw_only=True, frozen=True):
    """The grant that was given, and how far it is: poll the door to see it opened and used."""

    grant: str
    state: str


class ContentView(msgspec.Struct, kw_only=True, frozen=True):
    """An asset that a door holds, and since when."""

    asset: str
    type: str
    name: str
    tag: str | None = None
    since: datetime


class DoorView(msgspec.Struct, kw_only=True, frozen=True):
    """A door. `grant` is the last one, `state` how far it is; `unlendable` says why nothing may be taken, if so."""

    bank: str
    number: int
    size: str
    features: tuple[str, ...]
    capacity: int
    contents: tuple[ContentView, ...]
    physical: str
    unlendable: str | None = None
    grant: str | None = None
    state: str | None = None
    purpose: str | None = None
    person: str | None = None
    expires_at: datetime | None = None
    reason: str | None = None


@routes.on("GET /banks/{id}/doors")
def list_doors(call: Call, bank_id: str) -> Answer[Listed[DoorView]]:
    """List a bank's doors, all at once."""
    return whole([_view(door) for door in banks.doors(call.asked, bank_id)])


@routes.on("GET /banks/{id}/doors/{door}")
def show_door(call: Call, bank_id: str, door: str) -> Answer[DoorView]:
    """Show a door: what it holds, and how far its last grant is."""
    return Answer(_view(banks.door(call.asked, bank_id, _number(door))))


@routes.on("POST /banks/{id}/doors/{door}/open", status=HTTPStatus.ACCEPTED)
def open_door(call: Call, bank_id: str, door: str, body: Reason) -> Answer[GrantView]:
    """Open a door from afar. While somebody may use it that is refused; after that, their grant is superseded."""
    grant = remote_open.handle(call.asked, bank_id, _number(door), reason=body.reason)
    return Answer(GrantView(grant=grant.id, state=grant.state))


@routes.on("POST /banks/{id}/doors/{door}/inspect")
def inspect(call: Call, bank_id: str, door: str, body: Inspection) -> Answer[DoorView]:
    """Say what was seen inside a door that is not lent from; if the record says the same, it may lend again."""
    return Answer(_view(inspect_door.handle(call.asked, bank_id, _number(door), set(body.contents))))


def _number(door: str) -> int:
    if not door.isdecimal():
        raise NotFound(detail="no such door")
    return int(door)


def _view(door: Door) -> DoorView:
    view = DoorView(
        bank=door.bank,
        number=door.number,
        size=door.size,
        features=door.features,
        capacity=door.capacity,
        contents=tuple(shown(content, ContentView) for content in door.contents),
        physical=door.physical,
        unlendable=door.unlendable,
    )
    grant = door.grant
    if grant is None:
        return view
    return msgspec.structs.replace(
        view,
        grant=grant.id,
        state=grant.state,
        purpose=grant.purpose,
        person=grant.person or grant.by,
        expires_at=grant.expires_at,
        reason=grant.reason,
    )
