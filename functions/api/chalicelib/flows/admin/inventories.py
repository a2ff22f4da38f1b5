"""Inventories for people: of one bank as it is now, of a site now, and the last one of a site."""

from time import monotonic

from chalicelib.flows.admin import rules
from toolcrib.domain.healing.inventory import Inventory, Line
from toolcrib.domain.healing.views import View
from toolcrib.domain.policies import Site
from toolcrib.domain.principals import Asked
from toolcrib.flows import take_inventory
from toolcrib.store.banks import load_bank
from toolcrib.store.inventories import find_inventories

AT_MOST_S = 15.0  # of the 25 that a function behind the API has; what is left over goes on with the clock


def of_bank(asked: Asked, bank_id: str) -> tuple[View, list[Line]]:
    """Return what a bank's readers saw last, held against the record; raises `NotFound`."""
    bank = load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    return take_inventory.of_bank(asked.org, bank, asked.at)


def last(asked: Asked, site_id: str) -> Inventory | None:
    """Return a site's last inventory, None where there was none yet; raises `NotFound` (no such site)."""
    _must_see(asked, site_id)
    found, _ = find_inventories(asked.org, site_id)
    return found


def take(asked: Asked, site_id: str) -> Inventory:
    """Return an inventory of a site as of now, or how far it is: then the clock goes on with it; raises `NotFound`."""
    _must_see(asked, site_id)
    begun = monotonic()
    return take_inventory.take(
        asked.org,
        site_id,
        now=asked.at,
        time_left_s=lambda: AT_MOST_S + take_inventory.ENOUGH_S - (monotonic() - begun),
        anew=True,
    )


def _must_see(asked: Asked, site_id: str) -> None:
    site = rules.show(asked, Site, site_id)
    asked.must_see("site", site=site.id)
