"""A bank that could take nothing back: noted on it, since it excuses whoever is late by it (rules.md, *Late*)."""

from toolcrib.domain.assets import SIZES
from toolcrib.domain.authorise import Ask
from toolcrib.domain.ids import loan_of
from toolcrib.domain.offers.option import Offer
from toolcrib.domain.outages import Outage, OutageKind, begun
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store.banks import note_outages
from toolcrib.store.loans import note_tried


def note(ask: Ask, offered: Offer, book: RuleBook) -> None:
    """Note that somebody stood here with a thing that no free door takes; nothing to do where it is noted already."""
    if not offered.no_room:
        return
    org, bank, at = ask.org, ask.bank, ask.at
    kinds = (book.types.get(held.type) for held in offered.no_room)
    sizes = (kind.size for kind in kinds if kind is not None)
    smallest = min(sizes, key=lambda size: SIZES.get(size, 0), default=None)
    outages = begun(bank.outages, Outage(kind=OutageKind.FULL, since=at, size=smallest))
    if outages != bank.outages:
        note_outages(org, bank, outages)
    for key, held in ask.person.holdings.items():
        loan = loan_of(key)
        if loan is not None and held.bank != bank.id and held in offered.no_room:
            note_tried(org, loan, bank.id)
