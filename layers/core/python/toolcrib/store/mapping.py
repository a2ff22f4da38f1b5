"""Between the domain's records and the table's items. Items are lean: defaults that say nothing are left out."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from toolcrib.domain.assets import Asset
from toolcrib.domain.authorisations import OPEN, Authorisation
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import REPORT_DEADLINE, Bank, Door
from toolcrib.domain.endings import next_look
from toolcrib.domain.imports import PATIENCE, Import, ImportState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.pins import Pin
from toolcrib.domain.record import replace
from toolcrib.store import items, keys
from toolcrib.store.shifts import packed, unpacked
from toolcrib.store.tables import StateItem

Record = TypeVar("Record")
Item = TypeVar("Item", bound=StateItem)

_CUSTODY = ("loan", "unsettled_by", "case", "lent", "lent_at", "head")
_ANSWERED = ("take_answers", "return_answers", "return_proofs")  # free text: not on the listing
_CURSOR = ("paused_until", "next_step", "noted_until", "holder_noted_until", "quiet", "holder_quiet")
_PROFILE = (
    "holdings",
    "last_take",
    "last_return",
    "shifts",
    "acceptances",
    "blocks",
    "late_returns",
    "overrides",
    "told",
    "pin",
    "asked",
    "spent",
    "version",
)
_BANK = ("id", "site", "name", "evidence", "mode", "door_count")
_NOT_FIELDS = frozenset(
    {"pk", "sk", "kind", "listing_pk", "listing_sk", "agenda_pk", "agenda_at", "expires_at", "stumbles"}
)


def plain(record: Any) -> dict[str, Any]:
    """Return a record as a lean dict of plain values."""
    return lean(msgspec.to_builtins(record))  # type: ignore[no-any-return]


def lean(value: Any) -> Any:
    """Leave Nones and empty collections out of maps: every byte of an item is paid for."""
    if isinstance(value, dict):
        return {key: lean(inner) for key, inner in value.items() if inner not in (None, [], {}, ())}
    return [lean(inner) for inner in value] if isinstance(value, list | tuple) else value


def record(item: StateItem, kind: type[Record], **more: Any) -> Record:
    """Return the record an item describes; what the item leaves out has its default."""
    return described(item.attribute_values, kind, **more)


def described(attributes: Mapping[str, Any], kind: type[Record], **more: Any) -> Record:
    """Return the record that an item's plain attributes describe."""
    values = {key: value for key, value in attributes.items() if key not in _NOT_FIELDS}
    for nested in ("about", "custody", "cursor"):
        values |= values.pop(nested, {})
    return msgspec.convert({**values, **more}, kind)


def listed(item: Item, under: str, by: str) -> Item:
    """Put an item on the listing index."""
    item.listing_pk, item.listing_sk = under, by
    return item


def due(item: Item, at: str) -> Item:
    """Put an item on the agenda."""
    item.agenda_pk, item.agenda_at = keys.agenda_shard(item.pk), at
    return item


def asset_item(org: str, asset: Asset) -> items.AssetItem:
    """Return a new asset's item."""
    whole = plain(asset)
    item = items.AssetItem(
        *keys.asset(org, asset.id),
        about=asset_about(asset),
        custody=asset_custody(asset),
        **_some(whole, "state", "custodian", "version", "revision"),
    )
    return listed(item, keys.listing(org, "assets"), asset.id)


def asset_about(asset: Asset) -> dict[str, Any]:
    """Return the half of an asset that admins edit."""
    return _less(plain(asset), *_CUSTODY, "state", "custodian", "version", "revision")


def asset_custody(asset: Asset) -> dict[str, Any]:
    """Return what custody moves write, apart from state and custodian."""
    return _some(plain(asset), *_CUSTODY)


def to_asset(item: StateItem) -> Asset:
    """Return the asset an item describes."""
    return record(item, Asset)


def door_item(org: str, door: Door) -> items.DoorItem:
    """Return a door's item; a live grant stands on the agenda until its report is overdue."""
    item = items.DoorItem(*keys.door(org, door.bank, door.number), **_less(plain(door), "bank"))
    if door.grant is not None and door.grant.live:
        due(item, keys.moment(door.grant.authorised_at + REPORT_DEADLINE))
    return item


def to_door(item: StateItem) -> Door:
    """Return the door an item describes."""
    return record(item, Door, bank=item.pk.rsplit("#", 1)[1])


def bank_item(org: str, bank: Bank) -> items.BankItem:
    """Return a bank's item, without its doors."""
    whole = _less(plain(bank), "doors")
    item = items.BankItem(*keys.bank(org, bank.id), about=_some(whole, *_BANK), **_less(whole, *_BANK))
    return listed(item, keys.listing(org, "banks"), bank.id)


def to_bank(item: StateItem, doors: Iterable[Door] = ()) -> Bank:
    """Return the bank an item describes, its doors in order."""
    return bank_of(record(item, Bank), doors)


def bank_of(bank: Bank, doors: Iterable[Door]) -> Bank:
    """Return a bank with its doors, in order."""
    return replace(bank, doors=tuple(sorted(doors, key=lambda door: door.number)))


