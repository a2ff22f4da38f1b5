"""Where else a thing may be returned when no door here fits it (rules.md, law 1)."""

from toolcrib.domain.answers import Sorry
from toolcrib.domain.authorise import Ask
from toolcrib.domain.doors import BankState
from toolcrib.domain.offers.returns import fitting_door
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store.banks import find_bank, list_bank_ids

MOST_BANKS = 20  # looked at before we only say that a supervisor helps


def nearest_room(ask: Ask, reply: Sorry, book: RuleBook) -> str | None:
    """Return the name of a bank with a free door, of the same site if there is one; None where nobody has room."""
    if reply.no_room is None:
        return None
    kind = book.types.get(reply.no_room.type)
    others = (find_bank(ask.org, bank) for bank in list_bank_ids(ask.org)[:MOST_BANKS] if bank != ask.bank.id)
    open_now = [bank for bank in others if bank is not None and bank.state is BankState.ACTIVE]
    open_now.sort(key=lambda bank: (bank.site != ask.bank.site, bank.id))
    fits = next((bank for bank in open_now if fitting_door(bank, kind.size if kind else "S")), None)
    return None if fits is None else fits.name or fits.id
