"""What becomes of mails that SES took, and how it tells us: late, twice, out of order, and before we wrote it down."""

import heapq
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from chalicelib.notices.feedback import What

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PASSES: Final = "passes"
"""A bounce after which SES goes on trying by itself; it is no word about the mail's end."""
TRIES: Final = 3  # of Lambda, of which the later two come after these:
AGAIN_AFTER: Final = (MINUTE, 2 * MINUTE)


@dataclass(order=True)
class Word:
    """An event on its way to us: what it says of the mail of which notice, to whom."""

    at: datetime
    number: int
    notice: str = field(compare=False)
    address: str = field(compare=False)
    what: str = field(compare=False)
    said_at: datetime = field(compare=False)
    tries: int = field(compare=False, default=0)

    @property
    def event(self) -> dict[str, Any]:
        """Return it as EventBridge brings it."""
        told = json.loads(Path(f"events/mail_{What.BOUNCED if self.what == PASSES else self.what}.json").read_text())
        detail = told["detail"]
        part = {"Delivery": "delivery", "Open": "open", "Bounce": "bounce", "Complaint": "complaint"}
        about = detail[part[detail["eventType"]]]
        about["timestamp"] = self.said_at.isoformat()
        detail["mail"]["tags"]["notice"] = [self.notice]
        for name in {"bouncedRecipients", "complainedRecipients"} & about.keys():
            about[name] = [{"emailAddress": self.address.upper()}]
        if self.what == PASSES:
            about["bounceType"] = "Transient"
        return dict(told)


@dataclass
class Provider:
    """Some addresses are `dead`: whatever goes there bounces. Some mails are complained about, or bounce and pass.

    `coming` are the words on their way, `early` those that come in the midst of whatever the sender is at. One that
    is `kind` delivers everything, and says so once.
    """

    chance: Random
    dead: float = 0.2
    complained: float = 0.03
    kind: bool = False
    coming: list[Word] = field(default_factory=list)
    early: list[Word] = field(default_factory=list)
    _fates: dict[str, bool] = field(default_factory=dict)
    _number: int = 0

    def take(self, notice: str, address: str, now: datetime) -> bool:
        """Take a mail; return whether it came back, which nobody knows yet."""
        draw = self.chance.random
        if self.kind:
            self.put(Word(now + SECOND, 0, notice, address, What.DELIVERED, now + SECOND))
            return False
        back = self._fates.setdefault(address, draw() < self.dead)
        if back:
            said = [What.BOUNCED]
        elif draw() < self.complained:
            said = [What.DELIVERED, What.COMPLAINED]
        else:
            said = [What.DELIVERED] + [What.OPENED] * (draw() < 0.5)
        for what in [*said, *([PASSES] if draw() < 0.05 else [])]:
            self._tell(notice, address, str(what), now)
        return back

    def _tell(self, notice: str, address: str, what: str, now: datetime) -> None:
        said_at = now + self.chance.random() * MINUTE
        times = 1 + (self.chance.random() < 0.25)
        for _ in range(times):
            late = self.chance.choice((SECOND, MINUTE, MINUTE, HOUR, 9 * HOUR)) * self.chance.random()
            self.put(Word(said_at + late, 0, notice, address, what, said_at))
        if self.chance.random() < 0.2:
            self.early.append(Word(now, 0, notice, address, what, said_at))

    def put(self, word: Word) -> None:
        """Have a word come at its moment."""
        self._number += 1
        word.number = self._number
        heapq.heappush(self.coming, word)

    def again(self, word: Word, now: datetime) -> bool:
        """Let a word that failed come again, as Lambda does; return whether it does."""
        word.tries += 1
        if word.tries >= TRIES:
            return False
        word.at = now + AGAIN_AFTER[word.tries - 1]
        self.put(word)
        return True
