"""What a bank lent or took back while it could not ask: held against the record, its roster and the rules of today.

Badges lead to their people here even when they were revoked since: who it was is one question, whether they were
allowed to is another, which a case asks.
"""

from datetime import datetime
from typing import Any

import msgspec

from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.ids import loan_of
from toolcrib.domain.offline.use import Use, UseKind
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.record import replace
from toolcrib.domain.reports.alone.settle import settle
from toolcrib.domain.reports.scene import REPEATED, Report, Settlement
from toolcrib.flows.deciding import commit_report
from toolcrib.store.people import find_badge, find_person
from toolcrib.store.rosters import find_body, find_issued, told_alone
from toolcrib.store.rulebook import book_with_site
from toolcrib.store.scenes import load_scene
from toolcrib.store.whereabouts import located
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.rosters import Roster
from toolcrib.wire.uploads import Door as DoorUpload
from toolcrib.wire.uploads import Offline


def apply(arrived: Arrival[DoorUpload], told: Offline, report: Report, door: Door, bank: Bank) -> Settlement:
    """Apply a report once, however often and late it comes; raises `LostRace` where the record moved on meanwhile."""
    org = arrived.org
    if told_alone(org, bank.id, report.op):
        return REPEATED
    use = _use(org, told, report, bank)
    book = book_with_site(org, bank.site)
    if use.kind is UseKind.TAKE:
        book = located(org, replace(bank, doors=(door,)), book)
    scene = load_scene(org, replace(report, about=use.asset), door, None, bank.site, book)
    settlement = settle(scene, use)
    if settlement.change is not None and not commit_report(org, settlement.change):
        return REPEATED
    return settlement


def _use(org: str, told: Offline, report: Report, bank: Bank) -> Use:
    badge, person = _whose(org, told.badge, report.at)
    use = Use(
        kind=UseKind(told.kind),
        roster=told.roster,
        bank=bank,
        asset=told.asset,
        badge=badge,
        person=person,
        accounts=frozenset((*person.borrows_for, *person.returns_for) if person is not None else ()),
    )
    if use.kind is UseKind.TAKE:
        return replace(use, **_entitlement(org, told, report.at, bank.id))
    if use.asset is None and report.tags is None:
        only = _only_thing(person)
        return replace(use, asset=only, guessed=only is not None)
    return use


def _whose(org: str, token: str, at: datetime) -> tuple[Badge | None, Person | None]:
    """Return a badge and its person; nobody's where it was registered after it was shown: then it was another's."""
    badge = find_badge(org, token)
    if badge is None or (badge.created_at is not None and badge.created_at > at):
        return None, None
    return badge, find_person(org, badge.person)


def _only_thing(person: Person | None) -> str | None:
    """Return what somebody must have meant who has one thing only."""
    out = [held.asset for loan, held in (person.holdings if person else {}).items() if loan_of(loan) is not None]
    return out[0] if len(out) == 1 else None


def _entitlement(org: str, told: Offline, at: datetime, bank: str) -> dict[str, Any]:
    """Return what the bank's roster let whoever has this badge take at that moment: fields of `Use`."""
    issued = find_issued(org, bank, told.roster)
    if issued is None:
        return {"against": "roster_unknown"}
    if not issued.made_at <= at < issued.ends_at:
        return {"against": "roster_over"}
    roster = _roster(org, bank, told.roster)
    if roster is None:
        return {"against": "roster_gone"}
    return {"entitled": _types(roster, told.badge, round(at.timestamp() * 1000))}


def _types(roster: Roster, token: str, at_ms: int) -> frozenset[str]:
    place = roster.badges.get(token)
    if place is None:
        return frozenset()
    rights = roster.rights[roster.people[place].rights]
    return frozenset(right.type for right in rights if any(begins <= at_ms < ends for begins, ends in right.windows))


def _roster(org: str, bank: str, version: str) -> Roster | None:
    """Return a roster as its bank had it; None where its body is not kept any more."""
    body = find_body(org, bank, version)
    return None if body is None else msgspec.json.decode(body, type=Roster)
