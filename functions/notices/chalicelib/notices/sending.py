"""How a message leaves, and how that is recorded and told."""

from chalicelib.notices import email, slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import ELSEWHERE_AFTER, Address
from chalicelib.notices.wording.message import Message
from toolcrib import telemetry
from toolcrib.domain import outbox
from toolcrib.domain.cases import Case
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.policies import To, Via
from toolcrib.domain.refusals import LostRace
from toolcrib.store.notices import load_notice, save_notice

RECORD_TRIES = 3  # the sweeper may touch the record while we send


def send(notice: Notice, places: tuple[Address, ...], message: Message) -> Posted | None:
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
