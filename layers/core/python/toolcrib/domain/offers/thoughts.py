"""«I did not take it» and «I did not return it»: what only a door told may be denied at a screen, for 60 s."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.offers.returns import by_due
from toolcrib.domain.people import Holding, Person

SECOND_THOUGHTS = timedelta(seconds=60)  # rules.md, *Doors*: «I did not take it» counts for so long


def offered(person: Person, bank: Bank, at: datetime) -> Iterator[Option]:
    """Yield «I did not take it» and «I did not return it» for what only a door told, at a screen, for 60 s."""
    if bank.mode is not Mode.KIOSK:
        return
    for loan, held in by_due(person):
        fresh = held.state == "open" and held.evidence is Evidence.DOOR_ONLY and at - held.since <= SECOND_THOUGHTS
        if fresh and held.bank == bank.id:
            yield from _thought(OptionKind.NOT_TAKEN, loan, held, bank, held.door)
    last = person.last_return
    if last is not None and last.bank == bank.id and at - last.at <= SECOND_THOUGHTS:
        for loan, held in ((last.loan, last.holding), *last.more.items()):
            yield from _thought(OptionKind.NOT_RETURNED, loan, held, bank, last.door)


def _thought(kind: OptionKind, loan: str, held: Holding, bank: Bank, number: int) -> Iterator[Option]:
    """What was returned has to be on record in its door still, and nobody may be about to take it from there."""
    door = next((door for door in bank.doors if door.number == number), None)
    if door is None:
        return
    listed = any(content.asset == held.asset for content in door.contents)
    if kind is OptionKind.NOT_TAKEN or (listed and not door.busy):
        yield Option(id=f"{kind}:{loan}", kind=kind, title=held.name, door=door, asset=held.asset, loan=loan)
