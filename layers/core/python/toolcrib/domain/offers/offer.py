"""The whole offer: returns, takes, renewals, second thoughts, and what is refused."""

from collections.abc import Sequence
from datetime import UTC, datetime

from toolcrib.domain.doors import Bank
from toolcrib.domain.offers import handovers, others, renewals, returns, takes, thoughts
from toolcrib.domain.offers.option import Offer, Option, OptionKind
from toolcrib.domain.offers.others import Actor
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.rulebook import Given, RuleBook

NOTHING_GIVEN = Given()


def offer(
    person: Person,
    badge: Badge,
    bank: Bank,
    book: RuleBook,
    at: datetime,
    *,
    given: Given = NOTHING_GIVEN,
    accounts: Sequence[Person] = (),
) -> Offer:
    """Return what `person` can do at `bank` at the instant `at` with what is `given`, also for other `accounts`."""
    back, no_room = returns.offered(person, bank, book, at, given.answers)
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
    theirs = others.offered(Actor(person=person, badge=badge, given=given), accounts, bank, book, at)
    returned = sorted((*back, *theirs.of(OptionKind.RETURN)), key=_by_due)
    return Offer(
        options=(*returned, *lent, *theirs.of(OptionKind.TAKE), *more),
        refusals=(*refused, *theirs.refusals),
        no_room=(*no_room, *theirs.no_room),
    )


def _by_due(option: Option) -> tuple[bool, datetime, str, str]:
    """Sort key of returns: own ones and others' by due time, then by name; what is on no loan stands before them."""
    return option.due_at is not None, option.due_at or datetime.min.replace(tzinfo=UTC), option.title, option.id
