"""Change messages in Slack where they stand, once what they tell is over or was acted upon (domain/amending.py)."""

from datetime import datetime

from chalicelib.notices import amend_digest, slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.saying import about_of, facts_of
from chalicelib.notices.sending import saved
from chalicelib.notices.wording import over, word
from chalicelib.notices.wording.message import Message
from toolcrib import telemetry
from toolcrib.domain import amending
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.domain.refusals import LostRace, NotFound
from toolcrib.store.notices import load_notice
from toolcrib.store.people import find_person
from toolcrib.store.said import list_said

MARK_TRIES = 5  # a sender may be at work on the record; then the stream brings the change again


def outdate(about: str, org: str, now: datetime) -> None:
    """Mark every notice of a loan or case that has just ended or moved, and change those that are out.

    Raises `LostRace` for one that others write all the time, and what the store raises.
    """
    for notice_id in list_said(org, about):
        _mark(notice_id, org, now)
        amend(notice_id, org, now)


def amend(notice_id: str, org: str, now: datetime) -> None:
    """Change the message of a notice that is marked; nothing where it is not, or another is at it.

    What Slack answers ends on the record: a change that failed is on the agenda.
    """
    notice = load_notice(org, notice_id)
    claimed = amending.claimed(notice, now)
    if claimed is None or not saved(org, claimed):
        return
    failure = _changed(org, claimed, now)
    ended = amending.amended(claimed) if failure is None else amending.not_amended(claimed, failure, now)
    saved(org, ended)
    outcome = "amended" if failure is None else "not_amended"
    line = {"org": org, "op": notice_id, "outcome": outcome, "channel": "slack", "code": failure}
    telemetry.logger().info("notice", extra={name: value for name, value in line.items() if value is not None})
    telemetry.count("Notices", channel="slack", outcome=outcome)


def _mark(notice_id: str, org: str, now: datetime) -> None:
    for tries_left in reversed(range(MARK_TRIES)):
        try:
            marked = amending.outdated(load_notice(org, notice_id), now)
        except NotFound:  # noted, and never written
            return
        if marked is None or saved(org, marked):
            return
        if not tries_left:
            raise LostRace(detail="the notice is being written all the time")


def _changed(org: str, notice: Notice, now: datetime) -> str | None:
    """Change the message; return why it could not be, None where it is as it should be, or gone for good."""
    if notice.posted is None:
        return None
    message = _message(org, notice, now)
    if message is None:
        return None
    try:
        slack.amend(notice.posted, message)
    except NotSent as failure:
        return None if failure.unreachable else failure.code
    return None


def _message(org: str, notice: Notice, now: datetime) -> Message | None:
    """Return what has to stand there now; None where what it was about is gone."""
    channel = notice.to is To.CHANNEL
    if notice.parts:
        return amend_digest.message_of(org, notice, None if channel else _reader(org, notice), now)
    about = about_of(org, notice, now)
    if about is None:
        return None
    facts = facts_of(org, notice, about, None if channel else _reader(org, notice), now)
    ending = amending.ending(notice, about)
    return word(facts) if ending is None else over.word(facts, ending)


def _reader(org: str, notice: Notice) -> Person | None:
    return find_person(org, notice.reached or notice.recipient)
