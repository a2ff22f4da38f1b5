"""Slack and mail as they are at their worst, and what was heard there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from chalicelib.notices.letters import Letter
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import Address
from tests.proof.alerts.provider import Provider
from tests.support.world import World
from toolcrib.domain.notices import Posted
from toolcrib.domain.policies import Via

SECOND = timedelta(seconds=1)
Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Heard:
    """A message that was taken, at which place; `lost`: nobody said so. `back`: it is a mail that nobody got."""

    at: datetime
    letter: Letter
    place: Address
    lost: bool
    back: bool = False


@dataclass
class Channels:
    """`slack_down` are windows in which Slack answers nothing; SES takes `mails_a_second`, and `provider` has them."""

    here: World
    chance: Random
    provider: Provider
    slack_down: tuple[Window, ...] = ()
    limited: float = 0.05
    lost: float = 0.02
    mails_a_second: float = 1.0
    heard: list[Heard] = field(default_factory=list)
    throttled: int = 0
    refused: int = 0
    _mail_free_at: datetime | None = None
    _rest: dict[str, datetime] = field(default_factory=dict)

    @property
    def arrived(self) -> list[Heard]:
        """Return what somebody could read."""
        return [each for each in self.heard if not each.back]

    def posted(self, letter: Letter, place: Address) -> Posted | None:
        """Take a message, or do not; stands where the sender hands it to a channel."""
        now = self.here.now
        (self._slack if place.via is Via.SLACK else self._mail)(place, now)
        lost, by_mail = self.chance.random() < self.lost, place.via is Via.EMAIL
        back = by_mail and self.provider.take(letter.message.tags["notice"], place.value, now)
        self.heard.append(Heard(now, letter, place, lost, back))
        if lost:
            raise NotSent("slack_timeout")
        return Posted(channel=place.value, ts=f"{len(self.heard)}.0") if place.via is Via.SLACK else None

    def _slack(self, place: Address, now: datetime) -> None:
        if any(begin <= now < end for begin, end in self.slack_down):
            self.refused += 1
            raise NotSent("slack_http_503")
        if now < self._rest.get(place.value, now):
            self.throttled += 1
            raise NotSent("slack_rate_limited", retry_after=self._rest[place.value] - now)
        if self.chance.random() < self.limited:
            self._rest[place.value] = now + 30 * SECOND
            self.throttled += 1
            raise NotSent("slack_rate_limited", retry_after=30 * SECOND)

    def _mail(self, _: Address, now: datetime) -> None:
        if self._mail_free_at is not None and now < self._mail_free_at:
            self.throttled += 1
            raise NotSent("mail_throttled", retry_after=5 * SECOND)
        self._mail_free_at = now + SECOND / self.mails_a_second
