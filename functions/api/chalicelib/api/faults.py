"""Faults: what was reported of a thing or a door, with its photos. Each is a case of the kind `fault`, under its id."""

from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal

import msgspec

from chalicelib.flows.admin import faults
from chalicelib.web.answers import Answer
from chalicelib.web.call import Call
from chalicelib.web.fields import shown
from chalicelib.web.roles import EVERYBODY, OWNERS, Row, Scope
from chalicelib.web.routes import Routes

routes: Final = Routes(
    "faults",
    {
        "GET /faults/{id}": Row(Scope.READ, EVERYBODY),
        "POST /faults/{id}/photos": Row(Scope.WRITE, OWNERS),
    },
)


class NewPhoto(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What kind of picture it will be; it may be up to 5 MB."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"] = "image/jpeg"


class PhotoForm(msgspec.Struct, kw_only=True, frozen=True):
    """Where to send it within five minutes: a multipart/form-data POST of `fields` as they are, then the `file`."""

    url: str
    fields: dict[str, str]


class PhotoView(msgspec.Struct, kw_only=True, frozen=True):
    """A photo that was sent; its `url` shows it for a minute."""

    id: str
    content_type: str
    bytes: int
    at: datetime
    url: str


class FaultView(msgspec.Struct, kw_only=True, frozen=True):
    """A fault: of what, how bad, and what was said about it.

    `person` reported it. `loan` and `grant` tell to which custody it belongs, where it was bound to any.
    """

    id: str
    state: str
    severity: str | None = None
    asset: str | None = None
    bank: str | None = None
    door: int | None = None
    site: str | None = None
    person: str | None = None
    loan: str | None = None
    grant: str | None = None
    detail: str = ""
    answers: dict[str, str | bool | int] = {}
    opened_at: datetime
    resolved_at: datetime | None = None
    photos: tuple[PhotoView, ...] = ()


@routes.on("GET /faults/{id}")
def show_fault(call: Call, fault_id: str) -> Answer[FaultView]:
    """Show a fault with its photos: whoever reported it, and who may read cases."""
    case, photos = faults.show(call.asked, fault_id)
    values = msgspec.to_builtins(case) | {"photos": [shown(each, PhotoView) for each in photos]}
    return Answer(msgspec.convert(values, FaultView), version=case.version)


@routes.on("POST /faults/{id}/photos", status=HTTPStatus.CREATED, secret=True)
def add_photo(call: Call, fault_id: str, body: NewPhoto) -> Answer[PhotoForm]:
    """Ask where a photo of an open fault may be sent. The photo itself goes to the storage, never through here."""
    form = faults.photo(call.asked, fault_id, body.content_type)
    return Answer(PhotoForm(url=form.url, fields=dict(form.fields)))
