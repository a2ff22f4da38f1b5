"""The life of one notice as a sender sees it: claimed, sent, put off, given up (rules.md, *Late*; safety.md, I10).

A notice is read again, with what it is about, right before it is sent. Whoever sends holds a lease, so that two who
woke up for the same notice do not both send it; a sender that dies leaves a lease that runs out.
"""

from datetime import datetime, timedelta
from zlib import crc32

from toolcrib.domain.alerts import URGENT
from toolcrib.domain.authorisation_notices import STATES
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.digests import Summary
from toolcrib.domain.durations import iso
from toolcrib.domain.endings import still_so
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState, Posted
from toolcrib.domain.pacing import LONGEST_OBEYED
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict

About = Loan | Case | Person | Summary | Authorisation
"""What a notice is about."""

LEASE = timedelta(minutes=2)  # longer than the function may run, so a sender at work is never overtaken
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)  # an outage is over: everything is out within a quarter of an hour
SOON = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(hours=72)  # rules.md, *Late*


def ready(notice: Notice, now: datetime) -> bool:
    """Whether anybody should look at it now: not delivered, not in another sender's hands, not in a pause."""
    waiting = notice.attempts > 0 and notice.wake_at is not None and notice.wake_at > now
    return notice.state in UNDELIVERED and not waiting and notice.hold_until is None and notice.digest is None


def judged(
    notice: Notice, about: About | None, now: datetime, not_before: datetime | None = None, *, off_duty: bool = False
) -> Notice | None:
    """Judge a `ready` notice against what it is about, read again (None: no longer there); return its next record.

    That is `sending` when it is ours to send, `cancelled` when it is no longer true, `pending` while a pause or its
    reader's quiet hours (up to `not_before`) hold it back, `superseded` where its reader is `off_duty` and a colleague
    is told, `given_up` when senders keep dying over it; None when it stays exactly as it is.
    """
    if about is None or not still_true(notice, about):
        return _next(notice, state=NoticeState.CANCELLED, wake_at=None, outdated_at=None)
    paused_until = about.paused_until if isinstance(about, Loan) and notice.to is To.HOLDER else None
    return in_time(notice, now, max(filter(None, (paused_until, not_before, now))), off_duty=off_duty)


def in_time(notice: Notice, now: datetime, not_before: datetime, *, off_duty: bool = False) -> Notice | None:
    """Return the next record of a notice that is true: ours to send, or put off to `not_before`; None as it is."""
    if off_duty:
        return _next(notice, state=NoticeState.SUPERSEDED, wake_at=None, outdated_at=None, last_error="off_duty")
    if notice.state is NoticeState.SENDING and _tried_for_too_long(notice, now):
        return given_up(notice, "sender_died")
    if not_before <= now:
        return _claimed(notice, now)
    if notice.wake_at == not_before and notice.state is NoticeState.PENDING:
        return None
    return _next(notice, state=NoticeState.PENDING, wake_at=not_before)


def unwanted(notice: Notice) -> Notice:
    """Return the record of a notice that its reader has unsubscribed from."""
    return _next(notice, state=NoticeState.SUPERSEDED, wake_at=None, outdated_at=None, last_error="unsubscribed")


def tells(notice: Notice, about: About | None, now: datetime) -> bool:
    """Whether a notice may be told now, of what it is about: it is so, and no pause holds it back."""
    if about is None or not still_true(notice, about):
        return False
    paused_until = about.paused_until if isinstance(about, Loan) and notice.to is To.HOLDER else None
    return paused_until is None or paused_until <= now


def still_true(notice: Notice, about: About) -> bool:
    """Whether a notice may be told yet, of what it is about as it is now."""
    if isinstance(about, Person):
        return notice.ends_at is not None and still_so(about, notice.about or "", notice.ends_at)
    if isinstance(about, Summary):
        return about.told > 0 and not about.over
    if isinstance(about, Authorisation):
        return STATES.get(notice.step) is about.state
    if isinstance(about, Case):
        return about.state is CaseState.OPEN
    return about.state is LoanState.OPEN and notice.due_version in {None, about.due_version}


