"""Inventories: the last of each site, and how far the one is that is under way."""

from toolcrib.domain.healing.inventory import Inventory
from toolcrib.store import keys
from toolcrib.store.items import InventoryItem
from toolcrib.store.mapping import plain, record
from toolcrib.store.reads import Key, find_many
from toolcrib.store.tables import connection


def find_inventories(org: str, site: str) -> tuple[Inventory | None, Inventory | None]:
    """Return a site's last inventory, and the one that is under way; None where there is none."""
    last, under_way = keys.inventory(org, site), keys.inventory_under_way(org, site)
    found = find_many((last, under_way))
    return _made(found.get(last)), _made(found.get(under_way))


def save_under_way(org: str, inventory: Inventory) -> None:
    """Keep how far an inventory is."""
    _save(keys.inventory_under_way(org, inventory.site), inventory)


def save_done(org: str, inventory: Inventory) -> None:
    """Keep an inventory in the place of the one before; none is under way any more.

    That is taken away last: what breaks off in between is done again.
    """
    _save(keys.inventory(org, inventory.site), inventory)
    _save(keys.inventory_under_way(org, inventory.site), inventory)


def _save(key: Key, inventory: Inventory) -> None:
    connection()
    InventoryItem(*key, about=plain(inventory)).save()


def _made(item: InventoryItem | None) -> Inventory | None:
    return None if item is None else record(item, Inventory)
