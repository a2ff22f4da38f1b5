"""Change messages in Slack where they stand, once what they tell is over or was acted upon (domain/amending.py).

A change takes its turn among the messages of its conversation, and leaves Slack alone where it asks for that. One that
says that a thing is back is as patient as an urgent message: whoever reads the old one might go and ask for it.
"""

from datetime import datetime

from chalicelib.notices import amend_digest, slack, turns
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.saying import about_of, facts_of
from chalicelib.notices.sending import saved
from chalicelib.notices.turns import NotNow
from chalicelib.notices.wording import over, word
from chalicelib.notices.wording.message import Message
from toolcrib import telemetry
from toolcrib.domain import amending
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via
from toolcrib.domain.refusals import LostRace, NotFound
from toolcrib.store.notices import load_notice
from toolcrib.store.people import find_person
from toolcrib.store.said import list_said

POSTPONED = "postponed"
MARK_TRIES = 5  # a sender may be at work on the record; then the stream brings the change again


def outdate(about: str, org: str, now: datetime) -> None:
    """Mark every notice of a loan or case that has just ended or moved; the stream then brings each to be changed.

    Raises `LostRace` for one that others write all the time, and what the store raises.
    """
    for notice_id in list_said(org, about):
        _mark(notice_id, org, now)


def amend(notice_id: str, org: str, now: datetime) -> None:
    """Change the message of a notice that is marked; nothing where it is not, or another is at it.

    What Slack answers ends on the record: a change that failed, or has to wait for its turn, is on the agenda. Where
    the record was marked anew meanwhile, it is marked once more: nobody knows whose change came last.
    """
    notice = load_notice(org, notice_id)
    claimed = amending.claimed(notice, now)
    if claimed is None or not saved(org, claimed):
        return
    ended, outcome = _tried(org, claimed, now)
    if not saved(org, ended) and outcome != POSTPONED:
        _mark(notice_id, org, now)
    line = {"org": org, "op": notice_id, "outcome": outcome, "channel": "slack", "code": ended.last_error}
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


def _tried(org: str, notice: Notice, now: datetime) -> tuple[Notice, str]:
    """Change a message that is ours to change, in its turn; return how its notice goes on the record, and its word."""
    try:
        waited = turns.take_to_change(org, notice, now, urgent=amending.ends(notice))
    except NotNow as later:
        return amending.put_off(notice, later.until), POSTPONED
    try:
        _change(org, notice, now + waited)
    except NotSent as failure:
        turns.leave_alone(org, turns.place_of(notice, Via.SLACK), failure, now)
        if not failure.unreachable:
            return amending.not_amended(notice, failure.code, now, failure.retry_after), "not_amended"
    return amending.amended(notice), "amended"


def _change(org: str, notice: Notice, now: datetime) -> None:
    """Put there what has to stand there now, if anything: it is read after the wait. Raises `NotSent`."""
    message = _message(org, notice, now)
    if message is not None and notice.posted is not None:
        slack.amend(notice.posted, message)


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
