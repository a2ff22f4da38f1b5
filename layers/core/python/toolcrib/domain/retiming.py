"""A loan with another due time, or another time from which it is late: what is written together."""

from datetime import datetime

from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace
from toolcrib.domain.renewing import earliest


def retimed(loan: Loan, person: Person, *, op: str, at: datetime, notices: tuple[Notice, ...] = ()) -> Change:
    """Return what renewing, calling back or excusing writes: the loan's next version, and its person's summary of it.

    `loan.version` is as it was. The summary is written on the condition of the profile it was read from: it repeats the
    asset's name, which may be edited at the same moment.
    """
    held = person.holdings.get(loan.id)
    summary: tuple[Holdings, ...] = ()
    if held is not None:
        now = replace(held, until=loan.due_at, renew_from=earliest(loan), blocks_from=loan.blocks_from)
        summary = (Holdings(person=person.id, put={loan.id: now}, expected_version=person.version),)
    later = replace(loan, version=loan.version + 1)
    return Change(op=op, at=at, loans=(later,), holdings=summary, notices=notices)
