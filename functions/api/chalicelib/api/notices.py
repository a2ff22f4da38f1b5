"""Notices: who was told what, and who could not be."""

from datetime import datetime
from typing import Final

import msgspec

from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Short, shown
from chalicelib.web.roles import READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.notices import NoticeState
from toolcrib.flows.admin import notices

routes: Final = Routes(
    "notices",
    {
        "GET /notices": Row(Scope.READ, READERS),
        "GET /notices/{id}": Row(Scope.READ, READERS),
    },
)


class Notices(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which notices."""

    state: NoticeState | None = None
    loan: Id | None = None
    case: Id | None = None
    person: Id | None = None
    recipient: Short | None = None


class NoticeView(msgspec.Struct, kw_only=True, frozen=True):
    """A notice: about a loan, at a `step` of its ladder, or about a case, of which `step` is the kind.

    Or about something of a `person` that comes to an end, `step` before or after that: `about` is `valid_until`, or
    `certification.` and its name.
    """

    id: str
    loan: str | None = None
    case: str | None = None
    person: str | None = None
    about: str | None = None
    site: str | None = None
    step: str
    occurrence: int = 0
    to: str
    recipient: str
    via: str
    state: str
    urgent: bool = False
    late: bool = False
    due_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    last_error: str | None = None


@routes.on("GET /notices")
def list_notices(call: Call, query: Notices) -> Answer[Listed[NoticeView]]:
    """List notices, latest first: a supervisor those of their sites."""
    wanted = {
        "state": query.state,
        "about.loan": query.loan,
        "about.case": query.case,
        "about.person": query.person,
        "about.recipient": query.recipient,
    }
    where = {path: str(value) for path, value in wanted.items() if value is not None}
    return listed(call, query, lambda limit, start: notices.page(call.asked, where, limit, start), _view)


@routes.on("GET /notices/{id}")
def show_notice(call: Call, notice_id: str) -> Answer[NoticeView]:
    """Show a notice."""
    notice = notices.show(call.asked, notice_id)
    return Answer(_view(notice), version=notice.version)


def _view(notice: object) -> NoticeView:
    return shown(notice, NoticeView)
