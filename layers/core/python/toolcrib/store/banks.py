"""Banks and doors. One Query is a whole bank."""

from datetime import datetime

from toolcrib.domain.doors import Bank, Door, GrantState
from toolcrib.domain.refusals import NotFound
from toolcrib.store import keys
from toolcrib.store.items import BankItem, DoorItem
from toolcrib.store.mapping import to_bank, to_door
from toolcrib.store.reads import find, load
from toolcrib.store.tables import StateItem, connection


def find_bank(org: str, bank_id: str) -> Bank | None:
    """Return a bank with all its doors, or None."""
    connection()
    found = list(StateItem.query(keys.bank(org, bank_id)[0], consistent_read=True))
    config = next((item for item in found if isinstance(item, BankItem)), None)
    doors = (to_door(item) for item in found if isinstance(item, DoorItem))
    return None if config is None else to_bank(config, doors)


def load_bank(org: str, bank_id: str) -> Bank:
    """Return a bank with all its doors; raises `NotFound`."""
    bank = find_bank(org, bank_id)
    if bank is None:
        raise NotFound(detail="no such bank")
    return bank


def load_bank_only(org: str, bank_id: str) -> Bank:
    """Return a bank without its doors; raises `NotFound`."""
    return to_bank(load(BankItem, keys.bank(org, bank_id), "bank"))


def find_door(org: str, bank_id: str, number: int) -> Door | None:
    """Return one door, or None."""
    item = find(DoorItem, keys.door(org, bank_id, number))
    return None if item is None else to_door(item)
