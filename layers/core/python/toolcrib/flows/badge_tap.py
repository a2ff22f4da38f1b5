"""A badge at a reader: say who it is, decide what it may do here, open a door or say why not (design.md, *Modes of a bank*)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache

from toolcrib.domain import authorise
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank
from toolcrib.domain.offers import Offer, OptionKind, offer
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.send.banks import open_door
from toolcrib.store.banks import load_bank
from toolcrib.store.commit import commit
from toolcrib.store.people import find_badges, load_person
from toolcrib.store.rulebook import rule_book
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Tap

ATTEMPTS = 4  # each lost race means that somebody else was served


def handle(tap: Arrival[Tap], *, now: datetime) -> None:
    """Serve a tap."""
    for attempt in range(ATTEMPTS):
        badge, bank, book = _who_and_where(tap)
        person = load_person(tap.org, badge.person)
        change = decide(tap, person, badge, bank, book, now)
        if change is None:
            return
        try:
            commit(tap.org, change)
        except LostRace:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        if change.command is not None:
            open_door(tap.org, bank, change.command, now=now)
        return


def decide(
    tap: Arrival[Tap], person: Person, badge: Badge, bank: Bank, book: RuleBook, now: datetime
) -> Change | None:
    """Return what an express bank does: the first return, else the only take."""
    ask = authorise.Ask(org=tap.org, bank=bank, person=person, upload=tap.body.id, boot=tap.body.boot, at=now)
    offered: Offer = offer(person, badge, bank, book, now)
    takes = offered.of(OptionKind.TAKE)
    return authorise.take(ask, takes[0]) if len(takes) == 1 else None


def _who_and_where(tap: Arrival[Tap]) -> tuple[Badge, Bank, RuleBook]:
    """Read badge and bank at the same time: one sequential round trip of the three a tap may take."""
    reading = _second_reader().submit(load_bank, tap.org, tap.bank)
    badge, stamp = find_badges(tap.org, tap.body.badges)
    bank = reading.result()
    if badge is None:
        raise LookupError(tap.body.id)
    return badge, bank, rule_book(tap.org, stamp)


@cache
def _second_reader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="bank-reader")
