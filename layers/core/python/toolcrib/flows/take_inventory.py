"""An inventory of a site: bank by bank, then whatever is in doubt; it goes on where it broke off.

Reads, for a site of 100 banks and 10,000 things: two Queries a bank and one batch for its strange tags; then the list
of things (a Query a megabyte), two batches for each 50 of them in doubt, and a Query for what each bank of the org saw.
Kept in memory: one bank, the tags seen in all banks, 200 lines.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from toolcrib.domain.assets import Asset
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.healing.inventory import (
    Inventory,
    Line,
    as_missing,
    compared,
    is_missing,
    strangers,
    with_bank,
    with_missing,
)
from toolcrib.domain.healing.views import View, view_of
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.states import State
from toolcrib.store import keys, listing
from toolcrib.store.assets import find_assets, find_by_tags
from toolcrib.store.banks import find_bank, find_bank_only, list_bank_ids
from toolcrib.store.commit import commit
from toolcrib.store.inventories import find_inventories, save_done, save_under_way
from toolcrib.store.mapping import to_case
from toolcrib.store.reads import find_many
from toolcrib.store.scan import chunks
from toolcrib.store.views import find_parts

ENOUGH_S: Final = 5.0  # what is left when it stops: one more bank, and writing down how far it is
AT_ONCE: Final = 50  # things in doubt, each with its case, in one read

TimeLeft = Callable[[], float]


def take(org: str, site: str, *, now: datetime, time_left_s: TimeLeft, anew: bool = False) -> Inventory:
    """Return an inventory of a site: the one that is under way, gone on with, or a new one.

    It has an `ended_at` once it is done; else there was no time left, and the next call goes on. `anew` begins another
    even if one is under way.
    """
    _, found = find_inventories(org, site)
    going_on = found is not None and found.ended_at is None and not anew
    so_far = found if found is not None and going_on else Inventory(site=site, began_at=now)
    if not so_far.doubted:
        save_under_way(org, so_far := _banks(org, so_far, now, time_left_s))
    if not so_far.doubted:
        return so_far
    so_far = _doubted(org, so_far, now, time_left_s)
    (save_done if so_far.ended_at is not None else save_under_way)(org, so_far)
    return so_far


def of_bank(org: str, bank: Bank, now: datetime) -> tuple[View, list[Line]]:
    """Return what a bank's readers saw last, and that held against the record."""
    view = view_of(bank.id, find_parts(org, bank.id))
    strange = sorted(strangers(bank, view))
    known: dict[str, Asset | None] = {}
    for some in chunks(strange, AT_ONCE):
        known |= find_by_tags(org, some)
    return view, list(compared(bank, view, known, now))


def _banks(org: str, so_far: Inventory, now: datetime, time_left_s: TimeLeft) -> Inventory:
    """Count the site's banks, by id from where it stopped; `doubted` once none is left."""
    at_site = listing.listing(org, "banks", where=(("about.site", (so_far.site,)),))
    for bank_id in sorted(str(each["id"]) for each in listing.every(at_site)):
        if so_far.after is not None and bank_id <= so_far.after:
            continue
        if time_left_s() < ENOUGH_S:
            return so_far
        bank = find_bank(org, bank_id)
        if bank is not None:
            view, lines = of_bank(org, bank, now)
            so_far = with_bank(so_far, bank, view, lines, now)
    return replace(so_far, doubted=True, after=None)


def _doubted(org: str, so_far: Inventory, now: datetime, time_left_s: TimeLeft) -> Inventory:
    """Look whether any reader of any bank sees what is in doubt; that proves something only if every one was heard."""
    seen = _seen(org, now)
    for some in chunks(_in_doubt(org, so_far.site, so_far.after), AT_ONCE):
        if seen is None:
            break
        if time_left_s() < ENOUGH_S:
            return so_far
        so_far = with_missing(so_far, _missing(org, some, seen, now), some[-1])
    return replace(so_far, ended_at=now, after=None)


def _seen(org: str, now: datetime) -> set[str] | None:
    """Return all tags that any reader sees; None where one with readers was not heard lately."""
    seen: set[str] = set()
    for bank_id in list_bank_ids(org):
        view = view_of(bank_id, find_parts(org, bank_id))
        if view.fresh(now):
            seen |= view.places.keys()
            continue
        bank = find_bank_only(org, bank_id)
        if bank is not None and bank.evidence is Evidence.TAGS:
            return None
    return seen


def _in_doubt(org: str, site: str, after: str | None) -> Iterator[str]:
    """Yield the ids of a site's unconfirmed things, in order."""
    where = (("about.site", (site,)), ("state", (str(State.UNCONFIRMED),)))
    listed: Iterator[dict[str, Any]] = listing.every(listing.listing(org, "assets", above=after, where=where))
    yield from (str(each["id"]) for each in listed)


def _missing(org: str, ids: list[str], seen: set[str], now: datetime) -> list[Asset]:
    """Return which of these things no reader sees; the case of each says so from now on."""
    assets = find_assets(org, ids)
    unseen = [each for each in assets.values() if each.tag is not None and each.tag not in seen and each.case]
    found = find_many({keys.case(org, each.case or "") for each in unseen}) if unseen else {}
    cases = {case.id: case for case in map(to_case, found.values())}
    missing = sorted(
        (each for each in unseen if is_missing(each, cases.get(each.case or ""))), key=lambda each: each.id
    )
    for each in missing:
        case = as_missing(cases[each.case or ""])
        if case is not None:
            _say(org, Change(op=f"{case.id}.{case.version}", at=now, cases=(case,)))
    return missing


def _say(org: str, change: Change) -> None:
    try:
        commit(org, change)
    except LostRace:
        return  # somebody has just said something about it
