"""The whole offer: returns, takes, renewals, second thoughts, and what is refused."""

from datetime import datetime

from toolcrib.domain.doors import Bank
from toolcrib.domain.offers import handovers, renewals, returns, takes, thoughts
from toolcrib.domain.offers.option import Offer
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.rulebook import Given, RuleBook

NOTHING_GIVEN = Given()


def offer(
    person: Person, badge: Badge, bank: Bank, book: RuleBook, at: datetime, *, given: Given = NOTHING_GIVEN
) -> Offer:
    """Return what `person` can do at `bank` at the instant `at` with what is `given`."""
    back, no_room = returns.offered(person, bank, book, at)
    lent, refused = takes.offered(
        bank,
        book,
        lambda unit: book.subject(
            person, badge, unit.content.type, bank, at, content=unit.content, door=unit.door, given=given
        ),
        at,
    )
    given_away = handovers.offered(person, bank, at)
    more = (*renewals.offered(person, bank, at), *given_away, *thoughts.offered(person, bank, at))
    return Offer(options=(*back, *lent, *more), refusals=refused, no_room=no_room)
