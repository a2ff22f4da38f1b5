"""Terms: the rule that people edit, and the texts of every version, which are written once and never changed."""

from datetime import datetime

from pynamodb.transactions import TransactWrite

from toolcrib.domain.agreements import Agreement, Texts
from toolcrib.store import keys
from toolcrib.store.edits import edit
from toolcrib.store.items import RuleItem, TextsItem
from toolcrib.store.listing import Source
from toolcrib.store.mapping import record
from toolcrib.store.reads import load
from toolcrib.store.rulebook import raise_stamp, rule_item


def save_agreement(org: str, op: str, at: datetime, agreement: Agreement, texts: Texts | None) -> None:
    """Write terms over the revision before (1: none) together with the texts of a new version, if it is one.

    Raises `LostRace` with nothing written.
    """
    item, revision = rule_item(org, "agreement", agreement), RuleItem.revision
    before = RuleItem.pk.does_not_exist() if agreement.revision == 1 else revision == agreement.revision - 1

    def fill(write: TransactWrite) -> None:
        write.save(item, condition=before)
        raise_stamp(write, org)
        if texts is not None:
            write.save(texts_item(org, texts), condition=TextsItem.pk.does_not_exist())

    edit(org, op, at, fill)


def load_texts(org: str, agreement: str, version: int) -> Texts:
    """Return the texts of a version; raises `NotFound`."""
    item = load(TextsItem, keys.texts(org, agreement, version), "version of these terms")
    return record(item, Texts)


def versions(org: str, agreement: str) -> Source:
    """Return where all versions of some terms are listed, latest first."""
    partition, first = keys.texts(org, agreement, 0)
    return Source(partition=partition, prefix=first.split("#", 1)[0], indexed=False, newest_first=True)


def texts_item(org: str, texts: Texts) -> TextsItem:
    """Return the item of a version's texts."""
    key = keys.texts(org, texts.agreement, texts.version)
    return TextsItem(
        *key, agreement=texts.agreement, version=texts.version, at=keys.moment(texts.at), texts=dict(texts.texts)
    )
