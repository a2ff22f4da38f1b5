"""How things stand at a site, or with what somebody owns, read for a digest (toolcrib/domain/digests.py).

Found on lists, and what is named is read again from its record, so that nothing is told of what has just come back. A
site's digest reads its org's open loans, open cases and things once (a Query for each megabyte of the lists, at most 20
of each), its banks with a Query each, and what it names in three reads of up to 100 items, and one small item
about its last inventory; an owner's no banks.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.digests import DAILY, IN_TROUBLE, Summary, Thing, counted, end_of_day, is_over
from toolcrib.domain.doors import Content, Door
from toolcrib.domain.healing.inventory import RECENT, Inventory
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.states import State
from toolcrib.domain.upkeep import CHARGES, charged
from toolcrib.store import keys, listing, mapping
from toolcrib.store.banks import find_bank
from toolcrib.store.inventories import find_inventories
from toolcrib.store.loans import find_loans
from toolcrib.store.reads import find_many
from toolcrib.store.rulebook import book_with_site

MOST_LOANS: Final = 30  # by name; of the rest there is a number
MOST_CASES: Final = 20
MOST_THINGS: Final = 20
ASTRAY: Final = (State.MISSING, State.UNCONFIRMED)

Where = tuple[tuple[str, tuple[str, ...]], ...]


def summary_of(org: str, notice: Notice, now: datetime) -> Summary:
    """Return what a digest tells; one whose day is over is not read any more."""
    book = book_with_site(org, notice.site)
    site = book.sites.get(notice.site or "")
    if is_over(notice, site, now):
        return Summary(over=True)
    daily = notice.step == DAILY
    owned = tuple(kind.id for kind in book.types.values() if kind.owner == notice.recipient)
    if not daily and not owned:
        return Summary()
    own: Where = (("about.type", owned),)
    at_site: Where = (("about.site", (notice.site or "",)),)
    loans = _loans(org, at_site if daily else own, now, end_of_day(site, now))
    cases = _cases(org, at_site) if daily else _about(org, _cases(org, ()), owned)
    astray = _astray(org, at_site if daily else own, cases)
    doors = tuple(_doors(org, at_site, book, cases, now)) if daily else ()
    told = _told(org, loans, cases, astray, doors)
    return replace(told, inventory=_inventory(org, notice.site or "", now)) if daily else told


def _inventory(org: str, site: str, now: datetime) -> Inventory | None:
    """Return a site's last inventory, if it is not of long ago."""
    last, _ = find_inventories(org, site)
    return last if last is not None and now - last.began_at <= RECENT else None


def _told(org: str, loans: Summary, cases: list[Case], astray: list[Thing], doors: tuple[Thing, ...]) -> Summary:
    first = sorted(cases, key=lambda case: (case.kind not in IN_TROUBLE, case.opened_at))[:MOST_CASES]
    found = find_many(keys.case(org, case.id) for case in first) if first else {}
    now = {case.id: case for case in map(mapping.to_case, found.values())}
    over = {case.id for case in first if case.id not in now or now[case.id].state is not CaseState.OPEN}
    counts = counted(tuple(case for case in cases if case.id not in over))
    low = sum(thing.state == "low" for thing in doors)
    return replace(
        loans,
        **{**counts, "trouble": counts["trouble"] + len(doors) - low, "low": counts["low"] + low},
        missing=len(astray),
        cases=tuple(now[case.id] for case in first if case.id not in over),
        things=(*astray, *doors)[:MOST_THINGS],
    )


def _loans(org: str, where: Where, now: datetime, tonight: datetime) -> Summary:
    """Return what is out, late, and due today; of these the first by name, as their records say."""
    late: list[str] = []
    today: list[str] = []
    out = 0
    for each in listing.every(listing.listing(org, "loans", "open", where=where)):
        out += 1
        if each["listed_by"] < keys.moment(now):
            late.append(each["id"])
        elif msgspec.convert(each["due_at"], datetime) < tonight:
            today.append(each["id"])
    named = [*late, *today][:MOST_LOANS]
    read = find_loans(org, named) if named else {}
    there = [read[each] for each in named if each in read and read[each].state is LoanState.OPEN]
    back = {each for each in named if each not in {loan.id for loan in there}}
    return Summary(
        out=out - len(back),
        late=len(late) - len(back & set(late)),
        due_today=len(today) - len(back & set(today)),
        loans=tuple(sorted(there, key=_due_first)),
    )


def _due_first(loan: Loan) -> tuple[datetime, str]:
    return loan.due_at, loan.id


def _cases(org: str, where: Where) -> list[Case]:
    every = listing.every(listing.listing(org, "cases", str(CaseState.OPEN), where=where))
    return [msgspec.convert(each, Case) for each in every]


def _about(org: str, cases: list[Case], types: tuple[str, ...]) -> list[Case]:
    """Return the cases that are about things of these types."""
    where = (("about.type", types),)
    theirs = {each["id"] for each in listing.every(listing.listing(org, "assets", where=where))} if cases else set()
    return [case for case in cases if case.asset in theirs]


def _astray(org: str, where: Where, cases: list[Case]) -> list[Thing]:
    """Return what is not where it should be and has no open case that tells of it."""
    known = {case.asset for case in cases if case.kind is not CaseKind.LOW_CHARGE}
    wanted = (*where, ("state", tuple(map(str, ASTRAY))))
    every = listing.every(listing.listing(org, "assets", where=wanted))
    return [Thing(state=each["state"], name=each["name"]) for each in every if each["id"] not in known]


def _doors(org: str, where: Where, book: RuleBook, cases: list[Case], now: datetime) -> Iterator[Thing]:
    """Yield what lies in a door with too little charge, and doors out of use, of which no case tells."""
    known = {(case.bank, case.door) for case in cases if case.kind is not CaseKind.LOW_CHARGE}
    told = {(case.asset, case.bank, case.door) for case in cases if case.kind is CaseKind.LOW_CHARGE}
    for each in listing.every(listing.listing(org, "banks", where=where)):
        bank = find_bank(org, each["id"])
        for door in bank.doors if bank is not None else ():
            if door.unlendable is not None and (door.bank, door.number) not in known:
                yield Thing(state="shut", bank=door.bank, door=door.number)
            yield from _low(replace(door, contents=_untold(door, told)), book, now)


def _untold(door: Door, told: set[tuple[str | None, str | None, int | None]]) -> tuple[Content, ...]:
    return tuple(unit for unit in door.contents if (unit.asset, door.bank, door.number) not in told)


def _low(door: Door, book: RuleBook, now: datetime) -> Iterator[Thing]:
    for unit in door.contents:
        kind = book.types.get(unit.type)
        charging = kind.charging if kind is not None else None
        if charging is None:
            continue
        percent = charged(charging, unit, now, since=unit.since, charger=CHARGES in door.features)
        if percent < charging.minimum:
            yield Thing(state="low", name=unit.name, bank=door.bank, door=door.number, percent=percent)
