"""What tap and choice share: who stands where, grants that are over, and carrying out the option that was picked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

from toolcrib.domain import authorise, second_thoughts
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.lapse import Proof, lapse, unused
from toolcrib.domain.offers import handovers
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.flows.answering import with_fault
from toolcrib.flows.asking import forget_disabled
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.send.banks import open_door
from toolcrib.send.words.reader import Reader, reader
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import find_bank, find_bank_only
from toolcrib.store.commit import commit
from toolcrib.store.loans import find_loans, load_loan
from toolcrib.store.people import find_badges, find_person
from toolcrib.store.rulebook import rule_book
from toolcrib.store.whereabouts import located


class Here(Record, frozen=True, kw_only=True):
    """One badge at one bank, as it is on record right now. A badge nobody has, or an unknown bank, is None."""

    org: str
    badge: Badge | None
    bank: Bank | None
    book: RuleBook


def look(org: str, bank: str, tokens: list[str]) -> Here:
    """Read badge and bank at the same time: one sequential round trip of the three that a tap may take."""
    reading = _second_reader().submit(find_bank, org, bank)
    badge, stamp = find_badges(org, tokens)
    found, book = reading.result(), rule_book(org, stamp)
    return Here(org=org, badge=badge, bank=found, book=book if found is None else located(org, found, book))


def reader_at(here: Here, person: Person | None, now: datetime) -> Reader:
    """Return how to speak to a person here; of whom nothing is known, they are spoken to in the site's language."""
    return reader(person, here.book.sites.get(here.bank.site) if here.bank is not None else None, now)


def somebody(org: str, bank: str, now: datetime) -> Reader:
    """Return how to speak to somebody at a bank who is not looked up."""
    there = find_bank_only(org, bank)
    return reader(None, rule_book(org).sites.get(there.site) if there is not None else None, now)


def whoever(org: str, bank: str, tokens: list[str], now: datetime) -> Reader:
    """Return how to speak to the holder of a badge, looked up anew."""
    here = look(org, bank, tokens)
    return reader_at(here, find_person(org, here.badge.person) if here.badge is not None else None, now)


@cache
def _second_reader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="bank-reader")


def free_unused(org: str, bank: Bank, proof: Proof) -> bool:
    """Free the doors whose grants are proven unused; True if the record moved and has to be read again."""
    over = unused(bank, proof)
    for door in over:
        _lapse(org, door, proof.at)
    return bool(over)


def _lapse(org: str, door: Door, at: datetime) -> None:
    parts = door.grant.parts if door.grant is not None else ()
    begun = find_loans(org, {part.loan for part in parts if part.loan is not None})
    try:
        commit(org, lapse(door, begun.values(), at))
    except LostRace:  # its report came in at this very moment: that is better than any proof
        return


def carry_out(ask: authorise.Ask, option: Option) -> Change:
    """Commit what an option means and send its door command; returns what was committed."""
    change = _change(ask, option)
    try:
        commit_and_alert(ask.org, change)
    except LostRace:
        if change.active:
            forget_disabled(ask, change.active)
        raise
    order(ask, change)
    return change


def order(ask: authorise.Ask, change: Change) -> None:
    """Send the door command of a committed change, if it has one."""
    if change.command is not None:
        open_door(ask.org, ask.bank, change.command, now=ask.at)


def _change(ask: authorise.Ask, option: Option) -> Change:
    if option.kind is OptionKind.TAKE:
        return with_fault(ask, option, authorise.take(ask, option))
    if option.kind is OptionKind.RETURN:
        return with_fault(ask, option, authorise.give_back(ask, option))
    if option.kind is OptionKind.HANDOVER:
        return handovers.carried_out(ask, option)
    asset = load_asset(ask.org, option.asset)
    if not second_thoughts.still_so(option, asset):
        raise LostRace(detail="it has moved on since")
    if option.kind is OptionKind.NOT_TAKEN:
        return second_thoughts.disown(ask, option, load_loan(ask.org, option.loan or ""), asset)
    return second_thoughts.not_put_in(ask, option, asset)
