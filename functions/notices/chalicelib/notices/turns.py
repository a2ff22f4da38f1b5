"""A message, or its change, takes its turn first: so many a second in each conversation of Slack, and of all mail.

Whoever has to wait for a moment waits here; whoever has to wait for longer is `NotNow`: put off, without a try. So is
whoever comes while their reader's cooldown runs. What a channel asked of one holds for everybody who wants to write
there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.notices.letters import Letter
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import Address
from toolcrib.domain import cooling, pacing
from toolcrib.domain.notices import Notice
from toolcrib.domain.pacing import Pace, Rate, Turn
from toolcrib.domain.policies import Via
from toolcrib.domain.refusals import LostRace
from toolcrib.settings import settings
from toolcrib.store.paces import find_pace, save_pace

TRIES: Final = 8  # as many senders as run at once may want the same record at the same moment
BUSY: Final = timedelta(seconds=10)  # for whom that was not enough


@dataclass
class NotNow(Exception):  # noqa: N818 - an answer, not a fault
    """Not to be sent before `until`, and nothing was tried."""

    until: datetime


def take(letter: Letter, address: Address, now: datetime) -> timedelta:
    """Take a message's turn at a place, and wait for it; return how long that was. Raises `NotNow`.

    A turn that was taken and whose answer was lost is wasted, no more.
    """
    org, notice, place, rate = letter.org, letter.notice, place_of(letter.notice, address.via), _rate(address)

    def cooled(pace: Pace) -> Turn:
        return cooling.turn(pace, notice, letter.told, letter.cooldown, now)

    def paced(pace: Pace) -> Turn:
        return pacing.turn(pace, rate, now, urgent=notice.urgent)

    reader = pacing.own_place(notice)
    if place == reader:
        return _wait(_step(org, place, now, lambda pace: pacing.both(pace, cooled, paced)) - now)
    if cooling.cools(notice):
        _step(org, reader, now, cooled)
    return _wait(_step(org, place, now, paced) - now)


def take_to_change(org: str, notice: Notice, now: datetime, *, urgent: bool) -> timedelta:
    """Take the turn of a change where the message stands, as a message's; a cooldown is none of its business.

    Returns how long was waited for it. Raises `NotNow`.
    """
    turn = _step(
        org, place_of(notice, Via.SLACK), now, lambda pace: pacing.turn(pace, pacing.SLACK, now, urgent=urgent)
    )
    return _wait(turn - now)


def missed(letter: Letter, again_at: datetime, now: datetime) -> None:
    """Let what else waits for its reader come again at the moment at which a message that did not reach them does."""
    not_told(letter.org, letter.notice, letter.told, again_at, now)


def not_told(org: str, notice: Notice, told: tuple[Notice, ...], again_at: datetime, now: datetime) -> None:
    """Let what a message that did not reach its reader told of have begun no cooldown."""
    if cooling.cools(notice):
        _change(org, pacing.own_place(notice), now, lambda pace: cooling.not_told(pace, notice.id, told, again_at))


def leave_alone(org: str, place: str, failure: NotSent, now: datetime) -> None:
    """Let nobody write to a place whose channel asked for that; whoever does not hear of it asks the channel itself."""
    if failure.retry_after:
        _change(org, place, now, lambda pace: pacing.left_alone(pace, failure.retry_after, now))


def place_of(notice: Notice, via: Via) -> str:
    """Return the place at which a notice's message takes its turn: its reader's in Slack, or that of all mail."""
    return f"{Via.SLACK}#{notice.recipient}" if via is Via.SLACK else pacing.MAIL


def _rate(address: Address) -> Rate:
    if address.via is Via.SLACK:
        return pacing.SLACK
    return Rate(every=timedelta(seconds=1 / float(settings().mail_rate)))


def _wait(rest: timedelta) -> timedelta:
    if rest:
        time.sleep(rest.total_seconds())
    return rest


def _step(org: str, place: str, now: datetime, decide: Callable[[Pace], Turn]) -> datetime:
    """Decide on a place's record and write it; return when one may send. Raises `NotNow`."""
    turn: Turn | None = None

    def decided(pace: Pace) -> Pace:
        nonlocal turn
        turn = decide(pace)
        return turn.pace

    if not _change(org, place, now, decided) or turn is None:
        raise NotNow(now + BUSY)
    if not turn.now:
        raise NotNow(turn.at)
    return turn.at


def _change(org: str, place: str, now: datetime, change: Callable[[Pace], Pace]) -> bool:
    """Write what becomes of a place's record, if anything; return whether nobody came between again and again."""
    for _ in range(TRIES):
        pace = find_pace(org, place, now)
        after = change(pace)
        if after == pace:
            return True
        try:
            save_pace(org, place, after, now)
        except LostRace:
            continue
        return True
    return False
