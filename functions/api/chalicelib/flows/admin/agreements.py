"""Terms as admins edit them, and people accept them from afar (rules.md, row 14)."""

from collections.abc import Callable, Mapping

from chalicelib.flows.admin import people
from chalicelib.flows.admin.editing import changed, created
from toolcrib.domain.agreements import Acceptance, Agreement, Texts, accepted, reworded, stands
from toolcrib.domain.people import Person
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict
from toolcrib.store import agreements, listing, rules
from toolcrib.store.agreements import load_texts, save_agreement
from toolcrib.store.listing import Page, Position
from toolcrib.store.people import accept_terms, find_person

Edit = Callable[[Agreement, Mapping[str, str]], tuple[Agreement, Mapping[str, str]]]


def show(asked: Asked, agreement_id: str) -> tuple[Agreement, Texts]:
    """Return terms with the texts of their present version; raises `NotFound`."""
    agreement = rules.load_rule(asked.org, Agreement, agreement_id)
    return agreement, load_texts(asked.org, agreement.id, agreement.version)


def show_version(asked: Asked, agreement_id: str, version: int) -> Texts:
    """Return the texts of any version there was; raises `NotFound`."""
    return load_texts(asked.org, agreement_id, version)


def page_of_versions(asked: Asked, agreement_id: str, limit: int, start: Position | None) -> Page:
    """Return a page of all versions of some terms, latest first; raises `NotFound`."""
    rules.load_rule(asked.org, Agreement, agreement_id)
    return listing.page([agreements.versions(asked.org, agreement_id)], limit=limit, start=start)


def create(asked: Asked, agreement: Agreement, texts: Mapping[str, str]) -> tuple[Agreement, Texts]:
    """Add terms, as version 1; raises `AlreadyThere`."""
    first = reworded(replace(agreement, version=0, digests={}), texts)
    written = Texts(agreement=first.id, version=first.version, at=asked.at, texts=texts)
    created(
        asked,
        f"terms {first.id}",
        exists=lambda: rules.find_rule(asked.org, Agreement, first.id) is not None,
        save=lambda: save_agreement(asked.org, asked.op, asked.at, first, written),
    )
    return show(asked, first.id)


def change(asked: Asked, agreement_id: str, edit: Edit) -> tuple[Agreement, Texts]:
    """Return terms after `edit`; another text makes a new version, and the ones before stay as they are."""

    def once() -> None:
        before, present = show(asked, agreement_id)
        edited, texts = edit(before, present.texts)
        after = reworded(replace(edited, id=before.id, revision=before.revision + 1), texts)
        anew = after.version != before.version
        written = Texts(agreement=after.id, version=after.version, at=asked.at, texts=texts) if anew else None
        save_agreement(asked.org, asked.op, asked.at, after, written)

    return changed(asked, once, lambda: show(asked, agreement_id))


def accept(asked: Asked, person_id: str, agreement_id: str, sha256: str) -> Acceptance:
    """Keep that the asking person accepts a text; raises `Conflict` for another person's or another text."""
    person = visible(asked, person_id)
    if person.id != asked.by.person:
        raise Conflict(
            code="not_yours",
            detail="terms are accepted by nobody but the person",
            advice="Let the person accept them at a bank with a screen, or sign in themself.",
        )
    agreement = rules.load_rule(asked.org, Agreement, agreement_id)
    if sha256 not in agreement.digests.values():
        raise Conflict(
            code="terms_changed",
            detail=f"this is not a text of version {agreement.version}",
            advice="Read the terms again and accept what they say now.",
        )

    def once() -> None:
        before = visible(asked, person_id)
        if not _same(before, agreement, sha256):
            new = Acceptance(version=agreement.version, sha256=sha256, at=asked.at)
            now = accepted(before.acceptances, {agreement.id: new})
            accept_terms(asked.org, asked.op, asked.at, replace(before, acceptances=now, version=before.version + 1))

    return changed(asked, once, lambda: visible(asked, person_id).acceptances[agreement.id])


def visible(asked: Asked, person_id: str) -> Person:
    """Return a person whose acceptances the principal may see: their own, or of whom they look after."""
    own = find_person(asked.org, person_id) if person_id == asked.by.person else None
    return own or people.show(asked, person_id)


def _same(person: Person, agreement: Agreement, sha256: str) -> bool:
    found = person.acceptances.get(agreement.id)
    return found is not None and found.sha256 == sha256 and stands(agreement, found)
