"""Banks: cabinets with doors and one controller."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.flows import create_bank
from chalicelib.flows.admin import banks
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Name, Short, fields_of
from chalicelib.web.patches import Patch
from chalicelib.web.roles import ADMINS, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.doors import MAX_DOORS, Bank, Door, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import derived
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid

routes: Final = Routes(
    "banks",
    {
        "GET /banks": Row(Scope.READ, READERS),
        "POST /banks": Row(Scope.ADMIN, ADMINS),
        "GET /banks/{id}": Row(Scope.READ, READERS),
        "PATCH /banks/{id}": Row(Scope.ADMIN, ADMINS),
    },
)

Seen = Literal["tags", "presence", "door_only"]
Size = Literal["S", "M", "L", "XL"]
Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_DOORS)]
Capacity = Annotated[int, msgspec.Meta(ge=1, le=20)]
Features = Annotated[tuple[Annotated[Short, msgspec.Meta(min_length=1)], ...], msgspec.Meta(max_length=16)]


class NewDoor(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A door: `size` is the largest thing it takes, `capacity` how many."""

    number: Number
    size: Size = "M"
    features: Features = ()
    capacity: Capacity = 1


class BankFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be changed of a bank: `evidence` is the best it can see, a `kiosk` has a screen."""

    evidence: Seen
    mode: Mode
    name: Name | None = None


class NewBank(BankFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A bank to be set up: `doors` is how many it has, all of size M, or each of them. Without an `id` one is made."""

    id: Id | None = None
    site: Id
    doors: Number | Annotated[tuple[NewDoor, ...], msgspec.Meta(min_length=1, max_length=MAX_DOORS)]


class BankView(msgspec.Struct, kw_only=True, frozen=True):
    """A bank. It is `planned` until its controller is enrolled; `doors` is how many it has.

    `firmware` is what its last status called the software that runs.
    """

    id: str
    site: str
    name: str | None = None
    doors: int
    evidence: str
    mode: str
    state: str
    last_seen_at: datetime | None = None
    firmware: str | None = None


@routes.on("GET /banks")
def list_banks(call: Call, query: Paging) -> Answer[Listed[BankView]]:
    """List banks by id: a supervisor those of their sites."""
    return listed(call, query, lambda limit, start: banks.page(call.asked, limit, start), _from_list)


@routes.on("POST /banks", status=HTTPStatus.CREATED)
def set_up_bank(call: Call, body: NewBank) -> Answer[BankView]:
    """Set up a bank with its doors."""
    bank_id = body.id or derived("bank", call.asked.op)
    new = Bank(
        id=bank_id, site=body.site, evidence=Evidence(body.evidence), mode=body.mode, doors=_doors(bank_id, body)
    )
    return _answer(create_bank.handle(call.asked, _edited(new, body)), created=True)


@routes.on("GET /banks/{id}")
def show_bank(call: Call, bank_id: str) -> Answer[BankView]:
    """Show a bank."""
    return _answer(banks.show(call.asked, bank_id))


@routes.on("PATCH /banks/{id}")
def change_bank(call: Call, bank_id: str, patch: Patch[BankFields]) -> Answer[BankView]:
    """Change a bank's name, mode or evidence. Loans that are out keep what they were made under."""

    def edit(bank: Bank) -> Bank:
        fields = fields_of(bank, BankFields)
        return _edited(bank, patch.onto(msgspec.structs.replace(fields, name=bank.name or None), bank.revision))

    return _answer(banks.change(call.asked, bank_id, edit))


def _doors(bank: str, body: NewBank) -> tuple[Door, ...]:
    if isinstance(body.doors, int):
        return tuple(Door(bank=bank, number=number) for number in range(1, body.doors + 1))
    numbers = [door.number for door in body.doors]
    if len(set(numbers)) != len(numbers):
        raise Invalid(detail="two doors have one number", fields={"doors": "each number may stand there once"})
    described = (msgspec.structs.asdict(door) for door in body.doors)
    return tuple(sorted((Door(bank=bank, **door) for door in described), key=lambda door: door.number))


def _edited(bank: Bank, fields: BankFields) -> Bank:
    return replace(bank, evidence=Evidence(fields.evidence), mode=fields.mode, name=fields.name or "")


def _answer(bank: Bank, *, created: bool = False) -> Answer[BankView]:
    return Answer(_view(bank), version=bank.revision, location=f"/banks/{bank.id}" if created else None)


def _from_list(values: dict[str, Any]) -> BankView:
    return _view(values["bank"])


def _view(bank: Bank) -> BankView:
    return BankView(
        id=bank.id,
        site=bank.site,
        name=bank.name or None,
        doors=bank.door_count,
        evidence=bank.evidence,
        mode=bank.mode,
        state=bank.state,
        last_seen_at=bank.last_seen_at,
        firmware=bank.firmware,
    )
