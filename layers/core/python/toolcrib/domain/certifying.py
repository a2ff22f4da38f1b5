"""A bank changes over to a new certificate: what its record says before and after it has come in with it.

A controller renews when a third of the life is left, or after a year, whichever comes first: AWS IoT signs until the
end of 2049, and a key that stays on a wall for that long is not a secret any more. The earlier certificate stays good
until the bank has connected with the new one (edge/enrolment/calendar.py keeps the same times).
"""

from datetime import datetime

from toolcrib.domain.change import BankEdit, Change
from toolcrib.domain.credentials import Certified
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.record import replace


def offered(bank: Bank, new: Certified, *, by: str, op: str, at: datetime) -> Change | None:
    """Return the change that lets a bank's next certificate in beside the present one; None where it may not have one.

    `by` is the ARN of the certificate that asks: the present one. What was offered before and never used gives way,
    unless it was made later: a question that is answered late does not undo what the next one came to.
    """
    if bank.state is not BankState.ACTIVE or by != bank.certificate:
        return None
    if bank.renewal is not None and bank.renewal.arn == new.arn:
        return Change(op=op, at=at)
    if bank.renewal is not None and bank.renewal.since > new.since:
        return None
    now = replace(bank, renewal=new, revision=bank.revision + 1)
    return Change(op=op, at=at, banks=(BankEdit(bank=now),))


def taken_up(bank: Bank, used: str, *, op: str, at: datetime) -> Change | None:
    """Return the change that makes the next certificate the present one, once the bank came in with it; else None.

    `used` is the id of the certificate that the bank showed.
    """
    new = bank.renewal
    if bank.state is not BankState.ACTIVE or new is None or not new.arn.endswith(f"/{used}"):
        return None
    now = replace(bank, certificate=new.arn, certified=new, renewal=None, revision=bank.revision + 1)
    return Change(op=op, at=at, banks=(BankEdit(bank=now),))


def late(bank: Bank, now: datetime) -> bool:
    """Whether a bank in service should have renewed its certificate long ago; where its life is unknown, it is not."""
    return bank.state is BankState.ACTIVE and bank.certified is not None and now >= bank.certified.late_at
