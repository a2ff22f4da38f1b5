"""Banks and their doors: seeing them, and changing a bank's description."""

from collections.abc import Callable

from chalicelib.flows.admin.editing import changed
from toolcrib.domain.change import BankEdit, Change
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import NotFound
from toolcrib.store import banks, listing
from toolcrib.store.edited import commit_edit
from toolcrib.store.listing import Page, Position


def show(asked: Asked, bank_id: str) -> Bank:
    """Return a bank without its doors; raises `NotFound`, also where the principal may not see it."""
    bank = banks.load_bank_only(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    return bank


def page(asked: Asked, limit: int, start: Position | None) -> Page:
    """Return a page of the banks the principal may see, by id.

    The index does not carry what a bank writes every few minutes, so the banks themselves are read, all at once.
    """
    seen = asked.only(site="about.site")
    found = listing.page([listing.listing(asked.org, "banks", where=seen)], limit=limit, start=start)
    whole = banks.find_banks(asked.org, (item["id"] for item in found.items))
    return replace(found, items=tuple({"bank": whole[item["id"]]} for item in found.items if item["id"] in whole))


def doors(asked: Asked, bank_id: str) -> tuple[Door, ...]:
    """Return a bank's doors, at most 64, by number."""
    bank = banks.load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    return bank.doors


def door(asked: Asked, bank_id: str, number: int) -> Door:
    """Return one door; raises `NotFound`."""
    show(asked, bank_id)
    found = banks.find_door(asked.org, bank_id, number)
    if found is None:
        raise NotFound(detail=f"{bank_id} has no door {number}")
    return found


def change(asked: Asked, bank_id: str, edit: Callable[[Bank], Bank]) -> Bank:
    """Return the bank after `edit`, which is asked again when somebody else was faster."""

    def once() -> None:
        before = show(asked, bank_id)
        after = replace(edit(before), id=before.id, revision=before.revision + 1)
        commit_edit(asked.org, Change(op=asked.op, at=asked.at, banks=(BankEdit(bank=after),)))

    return changed(asked, once, lambda: show(asked, bank_id))
