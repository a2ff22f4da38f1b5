"""Terms: what people accept before they take things, in every language that it is written in."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec

from chalicelib.flows.admin import agreements, rules
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import Paging, listed
from chalicelib.web.fields import Id, Ids, Name, Short
from chalicelib.web.patches import Patch
from chalicelib.web.roles import ADMINS, RULE_READERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.agreements import MAX_TEXT_BYTES, Agreement, Texts, digest
from toolcrib.domain.ids import derived
from toolcrib.domain.principals import Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid, NotFound

_READERS: Final = {**RULE_READERS, Role.SELF: Sight.ORG}  # whoever is to accept them has to be able to read them

routes: Final = Routes(
    "terms",
    {
        "GET /terms": Row(Scope.READ, _READERS),
        "POST /terms": Row(Scope.ADMIN, ADMINS),
        "GET /terms/{id}": Row(Scope.READ, _READERS),
        "PATCH /terms/{id}": Row(Scope.ADMIN, ADMINS),
        "GET /terms/{id}/versions": Row(Scope.READ, _READERS),
        "GET /terms/{id}/versions/{version}": Row(Scope.READ, _READERS),
    },
)

Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$(?!\n)", max_length=35)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT_BYTES, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class TermsFields(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What can be set of terms: their texts by language (`en`, `de`, `pt-BR`), each of at most 4 KB, and what for."""

    title: Name
    asset_types: Ids = ()
    categories: Annotated[tuple[Short, ...], msgspec.Meta(max_length=100)] = ()
    texts: Annotated[dict[Language, Text], msgspec.Meta(min_length=1, max_length=20)]
    active: bool = True


class NewTerms(TermsFields, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Terms to be added; without an `id` one is made."""

    id: Id | None = None


class TermsRow(msgspec.Struct, kw_only=True, frozen=True):
    """Terms. `version` counts changes of the texts, `sha256` is of each present text by language."""

    id: str
    title: str
    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    active: bool = True
    version: int
    sha256: dict[str, str]


class TermsView(TermsRow, kw_only=True, frozen=True):
    """Terms with their present texts."""

    texts: dict[str, str]


class VersionView(msgspec.Struct, kw_only=True, frozen=True):
    """The texts of one version, since when they were, and their hashes."""

    terms: str
    version: int
    at: datetime
    texts: dict[str, str]
    sha256: dict[str, str]


@routes.on("GET /terms")
def list_terms(call: Call, query: Paging) -> Answer[Listed[TermsRow]]:
    """List the terms by id, without their texts."""

    def show(values: dict[str, Any]) -> TermsRow:
        return msgspec.convert({**values, "sha256": values["digests"]}, TermsRow)

    return listed(call, query, lambda limit, start: rules.page(call.asked, Agreement, limit, start), show)


@routes.on("POST /terms", status=HTTPStatus.CREATED)
def create_terms(call: Call, body: NewTerms) -> Answer[TermsView]:
    """Add terms. Whoever takes what they are about has to accept them first, from the next tap on."""
    new, texts = _edited(Agreement(id=body.id or derived("terms", call.asked.op), title=body.title), body)
    return _answer(*agreements.create(call.asked, new, texts), created=True)


@routes.on("GET /terms/{id}")
def show_terms(call: Call, terms_id: str) -> Answer[TermsView]:
    """Show terms with their present texts."""
    return _answer(*agreements.show(call.asked, terms_id))


@routes.on("PATCH /terms/{id}")
def change_terms(call: Call, terms_id: str, patch: Patch[TermsFields]) -> Answer[TermsView]:
    """Change terms. Another text makes a new version, and whoever accepted what it replaces is asked again."""

    def edit(agreement: Agreement, texts: Any) -> tuple[Agreement, dict[str, str]]:
        names = ("title", "asset_types", "categories", "active")
        fields = TermsFields(texts=dict(texts), **{name: getattr(agreement, name) for name in names})
        return _edited(agreement, patch.onto(fields, agreement.revision))

    return _answer(*agreements.change(call.asked, terms_id, edit))


@routes.on("GET /terms/{id}/versions")
def list_versions(call: Call, terms_id: str, query: Paging) -> Answer[Listed[VersionView]]:
    """List all versions of terms with their texts, latest first."""

    def show(values: dict[str, Any]) -> VersionView:
        return _version(msgspec.convert(values, Texts, strict=False))

    return listed(
        call, query, lambda limit, start: agreements.page_of_versions(call.asked, terms_id, limit, start), show
    )


@routes.on("GET /terms/{id}/versions/{version}")
def show_version(call: Call, terms_id: str, version: str) -> Answer[VersionView]:
    """Show what a version of terms said, however long ago."""
    if not version.isascii() or not version.isdecimal() or len(version) > 6:  # noqa: PLR2004 - as the key has it
        raise NotFound(detail="no such version of these terms")
    return Answer(_version(agreements.show_version(call.asked, terms_id, int(version))))


def _edited(agreement: Agreement, fields: TermsFields) -> tuple[Agreement, dict[str, str]]:
    """Return terms as written; raises `Invalid` for a text beyond 4 KB, and for terms that are about nothing."""
    wrong = {
        f"texts.{language}": f"has more than {MAX_TEXT_BYTES} bytes"
        for language, text in fields.texts.items()
        if len(text.encode()) > MAX_TEXT_BYTES
    }
    if not fields.asset_types and not fields.categories:
        wrong |= dict.fromkeys(("asset_types", "categories"), "either has to name what the terms are about")
    if wrong:
        raise Invalid(detail="the body does not fit", fields=wrong)
    names = ("title", "asset_types", "categories", "active")
    return replace(agreement, **{name: getattr(fields, name) for name in names}), fields.texts


def _version(texts: Texts) -> VersionView:
    return VersionView(
        terms=texts.agreement,
        version=texts.version,
        at=texts.at,
        texts=dict(texts.texts),
        sha256={language: digest(text) for language, text in texts.texts.items()},
    )


def _answer(agreement: Agreement, texts: Texts, *, created: bool = False) -> Answer[TermsView]:
    names = ("id", "title", "asset_types", "categories", "active", "version")
    values = {name: getattr(agreement, name) for name in names}
    view = TermsView(**values, sha256=dict(agreement.digests), texts=dict(texts.texts))
    return Answer(view, version=agreement.revision, location=f"/terms/{agreement.id}" if created else None)
