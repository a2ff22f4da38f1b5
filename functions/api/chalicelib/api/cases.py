"""Cases: what a person must sort out."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.flows.admin import cases
from chalicelib.flows.admin.resolutions import Stating
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Short, Text, shown
from chalicelib.web.patches import Patch
from chalicelib.web.roles import KEEPERS, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import MAX_DOORS
from toolcrib.domain.refusals import Invalid
from toolcrib.domain.states import Move

routes: Final = Routes(
    "cases",
    {
        "GET /cases": Row(Scope.READ, READERS),
        "GET /cases/{id}": Row(Scope.READ, READERS),
        "PATCH /cases/{id}": Row(Scope.WRITE, KEEPERS),
        "POST /cases/{id}/notes": Row(Scope.WRITE, KEEPERS),
        "POST /cases/{id}/resolve": Row(Scope.WRITE, KEEPERS),
    },
)


Door = Annotated[int, msgspec.Meta(ge=1, le=MAX_DOORS)]
Effect = Literal[
    "stow", "unstow", "send_to_repair", "repaired", "declare_missing", "declare_lost", "still_out", "found", "retire"
]  # resolutions.MOVES; a test compares them


class Cases(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which cases: without a `state` the open ones, and then the resolved ones."""

    state: CaseState | None = None
    kind: CaseKind | None = None
    asset: Id | None = None
    person: Id | None = None
    bank: Id | None = None
    site: Id | None = None


class Resolution(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a case ended, in a word or two of your own (`found`, `false_alarm`), and what there is to say about it.

    `move` states with it where its asset is; without one custody stays as it is. `stow` needs `bank` and `door`, `site`
    names the store room for moves into one. `still_out` says that the person of its open loan has it after all.
    `repair` carries out what the case proposes (its `repair`), if readers still see it so; otherwise it is 409
    `repair_outdated`, and where nothing is proposed `nothing_proposed`. It stands for `move`, `bank` and `door`.
    """

    resolution: Annotated[Short, msgspec.Meta(min_length=1)]
    note: Text | None = None
    move: Effect | None = None
    bank: Id | None = None
    door: Door | None = None
    site: Id | None = None
    repair: bool = False


class CaseFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of a case: the person who sees to it, or nobody."""

    owner: Id | None = None


class Note(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What somebody found out about a case."""

    note: Text


class EntryView(msgspec.Struct, kw_only=True, frozen=True):
    """Something that was done about a case: `assigned` (the note names the new owner) or `noted`."""

    at: datetime
    by: str
    what: str
    note: str | None = None


class RepairView(msgspec.Struct, kw_only=True, frozen=True):
    """What would make the record agree with what readers see.

    `finding` is ghost, stray, wrong_door, missing or double_seen, `move` what is proposed (with `bank` and `door` for
    `stow`), null where a person has to say.
    """

    finding: str
    move: str | None = None
    bank: str | None = None
    door: int | None = None


class CaseView(msgspec.Struct, kw_only=True, frozen=True):
    """A case, with what it is about; `waiting` are the assets that became unconfirmed with it.

    `answers` are what somebody was asked about a fault; lists leave them out. `evidence` is what it rests on. Once it
    is resolved, `effect` is the move that was stated with it, null for none. `repair` is what tags propose; resolve it
    with `{"repair": true}` to have that done.
    """

    id: str
    kind: str
    state: str
    site: str | None = None
    asset: str | None = None
    person: str | None = None
    loan: str | None = None
    bank: str | None = None
    door: int | None = None
    grant: str | None = None
    waiting: tuple[str, ...] = ()
    detail: str = ""
    answers: dict[str, str | bool | int] = {}
    evidence: str | None = None
    repair: RepairView | None = None
    opened_at: datetime
    owner: str | None = None
    history: tuple[EntryView, ...] = ()
    resolution: str | None = None
    effect: str | None = None
    note: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None


@routes.on("GET /cases")
def list_cases(call: Call, query: Cases) -> Answer[Listed[CaseView]]:
    """List cases, latest first: a supervisor those of their sites."""
    states = cases.ALL if query.state is None else (query.state,)
    wanted = {name: getattr(query, name) for name in ("kind", "asset", "person", "bank", "site")}
    about = {name: str(value) for name, value in wanted.items() if value is not None}
    return listed(call, query, lambda limit, start: cases.page(call.asked, states, about, limit, start), _view)


@routes.on("GET /cases/{id}")
def show_case(call: Call, case_id: str) -> Answer[CaseView]:
    """Show a case."""
    return _answer(cases.show(call.asked, case_id))


@routes.on("PATCH /cases/{id}")
def change_case(call: Call, case_id: str, patch: Patch[CaseFields]) -> Answer[CaseView]:
    """Give a case to the person who sees to it, or to nobody."""

    def choose(case: Case) -> str | None:
        return patch.onto(CaseFields(owner=case.owner), case.version).owner

    return _answer(cases.assign(call.asked, case_id, choose))


@routes.on("POST /cases/{id}/notes")
def note_case(call: Call, case_id: str, body: Note) -> Answer[CaseView]:
    """Write down what was found out about a case that is open."""
    return _answer(cases.note(call.asked, case_id, body.note))


@routes.on("POST /cases/{id}/resolve")
def resolve_case(call: Call, case_id: str, body: Resolution) -> Answer[CaseView]:
    """Resolve a case; its notices stop. A `move`, or its own `repair`, is made at once; without, custody stays."""
    if body.repair:
        stated = {
            name: "not with repair" for name in ("move", "bank", "door", "site") if getattr(body, name) is not None
        }
        if stated:
            raise Invalid(detail="the case says what is done", fields=stated)
        return _answer(cases.resolve(call.asked, case_id, body.resolution, body.note, repair=True))
    if body.move is None:
        stray = {name: "only with a move" for name in ("bank", "door", "site") if getattr(body, name) is not None}
        if stray:
            raise Invalid(detail="without a move custody stays as it is", fields=stray)
        return _answer(cases.resolve(call.asked, case_id, body.resolution, body.note))
    stating = Stating(
        move=Move(body.move), bank=body.bank, door=body.door, site=body.site, reason=body.note or body.resolution
    )
    return _answer(cases.resolve(call.asked, case_id, body.resolution, body.note, stating))


def _view(case: object) -> CaseView:
    return shown(case, CaseView)


def _answer(case: Case) -> Answer[CaseView]:
    return Answer(_view(case), version=case.version)