def told_another_way(notice: Notice, about: About) -> bool:
    """Whether the same word goes to the same people through another channel too, so that this one need not change."""
    if isinstance(about, Person | Summary | Authorisation):
        return False
    if isinstance(about, Case):
        return notice.to is To.SUPERVISOR and about.kind in URGENT
    return any(
        step.to is notice.to and step.via is not notice.via and iso(step.offset) == notice.step
        for step in about.terms.ladder
    )


def sent(notice: Notice, now: datetime, posted: Posted | None = None, reached: str | None = None) -> Notice:
    """It is out; `posted` is where it can still be changed, `reached` who was told in the recipient's place."""
    out = _next(notice, state=NoticeState.SENT, sent_at=now, posted=posted, wake_at=None, last_error=None)
    return replace(out, reached=reached)


def put_off(claimed: Notice, until: datetime) -> Notice:
    """It has to wait for its turn: nothing was tried, and nothing is counted."""
    tries = claimed.attempts - 1
    first = claimed.first_tried_at if tries else None
    return _next(claimed, state=NoticeState.PENDING, wake_at=until, attempts=tries, first_tried_at=first)


def failed(notice: Notice, code: str, now: datetime, asked: timedelta = timedelta()) -> Notice:
    """A try failed: try again after a growing pause; after 72 h give up.

    A channel that asks to be left alone is there again, whatever went before: it is tried soon after what it asked for.
    """
    if _tried_for_too_long(notice, now):
        return given_up(notice, code)
    pause = max(min(_pause(notice), SOON), min(asked, LONGEST_OBEYED)) if asked else _pause(notice)
    return _next(notice, state=NoticeState.PENDING, wake_at=now + pause, last_error=code)


def given_up(notice: Notice, code: str) -> Notice:
    """Nobody will be told; that is an alarm."""
    return _next(notice, state=NoticeState.GIVEN_UP, wake_at=None, last_error=code)


def redriven(notice: Notice, now: datetime) -> Notice | None:
    """Return a notice that was given up, or waits after a try, as it begins anew at the next sweep; None as it is.

    Raises `Conflict` for what went out, or is no longer to be told: `not_waiting`.
    """
    if notice.state not in {NoticeState.GIVEN_UP, NoticeState.PENDING}:
        raise Conflict(code="not_waiting", detail=f"the notice is {notice.state}", advice="Nobody waits for it.")
    if notice.state is NoticeState.PENDING and notice.attempts == 0:
        return None
    anew = replace(notice, state=NoticeState.PENDING, attempts=0, first_tried_at=None, last_error=None, digest=None)
    anew = replace(anew, stumbles=0)
    return replace(anew, wake_at=now, version=notice.version + 1)


def over(ended: Notice, present: Notice) -> Notice:
    """Return how a try ended, as the version after `present`, which may have been marked as outdated meanwhile."""
    marked = present.outdated_at if ended.posted is not None or ended.state in UNDELIVERED else None
    wake_at = marked if marked is not None and ended.state is NoticeState.SENT else ended.wake_at
    heard = {"delivered_at": present.delivered_at, "read_at": present.read_at, "bounced": present.bounced}
    after = replace(ended, version=present.version + 1, outdated_at=marked, wake_at=wake_at, **heard)
    return replace(after, acted=present.acted)


def _claimed(notice: Notice, now: datetime) -> Notice:
    return _next(
        notice,
        state=NoticeState.SENDING,
        outdated_at=None,
        wake_at=now + LEASE,
        attempts=notice.attempts + 1,
        first_tried_at=notice.first_tried_at or now,
    )


def _next(notice: Notice, **changes: object) -> Notice:
    return replace(notice, version=notice.version + 1, **changes)


def _tried_for_too_long(notice: Notice, now: datetime) -> bool:
    return notice.first_tried_at is not None and now - notice.first_tried_at >= GIVE_UP_AFTER


def _pause(notice: Notice) -> timedelta:
    """Doubling, half of it by chance: drawn from notice and attempt, so a crowd spreads and a replay is the same."""
    whole = min(FIRST_PAUSE * 2 ** min(notice.attempts - 1, 16), LONGEST_PAUSE)
    chance = crc32(f"{notice.id}:{notice.attempts}".encode()) / 2**32
    return timedelta(seconds=whole.total_seconds() * (0.5 + chance / 2))
