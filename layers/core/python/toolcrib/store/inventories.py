"""Inventories: the last of each site, and how far the one is that is under way."""

from pynamodb.transactions import TransactWrite

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
    connection()
    _item(keys.inventory_under_way(org, inventory.site), inventory).save()


def save_done(org: str, inventory: Inventory) -> None:
    """Keep an inventory in the place of the one before, and that none is under way any more: both, or neither."""
    with TransactWrite(connection=connection()) as write:
        write.save(_item(keys.inventory(org, inventory.site), inventory))
        write.save(_item(keys.inventory_under_way(org, inventory.site), inventory))


def _item(key: Key, inventory: Inventory) -> InventoryItem:
    return InventoryItem(*key, about=plain(inventory))


def _made(item: InventoryItem | None) -> Inventory | None:
    return None if item is None else record(item, Inventory)
