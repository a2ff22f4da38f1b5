"""What is told about a handover by phone: the receiver is asked, the giver is told that it was accepted."""

from datetime import datetime
from enum import StrEnum

from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via
from toolcrib.domain.reminders import OUTBOX_PATIENCE


class Told(StrEnum):
    """A notice's `step`."""

    ASKED = "handover"
    ACCEPTED = "handed_over"


def told(loan: Loan, what: Told, to: Person, at: datetime, cause: str) -> Notice:
    """Return the notice to a person about a loan: the giver's while it is asked for, the receiver's afterwards."""
    return Notice(
        id=derived("notice", loan.id, str(what), cause, to.id),
        loan=loan.id,
        site=loan.site,
        step=str(what),
        to=To.HOLDER,
        recipient=to.id,
        via=Via.SLACK if to.slack_id else Via.EMAIL,
        due_at=at,
        wake_at=at + OUTBOX_PATIENCE,
    )
