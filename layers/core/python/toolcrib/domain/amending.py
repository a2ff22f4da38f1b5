"""A message that is in Slack already stops at once: it is changed where it stands (rules.md, *Late*; safety.md, I10).

What a notice is about comes to an end, moves, or is acted upon: the notice is marked `outdated_at`, whatever its state.
One that was not sent yet is then judged anew before it is; of one that was, the message is changed in place. That is
tried again as a delivery is, and blocks nothing. Whoever marks a notice writes its record: the stream wakes the sender.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from toolcrib.domain.authorisation_notices import Told
from toolcrib.domain.authorisations import Authorisation, AuthorisationState
from toolcrib.domain.authorisers import lacking
from toolcrib.domain.cases import Case
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState
from toolcrib.domain.outbox import GIVE_UP_AFTER, LEASE, LONGEST_PAUSE, About, still_true
from toolcrib.domain.pacing import LONGEST_OBEYED
from toolcrib.domain.record import replace
from toolcrib.domain.reminders import OUTBOX_PATIENCE


class Ending(StrEnum):
    """Why a message is over, in one word; each has its own words (functions/notices)."""

    RETURNED = "returned"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    AGREED = "agreed"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    DUE_AGAIN = "due_again"
    RESOLVED = "resolved"


def outdated(notice: Notice, now: datetime) -> Notice | None:
    """Return the notice as it is marked, one version on; None where there is nothing that could be changed."""
    shown = notice.state is NoticeState.SENT and notice.posted is not None
    if notice.state not in UNDELIVERED and not shown:
        return None
    return replace(notice, outdated_at=now, wake_at=now if shown else notice.wake_at, version=notice.version + 1)


def claimed(notice: Notice, now: datetime) -> Notice | None:
    """Return the notice in the hands of who changes its message; None where there is nothing to change now.

    Nobody is at it while `wake_at` is ahead: another has it in hand, or failed and waits.
    """
    if notice.wake_at is not None and notice.wake_at > now:
        return None
    if notice.state is not NoticeState.SENT or notice.posted is None or notice.outdated_at is None:
        return None
    return replace(notice, wake_at=now + LEASE, version=notice.version + 1)


def ends(notice: Notice) -> bool:
    """Whether what its message tells has come to an end or moved; else somebody pressed something, and it still is."""
    return notice.acted is None or notice.acted.at != notice.outdated_at


def amended(notice: Notice) -> Notice:
    """The message says how things are."""
    return replace(notice, outdated_at=None, wake_at=None, last_error=None, version=notice.version + 1)


def put_off(notice: Notice, until: datetime) -> Notice:
    """It has to wait for its turn: nothing was tried, and nothing is noted but when it comes again."""
    return replace(notice, wake_at=until, version=notice.version + 1)


def not_amended(notice: Notice, code: str, now: datetime, asked: timedelta = timedelta()) -> Notice:
    """It could not be changed: try again after a while, or what Slack `asked` for, for as long as a delivery is."""
    tried = now - notice.outdated_at if notice.outdated_at is not None else GIVE_UP_AFTER
    if tried >= GIVE_UP_AFTER:
        return replace(amended(notice), last_error=code)
    pause = max(min(max(tried, OUTBOX_PATIENCE), LONGEST_PAUSE), min(asked, LONGEST_OBEYED))
    return replace(notice, wake_at=now + pause, last_error=code, version=notice.version + 1)


def ending(notice: Notice, about: About | None) -> Ending | None:
    """Return why the message of a notice is over; None while it is as true as it was."""
    if about is None or still_true(notice, about):
        return None
    if isinstance(about, Case):
        return Ending.RESOLVED
    if isinstance(about, Authorisation):
        return _of_request(notice, about)
    if not isinstance(about, Loan) or about.state is LoanState.VOID:
        return Ending.CLOSED
    if about.state is LoanState.OPEN:
        return Ending.DUE_AGAIN
    if about.handed_to is not None:
        return Ending.HANDED_OVER
    return Ending.RETURNED if about.return_bank is not None else Ending.CLOSED


def _of_request(notice: Notice, request: Authorisation) -> Ending:
    """Return what those read who were asked; whoever asked knows whether they took it."""
    if notice.step != Told.ASKED:
        return Ending.CLOSED
    if request.state is AuthorisationState.REFUSED:
        return Ending.REFUSED
    return Ending.AGREED if request.approved and not lacking(request.demands, request.approved) else Ending.UNANSWERED
