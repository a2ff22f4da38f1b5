"""Brings what the provider of mail says to the function that hears it, and gives new addresses to who has none left."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import time_machine

from chalicelib.notices.feedback import STOPS
from tests.proof.alerts.provider import HOUR, Provider, Word
from tests.support.workplace import ORG
from tests.support.world import Context, World, app
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store.people import describe_person, load_person


@dataclass
class Hearing:
    """`people` are whose addresses they are.

    `heard` are the words that were taken in and when; since `stopped` the record knows that an address gets no more.
    """

    here: World
    provider: Provider
    chance: Random
    people: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[datetime, Word]] = field(default_factory=list)
    stopped: dict[str, datetime] = field(default_factory=dict)
    dropped: list[Word] = field(default_factory=list)
    again: int = 0
    _moving: list[tuple[datetime, str]] = field(default_factory=list)
    _busy: bool = False

    def next(self) -> datetime | None:
        """Return when the next word comes, or somebody gets a new address."""
        coming = self.provider.coming
        return min([each.at for each in coming[:1]] + [at for at, _ in self._moving[:1]], default=None)

    def go_on(self, now: datetime) -> None:
        """Let what is next happen."""
        if self._moving and self._moving[0][0] <= now:
            self._busy = True
            self._move(heapq.heappop(self._moving)[1], now)
            self._busy = False
        else:
            self._bring(heapq.heappop(self.provider.coming))

    def in_between(self, *_: Any) -> None:
        """Bring a word that is early before some call of the store, whoever is at work there."""
        if not self._busy and self.provider.early and self.chance.random() < 0.2:
            self._bring(self.provider.early.pop(0))

    def _bring(self, word: Word) -> None:
        now, self._busy = self.here.now, True
        try:
            with time_machine.travel(now, tick=False):
                app("notices").feedback(word.event, Context())
        except LostRace:
            self.again += 1
            if not self.provider.again(word, now):
                self.dropped.append(word)
        else:
            self.heard.append((now, word))
            self._note(word, now)
        finally:
            self._busy = False

    def _note(self, word: Word, now: datetime) -> None:
        who = self.people[word.address]
        if word.what not in STOPS or word.address in self.stopped or load_person(ORG, who).email != word.address:
            return
        self.stopped[word.address] = now
        if self.chance.random() < 0.6:
            heapq.heappush(self._moving, (now + (6 + 24 * self.chance.random()) * HOUR, who))

    def _move(self, who: str, now: datetime) -> None:
        """Give somebody another address, as the API does: what stops their mail does not outlive the old one."""
        before = load_person(ORG, who)
        address = f"new-{before.email}"
        self.people[address] = who
        after = replace(before, email=address, mail_stopped=None, version=before.version + 1)
        describe_person(ORG, f"move-{address}", now, after, before)
