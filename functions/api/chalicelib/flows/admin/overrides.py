"""Overrides: given beforehand for one take, withdrawn, listed (rules.md, *Overrides*)."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from chalicelib.flows.admin import people
from toolcrib.domain import overrides
from toolcrib.domain.change import Change, Holdings, OverrideNote
from toolcrib.domain.ids import derived
from toolcrib.domain.people import Override, Person, entitled
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Conflict, Invalid, NotAllowed
from toolcrib.flows.attempts import until_committed
from toolcrib.store.assets import find_asset
from toolcrib.store.banks import find_bank_only
from toolcrib.store.edited import commit_edit
from toolcrib.store.people import find_person
from toolcrib.store.rulebook import read_stamp, rule_book


class Wanted(Record, frozen=True, kw_only=True):
    """What is asked for: in spite of which code, for a type or an asset, at a bank or a site, why, up to when."""

    code: str
    reason: str
    until: datetime | None = None
    asset_type: str | None = None
    asset: str | None = None
    bank: str | None = None
    site: str | None = None


def of(asked: Asked, person_id: str) -> Mapping[str, Override]:
    """Return a person's overrides that are neither used nor over, by id; raises `NotFound`."""
    return overrides.standing(people.show(asked, person_id), asked.at)


def give(asked: Asked, person_id: str, wanted: Wanted) -> tuple[str, Override]:
    """Let a person take one thing in spite of a code; raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict`.

    The giver keeps to their sites, has the permission for the code, and is somebody else than the taker.
    """
    people.show(asked, person_id)
    _may_give(asked, person_id, wanted.code)
    _judge(asked, wanted)
    override_id, override = derived("override", asked.op), _override(asked, wanted)

    def once() -> Override:
        person = people.show(asked, person_id)
        if override_id in person.overrides:  # given by this very request: a repeat is told since when, and how long
            return person.overrides[override_id]
        standing = overrides.standing(person, asked.at)
        if len(standing) >= overrides.MOST:
            raise Conflict(code="too_many_overrides", detail=f"there are {overrides.MOST} already")
        note = overrides.note(override_id, person_id, override, at=asked.at)
        _commit(asked, person, {**standing, override_id: override}, note)
        return override

    return override_id, until_committed(once)


def withdraw(asked: Asked, person_id: str, override_id: str) -> None:
    """Take back an override that nobody has used; again changes nothing. Raises `NotFound` without such a person."""

    def once() -> None:
        person = people.show(asked, person_id)
        if override_id in person.overrides:
            standing = overrides.standing(person, asked.at)
            _commit(asked, person, {key: each for key, each in standing.items() if key != override_id})

    until_committed(once)


def _may_give(asked: Asked, person_id: str, code: str) -> None:
    """Deny by default: only a person who may take things themself and was given the permission, and for others."""
    if person_id == asked.by.person:
        raise NotAllowed(detail="nobody overrides a rule for themself", advice="Ask somebody else.")
    giver = find_person(asked.org, asked.by.person) if asked.by.person is not None else None
    needed = overrides.permission(code)
    if giver is None or not entitled(giver, asked.at) or needed not in giver.permissions:
        raise NotAllowed(detail=f"this needs the permission {needed}", advice="Ask an administrator for it.")


def _judge(asked: Asked, wanted: Wanted) -> None:
    """Refuse what names nothing, and what is at a site that is not the giver's, like what is not there."""
    book = rule_book(asked.org, read_stamp(asked.org))
    fields: dict[str, str] = {}
    if wanted.asset_type is not None and wanted.asset_type not in book.types:
        fields["asset_type"] = "there is no such type"
    if wanted.asset is not None and find_asset(asked.org, wanted.asset) is None:
        fields["asset"] = "there is no such asset"
    bank = find_bank_only(asked.org, wanted.bank) if wanted.bank is not None else None
    site = bank.site if bank is not None else wanted.site
    if site is None or site not in book.sites or not asked.sees(site=site):
        fields["bank" if wanted.bank is not None else "site"] = "there is none of yours of that name"
    until = wanted.until
    if until is not None and not asked.at < until <= asked.at + overrides.MOST_LIFE:
        fields["until"] = f"has to lie ahead, by {overrides.MOST_LIFE.total_seconds() / 3600:.0f} hours at most"
    if fields:
        raise Invalid(detail="the body does not fit", fields=fields)


def _override(asked: Asked, wanted: Wanted) -> Override:
    return Override(
        code=wanted.code,
        by=asked.by.actor,
        reason=wanted.reason,
        reason_sha256=sha256(wanted.reason.encode()).hexdigest(),
        since=asked.at,
        until=wanted.until or asked.at + overrides.LIFE,
        asset_type=wanted.asset_type,
        asset=wanted.asset,
        bank=wanted.bank,
        site=wanted.site,
    )


def _commit(asked: Asked, person: Person, left: Mapping[str, Override], *notes: OverrideNote) -> None:
    held = Holdings(person=person.id, overrides=left, expected_version=person.version)
    commit_edit(asked.org, Change(op=asked.op, at=asked.at, holdings=(held,), overrides=notes))
