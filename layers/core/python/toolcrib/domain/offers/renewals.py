"""What may be kept longer: loans whose earliest moment of renewal has come, at a screen.

The person's summary knows that moment, so that a tap needs no further read; the choice reads the loan and judges it.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.offers.returns import by_due
from toolcrib.domain.people import Person

MOST = 8  # of one person at one tap, those due first: a screen is no list


def offered(person: Person, bank: Bank, at: datetime) -> Iterator[Option]:
    """Return the renewals on offer, the loan due first first."""
    return islice(_all(person, bank, at), MOST)


def _all(person: Person, bank: Bank, at: datetime) -> Iterator[Option]:
    if bank.mode is not Mode.KIOSK:
        return
    for loan, held in by_due(person):
        if held.state == "open" and held.renew_from is not None and at >= held.renew_from:
            yield Option(
                id=f"{OptionKind.RENEW}:{loan}",
                kind=OptionKind.RENEW,
                title=held.name,
                asset=held.asset,
                due_at=held.until,
                loan=loan,
            )
