"""Banks and doors. One Query is a whole bank."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition

from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.outages import Outage
from toolcrib.domain.refusals import NotFound
from toolcrib.store import keys
from toolcrib.store.attributes import plain_attributes
from toolcrib.store.errors import code_of
from toolcrib.store.items import BankItem, DoorItem
from toolcrib.store.mapping import bank_of, described, plain, to_bank, to_door
from toolcrib.store.reads import find, find_many, load
from toolcrib.store.tables import StateItem, connection


def find_bank(org: str, bank_id: str) -> Bank | None:
    """Return a bank with all its doors, or None.

    Read without model instances: a tap waits for this, and there may be 64 doors.
    """
    connection()
    pages = StateItem.query(keys.bank(org, bank_id)[0], consistent_read=True).page_iter
    found = [plain_attributes(raw) for page in pages for raw in page["Items"]]
    config = next((item for item in found if item["kind"] == "bank"), None)
    doors = (described(item, Door, bank=bank_id) for item in found if item["kind"] == "door")
    return None if config is None else bank_of(described(config, Bank), doors)


def load_bank(org: str, bank_id: str) -> Bank:
    """Return a bank with all its doors; raises `NotFound`."""
    bank = find_bank(org, bank_id)
    if bank is None:
        raise NotFound(detail="no such bank")
    return bank


def load_bank_only(org: str, bank_id: str) -> Bank:
    """Return a bank without its doors; raises `NotFound`."""
    return to_bank(load(BankItem, keys.bank(org, bank_id), "bank"))


def find_bank_only(org: str, bank_id: str) -> Bank | None:
    """Return a bank without its doors, or None."""
    item = find(BankItem, keys.bank(org, bank_id))
    return None if item is None else to_bank(item)


def find_banks(org: str, bank_ids: Iterable[str]) -> dict[str, Bank]:
    """Return the banks there are among up to 100 ids, without their doors."""
    wanted = {keys.bank(org, bank_id) for bank_id in bank_ids}
    found = find_many(wanted) if wanted else {}
    return {bank.id: bank for bank in map(to_bank, found.values())}


def find_door(org: str, bank_id: str, number: int) -> Door | None:
    """Return one door, or None."""
    item = find(DoorItem, keys.door(org, bank_id, number))
    return None if item is None else to_door(item)


def list_bank_ids(org: str) -> list[str]:
    """Return the ids of all banks of an org, by the listing index: for looking after them, not for decisions."""
    connection()
    found = StateItem.listing.query(keys.listing(org, "banks"))
    return [item.about["id"] for item in found if isinstance(item, BankItem)]


def note_unknown_taps(org: str, bank_id: str, taps: Sequence[datetime]) -> None:
    """Keep the moments of the last taps that no badge was known for."""
    connection()
    moments = [keys.moment(tap) for tap in taps]
    BankItem(*keys.bank(org, bank_id)).update(
        actions=[BankItem.unknown_taps.set(moments)], condition=BankItem.pk.exists()
    )


def note_outages(org: str, bank: Bank, outages: Sequence[Outage]) -> None:
    """Keep when a bank could take nothing back, unless somebody else wrote of it meanwhile: they saw the same."""
    _update(org, bank, [BankItem.outages.set([plain(each) for each in outages])], _same_outages(bank))


def note_watched(
    org: str, bank: Bank, *, silent: bool, checkpoint: tuple[int, int] | None, outages: Sequence[Outage]
) -> None:
    """Keep what a look at a bank came to, unless the bank was heard meanwhile: then the next look decides."""
    actions: list[Any] = [BankItem.silent.set(silent)]
    if tuple(outages) != bank.outages:
        actions.append(BankItem.outages.set([plain(each) for each in outages]))
    if checkpoint is not None:
        newer = [list(seq) for seq in bank.seqs if seq > checkpoint]
        actions += [BankItem.checkpoint.set(list(checkpoint)), BankItem.seqs.set(newer)]
    heard = keys.moment(bank.last_seen_at) if bank.last_seen_at else None
    unheard = BankItem.last_seen_at.does_not_exist() if heard is None else BankItem.last_seen_at == heard
    _update(org, bank, actions, unheard & _same_outages(bank))


def _same_outages(bank: Bank) -> Condition:
    if not bank.outages:
        return BankItem.outages.does_not_exist()
    return BankItem.outages == [plain(each) for each in bank.outages]


def _update(org: str, bank: Bank, actions: list[Any], condition: Condition) -> None:
    connection()
    try:
        BankItem(*keys.bank(org, bank.id)).update(actions=actions, condition=condition)
    except UpdateError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
