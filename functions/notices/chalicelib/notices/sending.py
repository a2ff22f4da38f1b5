"""How a message leaves, and how that is recorded and told."""

from datetime import datetime

from chalicelib.notices import email, slack, turns
from chalicelib.notices.letters import Letter
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import ELSEWHERE_AFTER, Address
from chalicelib.notices.turns import NotNow
from toolcrib import telemetry
from toolcrib.domain import outbox
from toolcrib.domain.cases import Case
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via
from toolcrib.domain.refusals import LostRace
from toolcrib.store.notices import load_notice, save_notice

RECORD_TRIES = 3  # the sweeper may touch the record while we send


def send(letter: Letter, places: tuple[Address, ...], now: datetime) -> Posted | None:
    """Use the first place; another one if that cannot reach this recipient, or has failed often enough (threat 19).

    Raises `NotSent`, and `NotNow` where the place has to wait, or what was waited with is no longer so.
    """
    *others, last = places
    for place in others:
        try:
            return _through(letter, place, now)
        except NotSent as failure:
            if not failure.unreachable and letter.notice.attempts <= ELSEWHERE_AFTER:
                raise
    return _through(letter, last, now)


def tried(letter: Letter, places: tuple[Address, ...], now: datetime, recipient: Person | None) -> Notice:
    """Send a message that is ours, and return how its notice goes on the record; `recipient` is who reads it."""
    try:
        posted = send(letter, places, now)
    except NotNow as later:
        ended = outbox.put_off(letter.notice, later.until)
    except NotSent as failure:
        ended = outbox.failed(letter.notice, failure.code, now, failure.retry_after)
    else:
        reached = recipient.id if recipient is not None and recipient.id != letter.notice.recipient else None
        return outbox.sent(letter.notice, now, posted, reached)
    turns.missed(letter, ended.wake_at or now, now)
    return ended


def _through(letter: Letter, place: Address, now: datetime) -> Posted | None:
    waited = turns.take(letter, place, now)
    if waited and not letter.still_so(now + waited):
        raise NotNow(now + waited)
    try:
        return _posted(letter, place)
    except NotSent as failure:
        turns.leave_alone(letter.org, turns.place_of(letter.notice, place.via), failure, now)
        raise


def _posted(letter: Letter, place: Address) -> Posted | None:
    if place.via is Via.SLACK:
        return slack.send(place.value, letter.message, person=letter.notice.to is not To.CHANNEL)
    email.send(place.value, letter.message)
    return None


def saved(org: str, notice: Notice) -> bool:
    """Return whether it is written: not if another sender has it, or if the answer to our own write was lost.

    Then the lease runs out, and the sweeper wakes it again.
    """
    try:
        save_notice(org, notice)
    except LostRace:
        return False
    return True


def recorded(org: str, ended: Notice) -> Notice:
    """Write how a try ended, over a mere touch of the record too; not over another try, or over itself."""
    for _ in range(RECORD_TRIES):
        if saved(org, ended):
            break
        present = load_notice(org, ended.id)
        if present.state is not NoticeState.SENDING or present.attempts != ended.attempts:
            break
        ended = outbox.over(ended, present)
    return ended


def outcome_of(ended: Notice, claimed: Notice) -> str:
    """Return how a try is told of: what waits again has `failed`, or was put off before anything was tried."""
    if ended.state is not NoticeState.PENDING:
        return ended.state
    return "postponed" if ended.attempts < claimed.attempts else "failed"


def tell(org: str, notice: Notice, about: outbox.About | None, outcome: str) -> None:
    """Log and count the outcome; a notice that nobody will ever get is a dead letter."""
    line = {"org": org, "op": notice.id, "outcome": outcome, "channel": notice.via, "attempts": notice.attempts}
    bank = about.bank if isinstance(about, Loan | Case) else None
    if bank is not None:
        line["bank"] = bank
    if notice.last_error is not None:
        line["code"] = notice.last_error
    dead = notice.state is NoticeState.GIVEN_UP
    (telemetry.logger().error if dead else telemetry.logger().info)("notice", extra=line)
    telemetry.count("Notices", channel=notice.via, outcome=outcome)
    if dead:
        telemetry.count("DeadLetters", source="notices")
