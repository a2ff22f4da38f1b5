"""Imports: rosters as CSV, which give people shifts (rules.md, *When is it due*: `end_of_shift`)."""

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.flows.admin import imports
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.bodies import MAX_BYTES
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, shown
from chalicelib.web.roles import MACHINES, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.ids import derived
from toolcrib.domain.imports import Import
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.refusals import Invalid

MOST_DAYS: Final = 100  # that one roster is about
NEAR: Final = timedelta(days=400)  # as far as the days of a roster are from today

routes: Final = Routes(
    "imports",
    {
        "GET /imports": Row(Scope.READ, READERS),
        "POST /imports": Row(Scope.WRITE, {**MACHINES, Role.SUPERVISOR: Sight.SITES}),
        "GET /imports/{id}": Row(Scope.READ, READERS),
    },
)


class NewImport(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A roster; without an `id` one is made.

    `csv` has the columns person, starts, ends and, if need be, groups: ids with spaces in between, which the person
    belongs to for that shift. Times are local to `site`, or have their offset. What it says of a person replaces all
    of their shifts that begin on its days: those `from` and `to` where they are given, else from its first to its last.
    A row without times says that a person has no shift on these days.
    """

    id: Id | None = None
    kind: Literal["roster"] = "roster"
    site: Id
    csv: Annotated[str, msgspec.Meta(max_length=MAX_BYTES, description="Up to 1,000 rows.")]
    first: date | None = msgspec.field(name="from", default=None)
    last: date | None = msgspec.field(name="to", default=None)
    dry_run: bool = False


class RowErrorView(msgspec.Struct, kw_only=True, frozen=True):
    """What is wrong with a row: the header is row 1; no `field` where it is the row as a whole."""

    row: int
    field: str
    message: str


class ImportView(msgspec.Struct, kw_only=True, frozen=True):
    """An import: `checked` by a dry run, `rejected` with nothing written, `running` or `done`.

    Of its `rows` so many `failed`; so many shifts are `past` and left out. `written` of `people` have their `shifts`.
    """

    id: str
    kind: str
    site: str
    by: str
    state: str
    at: datetime
    finished_at: datetime | None = None
    rows: int = 0
    failed: int = 0
    past: int = 0
    shifts: int = 0
    people: int = 0
    written: int = 0
    errors: tuple[RowErrorView, ...] = ()


@routes.on("GET /imports")
def list_imports(call: Call, query: Paging) -> Answer[Listed[ImportView]]:
    """List imports, latest first: a supervisor those of their sites."""

    def show(values: dict[str, Any]) -> ImportView:
        return msgspec.convert(values, ImportView)

    return listed(call, query, lambda limit, start: imports.page(call.asked, limit, start), show)


@routes.on("POST /imports", status=HTTPStatus.CREATED)
def create_import(call: Call, body: NewImport) -> Answer[ImportView]:
    """Import a roster. Where a row is wrong nothing is written, and each is named; a dry run only looks."""
    wanted = imports.Wanted(
        id=body.id or derived("import", call.asked.op), site=body.site, csv=body.csv, days=_days(call.asked.at, body)
    )
    if body.dry_run:
        return Answer(_view(imports.check(call.asked, wanted)), status=HTTPStatus.OK)
    made = imports.create(call.asked, wanted)
    return Answer(_view(made), version=made.version, location=f"/imports/{made.id}")


@routes.on("GET /imports/{id}")
def show_import(call: Call, import_id: str) -> Answer[ImportView]:
    """Show an import, and how far it is."""
    found = imports.show(call.asked, import_id)
    return Answer(_view(found), version=found.version)


def _days(at: datetime, body: NewImport) -> tuple[date, date] | None:
    if body.first is None and body.last is None:
        return None
    if body.first is None or body.last is None:
        raise _misfit("to" if body.last is None else "from", "is missing: give both days, or none")
    if not timedelta() <= body.last - body.first < timedelta(days=MOST_DAYS):
        raise _misfit("to", f"is not within {MOST_DAYS} days from the first day on")
    if abs(body.first - at.date()) > NEAR:
        raise _misfit("from", f"is more than {NEAR.days} days away")
    return body.first, body.last


def _misfit(field: str, message: str) -> Invalid:
    return Invalid(detail="the body does not fit", fields={field: message})


def _view(found: Import) -> ImportView:
    return shown(found, ImportView)
