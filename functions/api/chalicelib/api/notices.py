"""Notices: who was told what, and who could not be."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec

from chalicelib.flows.admin import notices
from chalicelib.flows.react import perform
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Short, shown
from chalicelib.web.roles import ADMINS, OWNERS, READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.reactions import Reaction

routes: Final = Routes(
    "notices",
    {
        "GET /notices": Row(Scope.READ, READERS),
        "GET /notices/{id}": Row(Scope.READ, READERS),
        "POST /notices/{id}/reactions": Row(Scope.WRITE, OWNERS),
        "POST /notices/{id}/redrive": Row(Scope.ADMIN, ADMINS),
    },
)


class Notices(Paging, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which notices."""

    state: NoticeState | None = None
    loan: Id | None = None
    case: Id | None = None
    person: Id | None = None
    recipient: Short | None = None


class NewReaction(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What to do about it."""

    reaction: Reaction


class ActedView(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody did about it last: `by` is a person, or who else was signed in; `until` is how long it holds."""

    reaction: str
    by: str
    at: datetime
    until: datetime | None = None


class NoticeView(msgspec.Struct, kw_only=True, frozen=True):
    """A notice: about a loan, at a `step` of its ladder, or about a case, of which `step` is the kind.

    Or about something of a `person` that comes to an end, `step` before or after that: `about` is `valid_until`, or
    `certification.` and its name. Or a digest of all there is, at step `daily` or `weekly`: `period` is its day, week.
    Of a mail, `delivered_at` and `read_at` (its pictures were loaded) are what its provider says; `bounced` is
    `bounced` where it came back for good, `complained` where its reader called it unwanted.
    `reached` is who was told in the recipient's place; `digest` is the notice that it went out in, `parts` are those
    that went out in this one.
    """

    id: str
    loan: str | None = None
    case: str | None = None
    authorisation: str | None = None
    person: str | None = None
    about: str | None = None
    period: str | None = None
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
    reached: str | None = None
    digest: str | None = None
    parts: tuple[str, ...] = ()
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    bounced: str | None = None
    attempts: int = 0
    last_error: str | None = None
    acted: ActedView | None = None


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


@routes.on("POST /notices/{id}/reactions", status=HTTPStatus.CREATED)
def react_to_notice(call: Call, notice_id: str, body: NewReaction) -> Answer[NoticeView]:
    """Do something about a notice: acknowledge it, be told later, keep the thing longer, remind its holder, and so on.

    Each does what its own route does and needs the same rights; a person reacts to what was sent to them. `not_offered`
    is answered where the notice is no longer true or says nothing that this could be done about.
    """
    asked = call.asked
    notice = perform(asked.by, notice_id, body.reaction, op=asked.op, now=asked.at)
    return Answer(_view(notice), version=notice.version)


@routes.on("POST /notices/{id}/redrive")
def redrive_notice(call: Call, notice_id: str) -> Answer[NoticeView]:
    """Try a notice anew that was given up, or that waits after a try: it goes out with the next sweep."""
    notice = notices.redrive(call.asked, notice_id)
    return Answer(_view(notice), version=notice.version)


def _view(notice: object) -> NoticeView:
    return shown(notice, NoticeView)