def loan_item(org: str, loan: Loan) -> items.LoanItem:
    """Return a loan's item: open loans are listed by the moment they turn overdue, closed ones by their return."""
    whole = plain(loan)
    item = items.LoanItem(
        *keys.loan(org, loan.id),
        about=_less(whole, *_CURSOR, *_ANSWERED, "state", "terms", "grants", "version"),
        cursor=_some(whole, *_CURSOR),
        grants=whole.get("grants", {}),
        **_some(whole, "state", "terms", "version", *_ANSWERED),
    )
    if loan.state is LoanState.OPEN:
        listed(item, keys.listing(org, "loans", "open"), f"{keys.moment(loan.late_after)}#{loan.id}")
        if loan.next_step is not None:
            due(item, keys.moment(loan.next_step))
    elif loan.state is LoanState.CLOSED:
        listed(item, keys.listing(org, "loans", "closed"), f"{keys.moment(loan.returned_at or loan.due_at)}#{loan.id}")
    return item


def to_loan(item: StateItem) -> Loan:
    """Return the loan an item describes."""
    return record(item, Loan)


def person_item(org: str, person: Person) -> items.PersonItem:
    """Return a person's item; it stands on the agenda while something of theirs ends that was not told of."""
    whole = plain(person)
    summary = {"holdings": {}, **_some(whole, *_PROFILE)}
    if person.shifts:
        summary["shifts"] = packed(person.shifts)
    item = items.PersonItem(*keys.person(org, person.id), about=_less(whole, *_PROFILE), **summary)
    look = next_look(person)
    if look is not None:
        due(item, keys.moment(look))
    return listed(item, keys.listing(org, "people"), person.id)


def to_person(item: StateItem) -> Person:
    """Return the person an item describes."""
    return record(item, Person, shifts=unpacked(item.attribute_values.get("shifts") or {}))


def pin_item(org: str, pin: Pin) -> items.PinItem:
    """Return the item of what is kept of a PIN."""
    return items.PinItem(*keys.pin(org, pin.person), **_less(plain(pin), "person"))


def to_pin(item: StateItem) -> Pin:
    """Return the PIN an item describes."""
    return record(item, Pin, person=item.pk.rsplit("#", 1)[1])


def badge_item(org: str, badge: Badge) -> items.BadgeItem:
    """Return a badge's item, listed under its person among all badges of the org."""
    item = items.BadgeItem(*keys.badge(org, badge.id), about=plain(badge))
    return listed(item, keys.listing(org, "badges"), f"{badge.person}#{badge.id}")


def to_badge(item: StateItem) -> Badge:
    """Return the badge an item describes."""
    return record(item, Badge)


def import_item(org: str, of: Import) -> items.ImportItem:
    """Return an import's item; one that is running stands on the agenda, in case nobody is at work on it any more."""
    whole = plain(of)
    item = items.ImportItem(
        *keys.imported(org, of.id), about=_less(whole, "state", "version"), **_some(whole, "state", "version")
    )
    if of.state is ImportState.RUNNING:
        due(item, keys.moment(of.at + PATIENCE))
    return listed(item, keys.listing(org, "imports"), f"{keys.moment(of.at)}#{of.id}")


def to_import(item: StateItem) -> Import:
    """Return the import an item describes."""
    return record(item, Import)


def case_item(org: str, case: Case) -> items.CaseItem:
    """Return a case's item, listed by its opening under its state."""
    whole = plain(case)
    item = items.CaseItem(
        *keys.case(org, case.id),
        about=_less(whole, "state", "version", "answers"),
        **_some(whole, "state", "version", "answers"),
    )
    return listed(item, keys.listing(org, "cases", case.state), f"{keys.moment(case.opened_at)}#{case.id}")


def to_case(item: StateItem) -> Case:
    """Return the case an item describes."""
    return record(item, Case)


def authorisation_item(org: str, request: Authorisation) -> items.AuthorisationItem:
    """Return a request's item, listed by when it was asked; what is open stands on the agenda until it is over."""
    whole = plain(request)
    item = items.AuthorisationItem(
        *keys.authorisation(org, request.id),
        about=_less(whole, "state", "version"),
        **_some(whole, "state", "version"),
    )
    if request.state in OPEN:
        due(item, keys.moment(request.until))
    return listed(item, keys.listing(org, "authorisations"), f"{keys.moment(request.asked_at)}#{request.id}")


def to_authorisation(item: StateItem) -> Authorisation:
    """Return the request an item describes."""
    return record(item, Authorisation)


def notice_item(org: str, notice: Notice) -> items.NoticeItem:
    """Return a notice's item; those undelivered, or outdated in Slack, stand on the agenda."""
    whole = plain(notice)
    item = items.NoticeItem(
        *keys.notice(org, notice.id), about=_less(whole, "state", "version"), **_some(whole, "state", "version")
    )
    if notice.state in UNDELIVERED or notice.outdated_at is not None:
        due(item, keys.moment(notice.wake_at or notice.due_at))
    return listed(item, keys.listing(org, "notices"), f"{keys.moment(notice.due_at)}#{notice.id}")


def to_notice(item: StateItem) -> Notice:
    """Return the notice an item describes."""
    return record(item, Notice)


def readable(found: Iterable[StateItem]) -> Iterator[Notice]:
    """Yield the notices of those items that describe one; whoever looks at another by itself sets it aside."""
    for item in found:
        with suppress(msgspec.ValidationError):
            yield to_notice(item)


def _some(whole: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: whole[name] for name in names if name in whole}


def _less(whole: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name not in names}
