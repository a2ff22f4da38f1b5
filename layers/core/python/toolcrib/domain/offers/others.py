"""What somebody may do here for others: for accounts, a team's or another person's, that they borrow for.

What an account has on loan may come back by the badge of anybody who borrows for it, or did while it was out
(rules.md, law 1). Taking, at a screen, is judged by the other's groups, limits, blocks and certifications; whoever
stands there has to be active, with a badge that is theirs, and shows what has to be shown in person: a PIN, and that
they accept terms.
"""

from collections.abc import Sequence
from datetime import datetime

from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.offers import returns, takes
from toolcrib.domain.offers.option import Offer, Option, Refused
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.record import Record, replace
from toolcrib.domain.rulebook import Given, RuleBook


class Actor(Record, frozen=True, kw_only=True):
    """Who stands there, with which badge, and what they brought."""

    person: Person
    badge: Badge
    given: Given


def offered(actor: Actor, others: Sequence[Person], bank: Bank, book: RuleBook, at: datetime) -> Offer:
    """Return what can be done at a bank for each of the others, one after the other."""
    found = [_for(other, actor, bank, book, at) for other in others]
    return Offer(
        options=tuple(option for each in found for option in each.options),
        refusals=tuple(refused for each in found for refused in each.refusals),
        no_room=tuple(held for each in found for held in each.no_room),
    )


def _for(other: Person, actor: Actor, bank: Bank, book: RuleBook, at: datetime) -> Offer:
    back, no_room = returns.offered(other, bank, book, at, actor.given.answers)
    theirs = tuple(_of(option, other, option.id) for option in back)
    # without a screen nobody could say for whom
    if bank.mode is not Mode.KIOSK or other.id not in actor.person.borrows_for:
        return Offer(options=theirs, no_room=no_room)
    lent, refused = takes.offered(
        bank,
        book,
        lambda unit: book.subject(
            other,
            actor.badge,
            unit.content.type,
            bank,
            at,
            actor=actor.person,
            content=unit.content,
            door=unit.door,
            given=actor.given,
        ),
        at,
    )
    return Offer(
        options=(*theirs, *(_of(option, other, f"{option.id}@{other.id}") for option in lent)),
        refusals=tuple(
            Refused(option=f"{each.option}@{other.id}", title=_title(each.title, other), refusal=each.refusal)
            for each in refused
        ),
        no_room=no_room,
    )


def _of(option: Option, other: Person, option_id: str) -> Option:
    return replace(option, id=option_id, title=_title(option.title, other), borrower=other)


def _title(title: str, other: Person) -> str:
    return f"{title} ({other.name})"
