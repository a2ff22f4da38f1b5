"""People: who may borrow."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.flows.admin import people
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed, whole
from chalicelib.web.fields import Clock, Email, Id, Ids, Instant, Language, Name, Short, shown, utc
from chalicelib.web.patches import Patch
from chalicelib.web.roles import EVERYBODY, MACHINES, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.ids import derived
from toolcrib.domain.people import MOST_BORROWERS, Certification, MailStop, Person, PersonKind, QuietHours
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid

routes: Final = Routes(
    "people",
    {
        "GET /people": Row(Scope.READ, EVERYBODY),
        "POST /people": Row(Scope.WRITE, MACHINES),
        "GET /people/{id}": Row(Scope.READ, EVERYBODY),
        "GET /people/{id}/shifts": Row(Scope.READ, EVERYBODY),
        "PATCH /people/{id}": Row(Scope.WRITE, {**MACHINES, Role.SUPERVISOR: Sight.SITES}),
    },
)


class CertificationFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A certification that a person has, up to but not including `valid_until`; without it for good."""

    valid_until: Instant | None = None


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Permission = Annotated[str, msgspec.Meta(pattern=r"^override:[a-z_]{1,40}$(?!\n)", max_length=49)]
Permissions = Annotated[tuple[Permission, ...], msgspec.Meta(max_length=20)]
Certifications = Annotated[dict[Id, CertificationFields], msgspec.Meta(max_length=50)]


class QuietHoursFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """When only what is urgent is told: local time of the person's site, past midnight where `to` is before `from`."""

    begins: Clock = msgspec.field(name="from")
    ends: Clock = msgspec.field(name="to")


class MailStopFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why no mail goes to a person's address any more, and since when."""

    why: Short
    at: Instant


class PersonFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of a person. `groups`, `manager` and `site` may name what is set up later.

    `certifications` are by name: a patch with `{"forklift": {"valid_until": ...}}` adds or renews that one and leaves
    the others, `{"forklift": null}` takes it away. `permissions`, which only an administrator gives, say in spite of
    which refuse codes this person may let others take things: `override:allowance_reached`.
    `language` is what banks speak to them: en, de, es, fr or pl, also with a region such as `de-AT`.
    `borrows_for` are accounts, a team's or another person's, that they may take things for: the other's rules apply,
    and it is the other's loan.
    Until `absent_until` what they would be told goes to their `delegate`. In `quiet_hours`, and where they have
    `working_days` on other days and on their site's closed ones, they are told what is urgent only; the rest waits.
    Of what is told once a day or a week they do not get what they have `unsubscribed` from, by the link in a mail;
    here it can be turned back. What somebody is told on duty goes out whatever stands here.
    `mail_stopped` is there once a mail to them bounced for good, or they complained of one: they get no more, and are
    told in Slack if they can be. Another `email` lifts it, and so does null; nobody sets it.
    """

    name: Name
    kind: Literal["person", "team"] = "person"
    email: Email | None = None
    groups: Ids = ()
    manager: Id | None = None
    site: Id | None = None
    language: Language = "en"
    slack_id: Id | None = None
    active: bool = True
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    certifications: Certifications = {}
    permissions: Permissions = ()
    borrows_for: Annotated[tuple[Id, ...], msgspec.Meta(max_length=MOST_BORROWERS)] = ()
    absent_until: Instant | None = None
    delegate: Id | None = None
    quiet_hours: QuietHoursFields | None = None
    working_days: Annotated[tuple[Weekday, ...], msgspec.Meta(max_length=7)] = ()
    unsubscribed: Annotated[tuple[Literal["daily", "weekly"], ...], msgspec.Meta(max_length=2)] = ()
    mail_stopped: MailStopFields | None = None


class NewPerson(PersonFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A person to be added; without an `id` one is made."""

    id: Id | None = None


class CertificationView(msgspec.Struct, kw_only=True, frozen=True):
    """A certification that a person has; `valid_until` is null where it is for good."""

    valid_until: datetime | None = None


