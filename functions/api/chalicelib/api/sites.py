"""Sites: workplaces with a time zone, opening hours and closed days."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from chalicelib.api.weeks import WeekFields, to_week, week_fields
from chalicelib.flows.admin import rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Clock, Id, Ids, Language, Name, Short, clock
from chalicelib.web.patches import Patch
from chalicelib.web.roles import ADMINS, RULE_READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.durations import iso
from toolcrib.domain.ids import derived
from toolcrib.domain.policies import COOLDOWN, Site
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid
from toolcrib.settings import settings

routes: Final = Routes(
    "sites",
    {
        "GET /sites": Row(Scope.READ, RULE_READERS),
        "POST /sites": Row(Scope.ADMIN, ADMINS),
        "GET /sites/{id}": Row(Scope.READ, RULE_READERS),
        "PATCH /sites/{id}": Row(Scope.ADMIN, ADMINS),
    },
)

LONGEST_COOLDOWN: Final = timedelta(days=1)
Zone = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$(?!\n)")]


class SiteFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of a site.

    `opening_hours` gives weekdays their windows: `{"mon": [["08:00", "12:00"], ["13:00", "18:00"]]}`, in local time; a
    window that ends at or before it begins runs past midnight, and a weekday that is not named is closed. Without any
    the site never closes. `supervisors` are people, `channel` is a Slack channel. `language` is what banks speak to
    whoever is not known: en, de, es, fr or pl. `cooldown` is how long somebody who was told something of this site is
    told nothing more that is not urgent; what comes meanwhile is one message. At most `P1D`, `PT0S` for none.
    At `digest_at`, local time (`07:00`), channel and supervisors are told what is late, due today, missing, broken, in
    trouble or low on charge, if anything is, on days on which the site opens; without it never.
    """

    name: Name
    time_zone: Zone
    opening_hours: WeekFields = {}
    closed_days: Annotated[tuple[date, ...], msgspec.Meta(max_length=400)] = ()
    supervisors: Ids = ()
    channel: Short | None = None
    language: Language = "en"
    cooldown: timedelta | None = None
    digest_at: Clock | None = None


class NewSite(SiteFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A site to be added; without an `id` one is made."""

    id: Id | None = None


class SiteView(msgspec.Struct, kw_only=True, frozen=True):
    """A site."""

    id: str
    name: str
    time_zone: str
    opening_hours: dict[str, tuple[tuple[str, ...], ...]] = {}
    closed_days: tuple[date, ...] = ()
    supervisors: tuple[str, ...] = ()
    channel: str | None = None
    language: str = "en"
    cooldown: str = "PT15M"
    digest_at: str | None = None


@routes.on("GET /sites")
def list_sites(call: Call, query: Paging) -> Answer[Listed[SiteView]]:
    """List the sites by id."""

    def show(values: dict[str, Any]) -> SiteView:
        return _view(msgspec.convert(values, Site))

    return listed(call, query, lambda limit, start: rules.page(call.asked, Site, limit, start), show)


@routes.on("POST /sites", status=HTTPStatus.CREATED)
def create_site(call: Call, body: NewSite) -> Answer[SiteView]:
    """Add a site."""
    new = Site(id=body.id or derived("site", call.asked.op), name=body.name, time_zone=body.time_zone)
    return _answer(rules.create(call.asked, _edited(new, body)), created=True)


@routes.on("GET /sites/{id}")
def show_site(call: Call, site_id: str) -> Answer[SiteView]:
    """Show a site."""
    return _answer(rules.show(call.asked, Site, site_id))


@routes.on("PATCH /sites/{id}")
def change_site(call: Call, site_id: str, patch: Patch[SiteFields]) -> Answer[SiteView]:
    """Change a site. Loans keep their due times."""

    def edit(site: Site) -> Site:
        values = {name: getattr(site, name) for name in SiteFields.__struct_fields__}
        fields = SiteFields(**{**values, **_written(site)})
        return _edited(site, patch.onto(fields, site.revision))

    return _answer(rules.change(call.asked, Site, site_id, edit))


def _edited(site: Site, fields: SiteFields) -> Site:
    _known_zone(fields.time_zone)
    cooldown = _usual_cooldown() if fields.cooldown is None else fields.cooldown
    if not timedelta() <= cooldown <= LONGEST_COOLDOWN:
        raise Invalid(detail="the body does not fit", fields={"cooldown": "is between PT0S and P1D"})
    hours = to_week("opening_hours", fields.opening_hours)
    values = {name: getattr(fields, name) for name in SiteFields.__struct_fields__}
    at = clock(fields.digest_at) if fields.digest_at is not None else None
    return replace(site, **{**values, "opening_hours": hours, "digest_at": at, "cooldown": cooldown})


def _usual_cooldown() -> timedelta:
    """Return the one of a site that names none; nobody who tries things out on the local stack wants to wait."""
    return timedelta() if settings().is_local else COOLDOWN


def _written(site: Site) -> dict[str, Any]:
    """Return what of a site is written otherwise than it is kept."""
    at = f"{site.digest_at:%H:%M}" if site.digest_at is not None else None
    return {"opening_hours": week_fields(site.opening_hours), "digest_at": at}


def _known_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wrong = {"time_zone": "is no time zone of the IANA database, like Europe/Berlin"}
        raise Invalid(detail="the body does not fit", fields=wrong) from None


def _view(site: Site) -> SiteView:
    values = {name: getattr(site, name) for name in SiteView.__struct_fields__}
    return SiteView(**{**values, **_written(site), "cooldown": iso(site.cooldown)})


def _answer(site: Site, *, created: bool = False) -> Answer[SiteView]:
    return Answer(_view(site), version=site.revision, location=f"/sites/{site.id}" if created else None)
