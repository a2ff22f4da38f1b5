"""What the reader of a notice may press: one table for Slack's buttons, a mail's links and the API.

What is offered is what makes sense to this reader about this thing as it is now. Whether they may is judged again when
they press, under their own rights: a button is no permission.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from toolcrib.domain.authorisations import Authorisation, AuthorisationState
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.digests import Summary
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.outbox import About, still_true
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.domain.renewing import earliest


class Reaction(StrEnum):
    """What somebody does about what a notice told them."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE_HOUR = "snooze_hour"
    SNOOZE_SHIFT = "snooze_shift"
    SNOOZE_TOMORROW = "snooze_tomorrow"
    EXTEND = "extend"
    REMIND = "remind"
    LOST = "lost"
    CASE = "case"
    QUARANTINE = "quarantine"
    APPROVE = "approve"
    REFUSE = "refuse"
    REPAIR = "repair"


LATER: Final = (Reaction.ACKNOWLEDGE, Reaction.SNOOZE_HOUR, Reaction.SNOOZE_SHIFT, Reaction.SNOOZE_TOMORROW)
ANSWERS: Final = (Reaction.APPROVE, Reaction.REFUSE)
FINAL: Final = frozenset({NoticeState.SUPERSEDED, NoticeState.CANCELLED})
AN_HOUR: Final = timedelta(hours=1)
AT_MOST: Final[Mapping[Reaction, timedelta]] = {
    Reaction.ACKNOWLEDGE: timedelta(hours=24),
    Reaction.SNOOZE_HOUR: AN_HOUR,
}
"""How long a ladder stands still (rules.md, *Late*); the other snoozes follow the site's clock."""


def offered(notice: Notice, about: About, recipient: Person | None) -> tuple[Reaction, ...]:
    """Return what the reader of a notice may press, in the order of the buttons; nothing where it is no longer true.

    `about` is what the notice is about as it is now, `recipient` its reader, None for a channel.
    """
    if isinstance(about, Authorisation):
        return ANSWERS if about.state is AuthorisationState.ASKED else ()
    if isinstance(about, Summary) or notice.state in FINAL or not still_true(notice, about):
        return ()
    if isinstance(about, Loan):
        return (*LATER, *_of_loan(notice, about, recipient))
    return (*LATER, *_of_case(about)) if isinstance(about, Case) else LATER


def _of_loan(notice: Notice, loan: Loan, recipient: Person | None) -> tuple[Reaction, ...]:
    """A holder keeps it longer or says that it is wrong; whoever looks after it sees that it comes back."""
    longer = (Reaction.EXTEND,) if earliest(loan) is not None else ()
    holds = notice.to is To.HOLDER or (recipient is not None and recipient.id in {loan.person, loan.by})
    if holds:
        return (*longer, Reaction.CASE)
    lost = (Reaction.LOST,) if loan.lost_at is None else ()
    return (Reaction.REMIND, *longer, *lost, Reaction.CASE)


def _of_case(case: Case) -> tuple[Reaction, ...]:
    """What tags propose is done; a door in trouble is closed to takers; what cannot be found is given up."""
    mend = (Reaction.REPAIR,) if case.repair is not None and case.repair.move is not None else ()
    door = (Reaction.QUARANTINE,) if case.bank is not None and case.door else ()
    lost = (Reaction.LOST,) if case.asset is not None and case.kind is not CaseKind.LOW_CHARGE else ()
    return (*mend, *door, *lost)
