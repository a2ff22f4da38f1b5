"""Every five minutes: whose digest is due, and has no record yet? What it tells is read when it is sent.

Reads the rule book's stamp, the owners and the records there may be already: a few small items, and nothing of loans.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from toolcrib.domain.digests import of_day, of_week
from toolcrib.domain.notices import Notice
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store import keys
from toolcrib.store.notices import add_notice
from toolcrib.store.people import find_accounts
from toolcrib.store.reads import find_many
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.telemetry import count, record

AT_ONCE = 100  # keys of one read


def handle(org: str, *, now: datetime) -> dict[str, int]:
    """Write the records of the digests that are due; returns how many are new."""
    book = rule_book(org, read_stamp(org))
    due = [*(each for site in book.sites.values() for each in of_day(site, now)), *_weekly(org, book, now)]
    new = sum(add_notice(org, each) for each in _not_yet(org, due))
    count("Digests", new)
    record("digests", org=org, outcome=f"{len(due)} due today or this week, {new} new")
    return {"due": len(due), "new": new}


def _weekly(org: str, book: RuleBook, now: datetime) -> Iterator[Notice]:
    owners = sorted({kind.owner for kind in book.types.values() if kind.owner is not None})
    for some in _chunks(owners):
        for owner in find_accounts(org, some).values():
            notice = of_week(owner, book.sites.get(owner.site or ""), now)
            if notice is not None:
                yield notice


def _not_yet(org: str, due: list[Notice]) -> Iterator[Notice]:
    """Leave out what is on record, in a read for each hundred."""
    by_id = {each.id: each for each in due}
    for some in _chunks(list(by_id)):
        known = find_many(keys.notice(org, each) for each in some)
        yield from (by_id[each] for each in some if keys.notice(org, each) not in known)


def _chunks(every: list[str]) -> Iterable[list[str]]:
    return (every[begin : begin + AT_ONCE] for begin in range(0, len(every), AT_ONCE))
