"""Note what became of a mail: on its notice, and on the person whose address it was (toolcrib/domain/feedback.py)."""

from datetime import datetime

from chalicelib.notices.feedback import CAME_BACK, Feedback, What, anew, mailed_to, noted, stopped, undone
from chalicelib.notices.turns import not_told
from toolcrib.domain.ids import derived
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import until_committed
from toolcrib.store import keys
from toolcrib.store.agenda import wake_notice
from toolcrib.store.notices import find_notice, save_notice
from toolcrib.store.people import describe_person, find_person
from toolcrib.telemetry import count, record


def hear(said: Feedback, org: str, now: datetime) -> str:
    """Note what was said of a mail; returns what came of it. Again, or in another order, it comes to the same.

    Raises `LostRace` for a mail whose sender has not written yet that it is out: the event is brought again.
    """
    notice = find_notice(org, said.notice)
    outcome = str(said.what)
    if notice is None:
        outcome = "unknown"
    elif notice.state is NoticeState.SENDING:
        raise LostRace(detail="the notice is being sent")
    else:
        reader = mailed_to(notice)
        if reader is not None:  # before the notice: what is sent anew must not go to the same address
            _stop(org, reader, said, now)
        if until_committed(lambda: _note(org, said, now)):
            wake_notice(keys.notice(org, said.notice), keys.moment(now))
            outcome = "sent_anew"
    count("Mail", what=outcome)
    record("mail", org=org, op=said.notice, outcome=outcome)
    return outcome


def _stop(org: str, person_id: str, said: Feedback, now: datetime) -> None:
    def once() -> None:
        before = find_person(org, person_id)
        after = stopped(before, said) if before is not None else None
        if before is not None and after is not None:
            op = derived("mail-stopped", org, person_id, str(said.what), str(before.version))
            describe_person(org, op, now, after, before)

    until_committed(once)


def _note(org: str, said: Feedback, now: datetime) -> bool:
    """Write it on the notice, and on the parts of a digest that came back; whether it is to be sent anew."""
    notice = find_notice(org, said.notice)
    if notice is None:
        return False
    again = undone(notice, said, now)
    after = noted(again or notice, said)
    if said.what is What.BOUNCED and notice.bounced is None:
        parts = tuple(filter(None, (find_notice(org, part) for part in notice.parts)))
        not_told(org, notice, parts or (notice,), now, now)
        for part in parts:
            _release(org, notice, part, now)
    if after is not None:
        save_notice(org, after)
    return again is not None or _waits(notice, said)


def _release(org: str, digest: Notice, part: Notice, now: datetime) -> None:
    """Let a part that went out with a digest be told by itself: the agenda brings it.

    So may one whose end with the digest is not written yet, before it is: that would say that it was told.
    """
    ends_with_it = digest.state is NoticeState.SENT and part.state in UNDELIVERED
    if part.digest == digest.id and (part.state is NoticeState.SENT or ends_with_it):
        save_notice(org, replace(anew(part, now), version=part.version + 1))


def _waits(notice: Notice, said: Feedback) -> bool:
    """Whether it was made to wait before by this same word, whose answer was lost."""
    bounced = said.what is What.BOUNCED and notice.bounced == What.BOUNCED
    return bounced and notice.state is NoticeState.PENDING and notice.last_error == CAME_BACK
