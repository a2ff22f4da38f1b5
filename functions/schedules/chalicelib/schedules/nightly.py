"""Every quarter of an hour: sites whose night has come have their inventory taken; what broke off goes on.

Reads the rule book's stamp and two small items a site where nothing is due; what an inventory reads is told where it is
taken (toolcrib/flows/take_inventory.py).
"""

from datetime import datetime

from toolcrib.domain.healing.inventory import Inventory, due
from toolcrib.flows.take_inventory import ENOUGH_S, TimeLeft, take
from toolcrib.store.inventories import find_inventories
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.telemetry import count, record


def handle(org: str, *, now: datetime, time_left_s: TimeLeft) -> dict[str, int]:
    """Take the inventories that are due; returns how many were done, how many go on, and how much did not agree."""
    tally = {"done": 0, "under_way": 0, "differs": 0}
    for site in sorted(rule_book(org, read_stamp(org)).sites.values(), key=lambda site: site.id):
        if time_left_s() < ENOUGH_S:
            break  # the next run begins with those that have none yet
        last, under_way = find_inventories(org, site.id)
        goes_on = under_way is not None and under_way.ended_at is None
        if goes_on or due(site, last, now) is not None:
            _note(tally, org, take(org, site.id, now=now, time_left_s=time_left_s))
    count("InventoryDiffers", tally["differs"])
    return tally


def _note(tally: dict[str, int], org: str, inventory: Inventory) -> None:
    tally["done" if inventory.ended_at is not None else "under_way"] += 1
    tally["differs"] += inventory.differs if inventory.ended_at is not None else 0
    record("inventory", org=org, outcome=f"{inventory.banks} banks, {inventory.differs} differ")