class PersonView(msgspec.Struct, kw_only=True, frozen=True):
    """A person. A person who is not `active`, or outside `valid_from` and `valid_until`, may return but not take.

    `returns_for` are accounts that they used to borrow for and that had something then: it may still come back by
    their badge.
    """

    id: str
    name: str
    kind: str = "person"
    email: str | None = None
    groups: tuple[str, ...] = ()
    manager: str | None = None
    site: str | None = None
    language: str = "en"
    slack_id: str | None = None
    active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    certifications: dict[str, CertificationView] = {}
    permissions: tuple[str, ...] = ()
    borrows_for: tuple[str, ...] = ()
    returns_for: tuple[str, ...] = ()
    absent_until: datetime | None = None
    delegate: str | None = None
    quiet_hours: QuietHoursFields | None = None
    working_days: tuple[str, ...] = ()
    unsubscribed: tuple[str, ...] = ()
    mail_stopped: MailStopFields | None = None


class ShiftView(msgspec.Struct, kw_only=True, frozen=True):
    """A stretch of work that makes a person one of `groups` while it lasts."""

    starts: datetime
    ends: datetime
    groups: tuple[str, ...] = ()


@routes.on("GET /people")
def list_people(call: Call, query: Paging) -> Answer[Listed[PersonView]]:
    """List people by id: a supervisor those of their sites, a person only themself."""
    return listed(call, query, lambda limit, start: people.page(call.asked, limit, start), _view)


@routes.on("POST /people", status=HTTPStatus.CREATED)
def create_person(call: Call, body: NewPerson) -> Answer[PersonView]:
    """Add a person."""
    new = Person(id=body.id or derived("person", call.asked.op), name=body.name)
    return _answer(people.create(call.asked, _edited(new, body)), created=True)


@routes.on("GET /people/{id}")
def show_person(call: Call, person_id: str) -> Answer[PersonView]:
    """Show a person."""
    return _answer(people.show(call.asked, person_id))


@routes.on("GET /people/{id}/shifts")
def list_shifts(call: Call, person_id: str) -> Answer[Listed[ShiftView]]:
    """List a person's shifts that are not over, first to last; rosters are imported."""
    found = people.show(call.asked, person_id).shifts
    return whole([shown(shift, ShiftView) for shift in found if shift.ends > call.asked.at])


@routes.on("PATCH /people/{id}")
def change_person(call: Call, person_id: str, patch: Patch[PersonFields]) -> Answer[PersonView]:
    """Change a person. Nobody but an administrator or a machine changes their own record."""

    def edit(person: Person) -> Person:
        return _edited(person, patch.onto(shown(person, PersonFields), person.version))

    return _answer(people.change(call.asked, person_id, edit))


def _edited(person: Person, fields: PersonFields) -> Person:
    values = {name: getattr(fields, name) for name in PersonFields.__struct_fields__ if name != "certifications"}
    values |= {name: utc(name, values[name]) for name in ("valid_from", "valid_until", "absent_until")}
    values |= {"quiet_hours": _quiet(fields.quiet_hours), "working_days": tuple(dict.fromkeys(fields.working_days))}
    values |= {"mail_stopped": _mail_stopped(person, fields)}
    values |= {"unsubscribed": tuple(dict.fromkeys(fields.unsubscribed))}
    values |= {"kind": PersonKind(fields.kind), "borrows_for": tuple(dict.fromkeys(fields.borrows_for))}
    return replace(person, **values, certifications=_certifications(fields))


def _mail_stopped(person: Person, fields: PersonFields) -> MailStop | None:
    """Return what stays of it: it may be lifted, and does not outlive the address it is about."""
    given = fields.mail_stopped
    if given is not None and (person.mail_stopped is None or given != shown(person.mail_stopped, MailStopFields)):
        wrong = {"mail_stopped": "is what the provider of mail says; null lifts it"}
        raise Invalid(detail="the body does not fit", fields=wrong)
    return person.mail_stopped if given is not None and fields.email == person.email else None


def _quiet(fields: QuietHoursFields | None) -> QuietHours | None:
    if fields is None:
        return None
    if fields.begins == fields.ends:
        wrong = {"quiet_hours": "end when they begin; leave them out for none"}
        raise Invalid(detail="the body does not fit", fields=wrong)
    return QuietHours(begins=fields.begins, ends=fields.ends)


def _certifications(fields: PersonFields) -> dict[str, Certification]:
    return {
        name: Certification(valid_until=utc(f"certifications.{name}.valid_until", each.valid_until))
        for name, each in fields.certifications.items()
    }


def _view(person: object) -> PersonView:
    return shown(person, PersonView)


def _answer(person: Person, *, created: bool = False) -> Answer[PersonView]:
    return Answer(_view(person), version=person.version, location=f"/people/{person.id}" if created else None)
