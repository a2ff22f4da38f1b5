"""Describe a bank and its doors; it stands `planned` until its controller is enrolled."""

from chalicelib.flows.admin.editing import created
from toolcrib.domain.change import BankEdit, Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid
from toolcrib.store.banks import find_bank_only, load_bank
from toolcrib.store.edited import commit_edit
from toolcrib.store.rulebook import read_stamp, rule_book


def handle(asked: Asked, bank: Bank) -> Bank:
    """Create a bank with its doors in one transaction; raises `Invalid` (no such site) or `AlreadyThere`."""
    if bank.site not in rule_book(asked.org, read_stamp(asked.org)).sites:
        wrong = f"there is no site {bank.site}"
        raise Invalid(detail=wrong, advice="Create the site first, or name another.", fields={"site": wrong})
    planned = replace(bank, door_count=len(bank.doors))
    change = Change(op=asked.op, at=asked.at, banks=(BankEdit(bank=planned),), doors=bank.doors)
    created(
        asked,
        f"a bank {bank.id}",
        exists=lambda: find_bank_only(asked.org, bank.id) is not None,
        save=lambda: commit_edit(asked.org, change),
    )
    return load_bank(asked.org, bank.id)
