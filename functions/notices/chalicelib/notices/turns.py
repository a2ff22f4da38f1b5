"""A message takes its turn before it leaves: so many a second in each conversation of Slack, and of all mail together.

Whoever has to wait for a moment waits here; whoever has to wait for longer is `NotNow`: put off, without a try. What
was asked of us by a channel holds for everybody who wants to write there.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import Address
from toolcrib.domain import pacing
from toolcrib.domain.notices import Notice
from toolcrib.domain.pacing import Pace, Rate
from toolcrib.domain.policies import Via
from toolcrib.domain.refusals import LostRace
from toolcrib.settings import settings
from toolcrib.store.paces import find_pace, save_pace

TRIES: Final = 8  # as many senders as run at once may want the same record at the same moment


@dataclass
class NotNow(Exception):  # noqa: N818 - an answer, not a fault
    """Not to be sent before `until`, and nothing was tried."""

    until: datetime


def take(org: str, notice: Notice, address: Address, now: datetime) -> timedelta:
    """Take a notice's turn at a place, and wait for it; return how long that was. Raises `NotNow`.

    A turn that was taken and whose answer was lost is wasted, no more.
    """
    place, rate = _place(notice, address)
    for _ in range(TRIES):
        turn = pacing.turn(find_pace(org, place), rate, now, urgent=notice.urgent)
        if _saved(org, place, turn.pace, now):
            break
    else:
        raise NotNow(now + TRIES * rate.every)
    if not turn.now:
        raise NotNow(turn.at)
    waited = turn.at - now
    if waited:
        time.sleep(waited.total_seconds())
    return waited


def leave_alone(org: str, notice: Notice, address: Address, failure: NotSent, now: datetime) -> None:
    """Let nobody write to a place whose channel asked for that; whoever does not hear of it asks the channel itself."""
    if not failure.retry_after:
        return
    place, _ = _place(notice, address)
    for _ in range(TRIES):
        if _saved(org, place, pacing.left_alone(find_pace(org, place), failure.retry_after, now), now):
            return


def _place(notice: Notice, address: Address) -> tuple[str, Rate]:
    if address.via is Via.SLACK:
        return f"slack#{notice.recipient}", pacing.SLACK
    return "mail", Rate(every=timedelta(seconds=1 / float(settings().mail_rate)))


def _saved(org: str, place: str, pace: Pace, now: datetime) -> bool:
    try:
        save_pace(org, place, pace, now)
    except LostRace:
        return False
    return True
