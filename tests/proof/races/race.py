"""A race: rounds in which exactly one wins, told apart by who did; what everybody was told; nobody is left waiting.

MiniStack starts a process for each call that comes in while others are under way, as AWS does, and keeps it for the
next. A race therefore calls everybody once before it begins (`warmed`): what counts is contention, not cold starts.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Protocol
from uuid import uuid4

import httpx

from tests.journeys.asking import Web, eventually
from tests.journeys.corner import Corner, Person
from tests.support.player import AGAIN_AFTER_S, ANSWERS, Message, Player, SilenceError

LOST = frozenset({"door_busy", "nothing_available"})
HANDICAP_S = 0.02
"""Whoever won starts about so much later the next time: soon both arrive at the same moment, however they travel."""
Said = tuple[str, Message]
Call = tuple[str, str, Message | None]
"""A request's method, path and body."""


class Race(Protocol):
    """`won` counts who won, `told` what the others were told; it is run in a corner of a stack."""

    corner: Corner
    won: Counter[str]
    told: Counter[str]

    def round(self) -> None:
        """Let all start at the same moment, and set everything back; raises `AssertionError` unless one wins."""

    def finish(self) -> None:
        """Check what the ledger has of it; raises `AssertionError`."""


@dataclass(kw_only=True)
class Tally:
    """Who won how often, and what the others were told, in a corner of a running stack."""

    corner: Corner
    won: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    chance: Random = field(default_factory=lambda: Random(0))
    ahead_s: float = 0.0

    def tap_against(self, bank: Player, token: str, call: Call) -> tuple[Said, httpx.Response]:
        """Return the answers to a tap and to an administrator's request; the tap is `ahead_s` of it, or behind."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            asked = pool.submit(request, self.corner.web, call, after_s=self.ahead_s)
            time.sleep(max(0.0, -self.ahead_s))
            said = answered(bank, token, bank.publish_tap(token))
            return said, asked.result()

    def first(self, who: str, *, tap: bool) -> None:
        """Count who won, and give the other a better start."""
        self.won[who] += 1
        self.ahead_s += self.chance.uniform(0, 2 * HANDICAP_S) * (-1 if tap else 1)


def all_tap(bank: Player, people: Sequence[Person]) -> list[Said]:
    """Return everybody's answer, in their order; who gets none in time taps again, as people do."""
    tapped = [bank.publish_tap(person.token) for person in people]
    return [answered(bank, person.token, tap) for person, tap in zip(people, tapped, strict=True)]


def answered(bank: Player, token: str, tap: str) -> Said:
    """Return the answer to a tap; who gets none in time taps again."""
    try:
        return bank.wait(ANSWERS, [tap], patience_s=AGAIN_AFTER_S)
    except SilenceError:
        return bank.tap(token)


def codes(answers: Iterable[Said]) -> list[str]:
    """Return what was said, in a word each: a notice's code, else the kind of answer."""
    return [said.get("code", kind) for kind, said in answers]


def warmed(bank: Player, people: Sequence[Person]) -> None:
    """Let all tap where there is nothing, until every one of them is served in time."""
    eventually(lambda: all(said == "nothing_available" for said in codes(all_tap(bank, people))))


def request(web: Web, call: Call, *, after_s: float = 0.0) -> httpx.Response:
    """Send an administrator's request, now or a moment later, whatever its answer."""
    time.sleep(max(0.0, after_s))
    method, path, body = call
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*"}
    return web.client.request(method, path, headers=headers, json=body)
