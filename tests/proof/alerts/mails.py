"""What has to hold of mails that came back, and of what was said of the others."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from chalicelib.notices.feedback import What
from tests.proof.alerts.channels import SECOND, Heard
from tests.proof.alerts.month import COOLDOWN, IN_SLACK, Month
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.pacing import own_place
from toolcrib.domain.policies import Via

MEANWHILE: Final = 10 * SECOND  # that a sender may be at it when word comes


def wrong(month: Month, notices: dict[str, Notice]) -> Iterator[str]:
    """Yield what does not hold: mails to who gets none, words that did not count, or counted as something else."""
    hearing = month.hearing
    yield from (f"word of {each.notice} was dropped" for each in hearing.dropped)
    for each in month.channels.heard:
        stopped = hearing.stopped.get(each.place.value) if each.place.via is Via.EMAIL else None
        if stopped is not None and each.at > stopped + MEANWHILE:
            yield f"{each.letter.notice.id} went to a stopped address at {each.at}"
    for name in {word.notice for _, word in hearing.heard}:
        words = [word for _, word in hearing.heard if word.notice == name]
        said = {what: min((word.said_at for word in words if word.what == what), default=None) for what in What}
        graver = next((what for what in (What.COMPLAINED, What.BOUNCED) if said[what]), None)
        notice = notices[name]
        known = notice.delivered_at, notice.read_at, notice.bounced
        if known != (said[What.DELIVERED], said[What.OPENED], graver):
            yield f"{name} has {known}, and heard {said}"


def out_of_reach(month: Month, notice: Notice) -> bool:
    """Whether there was no way to tell somebody: their mail had been stopped, and they have nothing else."""
    theirs = [address for address, who in month.hearing.people.items() if who == notice.recipient]
    other = notice.recipient in IN_SLACK or notice.recipient.startswith("p-")
    return notice.last_error == "no_address" and not other and any(each in month.hearing.stopped for each in theirs)


def told_again(month: Month, notices: dict[str, Notice]) -> Iterator[timedelta]:
    """Yield how long those waited whose mail came back, and who had another way, since we knew and that way worked.

    The cooldown after another message that did reach them is not counted.
    """
    known: dict[str, datetime] = {}
    for at, word in month.hearing.heard:
        if word.what == What.BOUNCED:
            known.setdefault(word.notice, at)
    for mail in month.channels.heard:
        since = known.get(mail.letter.message.tags["notice"])
        if not mail.back or since is None:
            continue
        for told in mail.letter.told:
            if notices[told.id].state is NoticeState.SENT:
                arrived = [each.at for each in messages_of(month, told.id) if not each.back and each.at >= mail.at]
                at = min(arrived, default=since)
                yield at - _reachable(month, since) - _cooldown(month, told, since, at)


def _cooldown(month: Month, notice: Notice, since: datetime, upto: datetime) -> timedelta:
    """Return how long their reader's cooldown may have been, after what they were told meanwhile or right before."""
    theirs = (each for each in month.channels.arrived if own_place(each.letter.notice) == own_place(notice))
    return COOLDOWN if any(since - COOLDOWN < each.at < upto for each in theirs) else timedelta()


def messages_of(month: Month, notice: str) -> Iterator[Heard]:
    """Yield the messages that told of a notice, the first one first."""
    return (each for each in month.channels.heard if any(told.id == notice for told in each.letter.told))


def _reachable(month: Month, since: datetime) -> datetime:
    """Return from when on Slack could be used."""
    return max((end for begin, end in month.channels.slack_down if begin <= since < end), default=since)
