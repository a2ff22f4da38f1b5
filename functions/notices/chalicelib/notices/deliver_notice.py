"""Deliver one notice: read it and what it is about again, claim it, word it, send it, record how that went."""

from datetime import datetime

from chalicelib.notices import email, slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.readers import reader_of
from chalicelib.notices.recipients import ELSEWHERE_AFTER, Address, addresses
from chalicelib.notices.saying import about_of, facts_of
from chalicelib.notices.wording import word
from chalicelib.notices.wording.message import Message
from toolcrib import telemetry
from toolcrib.domain import outbox
from toolcrib.domain.cases import Case
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via
from toolcrib.domain.refusals import LostRace
from toolcrib.store.notices import load_notice, save_notice
from toolcrib.store.said import note

RECORD_TRIES = 3  # the sweeper may touch the record while we send


def deliver(notice_id: str, org: str, now: datetime) -> NoticeState | None:
    """Deliver a notice if it is due; return the state it ended in, or None when it was not ours to touch.

    Whatever a channel answers ends on the record. Raises `NotFound` for an unknown notice, and what the store raises.
    """
    notice = load_notice(org, notice_id)
    if not outbox.ready(notice, now):
        if notice.state is NoticeState.GIVEN_UP and notice.version == 1:  # there was nobody to tell
            _tell(org, notice, None, notice.state)
        return None
    said_of = notice.loan or notice.case
    if said_of is not None:  # before it is read: whatever ends it from now on finds the message
        note(org, said_of, notice.id, now)
    about = about_of(org, notice)
    reader = reader_of(org, notice, now)
    judged = outbox.judged(notice, about, now, reader.not_before, off_duty=reader.off_duty)
    if judged is None or not _saved(org, judged):
        return None
    if judged.state is not NoticeState.SENDING or about is None:
        _tell(org, judged, about, "postponed" if judged.state is NoticeState.PENDING else judged.state)
        return judged.state
    ended = _recorded(org, _tried(org, judged, about, reader.person, now))
    _tell(org, ended, about, "failed" if ended.state is NoticeState.PENDING else ended.state)
    return ended.state


def _tried(org: str, notice: Notice, about: outbox.About, recipient: Person | None, now: datetime) -> Notice:
    """Send a notice that is ours, and return how it goes on the record."""
    places = addresses(notice, recipient, told_another_way=outbox.told_another_way(notice, about))
    if not places:
        return outbox.given_up(notice, "no_address")
    try:
        posted = _send(notice, places, word(facts_of(org, notice, about, recipient, now)))
    except NotSent as failure:
        return outbox.failed(notice, failure.code, now, failure.retry_after)
    reached = recipient.id if recipient is not None and recipient.id != notice.recipient else None
    return outbox.sent(notice, now, posted, reached)


def _send(notice: Notice, places: tuple[Address, ...], message: Message) -> Posted | None:
    """Use the first place; another one if that cannot reach this recipient, or has failed often enough (threat 19)."""
    *others, last = places
    for place in others:
        try:
            return _through(place, message, person=notice.to is not To.CHANNEL)
        except NotSent as failure:
            if not failure.unreachable and notice.attempts <= ELSEWHERE_AFTER:
                raise
    return _through(last, message, person=notice.to is not To.CHANNEL)


def _through(place: Address, message: Message, *, person: bool) -> Posted | None:
    if place.via is Via.SLACK:
        return slack.send(place.value, message, person=person)
    email.send(place.value, message)
    return None


def _saved(org: str, notice: Notice) -> bool:
    """Return whether it is written: not if another sender has it, or if the answer to our own write was lost.

    Then the lease runs out, and the sweeper wakes it again.
    """
    try:
        save_notice(org, notice)
    except LostRace:
        return False
    return True


def _recorded(org: str, ended: Notice) -> Notice:
    """Write how a try ended, over a mere touch of the record too; not over another try, or over itself."""
    for _ in range(RECORD_TRIES):
        if _saved(org, ended):
            break
        present = load_notice(org, ended.id)
        if present.state is not NoticeState.SENDING or present.attempts != ended.attempts:
            break
        ended = outbox.over(ended, present)
    return ended


def _tell(org: str, notice: Notice, about: outbox.About | None, outcome: str) -> None:
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
