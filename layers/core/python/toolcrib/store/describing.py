"""Writes what admins describe rather than what moves: descriptions, tags, banks, and their remote openings."""

from typing import Any, Final

from pynamodb.expressions.operand import Path
from pynamodb.transactions import TransactWrite

from toolcrib.domain.assets import Asset
from toolcrib.domain.change import BankEdit, Change, Opening, TagChange
from toolcrib.domain.people import Person
from toolcrib.store import authorisations, keys, mapping
from toolcrib.store.agenda import on_agenda
from toolcrib.store.items import AssetItem, BankItem, PersonItem, TagItem
from toolcrib.store.ledger import AgreedItem, OpeningItem, OverrideItem, to_agreed, to_opening, to_override

_CREDENTIALS: Final = ("certificate", "certified", "renewal", "claim")


def write(write: TransactWrite, org: str, change: Change) -> None:
    """Add these parts of a change to its transaction, each on the condition of what it was decided upon."""
    moved = {asset.id for asset in change.assets}
    for asset in change.described:
        if asset.id not in moved:  # one transaction writes an item once: what moves is described with its move
            _describe(write, org, asset)
    for tag in change.tags:
        _tag(write, org, tag)
    for edit in change.banks:
        _bank(write, org, edit)
    for opening in change.openings:
        _opening(write, org, opening)
    for agreed in change.agreed:
        write.save(to_agreed(org, agreed), condition=AgreedItem.pk.does_not_exist())
    authorisations.write(write, org, change)
    for active in change.active:
        still: Any = Path("about.active") == True  # noqa: E712 - a condition of DynamoDB, not of Python
        write.condition_check(PersonItem, *keys.person(org, active), condition=still)
    for person in change.told:
        _told(write, org, person)
    for note in change.overrides:
        write.save(to_override(org, note), condition=OverrideItem.pk.does_not_exist())


def actions(asset: Asset) -> list[Any]:
    """Return what writes an asset's description over the one before."""
    return [AssetItem.about.set(mapping.asset_about(asset)), AssetItem.revision.set(asset.revision)]


def _describe(write: TransactWrite, org: str, asset: Asset) -> None:
    write.update(
        AssetItem(*keys.asset(org, asset.id)),
        actions=actions(asset),
        condition=(AssetItem.revision == asset.revision - 1) & (AssetItem.version == asset.version),
    )


def _tag(write: TransactWrite, org: str, tag: TagChange) -> None:
    item = TagItem(*keys.tag(org, tag.tag), asset=tag.asset)
    if tag.worn:
        write.save(item, condition=TagItem.pk.does_not_exist())
    else:
        write.delete(item, condition=TagItem.asset == tag.asset)


def _bank(write: TransactWrite, org: str, edit: BankEdit) -> None:
    """Put a new bank, or change only what admins change: the controller's own reports write the rest."""
    item = mapping.bank_item(org, edit.bank)
    if edit.bank.revision == 1:
        write.save(item, condition=BankItem.pk.does_not_exist())
        return
    about, state, generation, revision = BankItem.about, BankItem.state, BankItem.generation, BankItem.revision
    actions: list[Any] = [
        about.set(item.about),
        state.set(item.state),
        generation.set(item.generation),
        revision.set(item.revision),
        *(_kept_or_not(getattr(BankItem, name), getattr(item, name)) for name in _CREDENTIALS),
    ]
    if edit.anew:
        actions += [BankItem.boot.remove(), BankItem.checkpoint.remove(), BankItem.seqs.remove()]
    write.update(BankItem(*keys.bank(org, edit.bank.id)), actions=actions, condition=revision == item.revision - 1)


def _kept_or_not(attribute: Any, value: Any) -> Any:
    return attribute.remove() if value is None else attribute.set(value)


def _told(write: TransactWrite, org: str, person: Person) -> None:
    item, version = mapping.person_item(org, person), PersonItem.version
    write.update(
        PersonItem(item.pk, item.sk),
        actions=[PersonItem.told.set(item.told or {}), version.set(person.version), *on_agenda(item)],
        condition=version == person.version - 1,
    )


def _opening(write: TransactWrite, org: str, opening: Opening) -> None:
    write.save(to_opening(org, opening), condition=OpeningItem.pk.does_not_exist())
