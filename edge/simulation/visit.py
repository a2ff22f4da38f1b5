"""One visit to a simulated bank, from tap to acknowledged report: the person's part at the screen."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from edge import display
from edge.actions import Action, Forgotten, Recorded, Show
from edge.config import BadgeKey
from edge.display import Choosing, Message, Opening
from edge.journal import Report
from edge.messages import Option, Session
from edge.offline.dealings import LOCAL
from edge.simulation.transcript import TapRequest, Transcript
from edge.tokens import pin_token
from edge.uploads import FINAL, Choice, DoorReport, Outcome

MAX_CHOICES: Final = 3  # a session may answer a choice; somebody who is asked for ever goes away
LAST_WORDS: Final = {  # what a bank says by itself instead of opening, and the visit's answer then
    display.OFFLINE.code: "offline",
    display.NO_ANSWER.code: "none",
    display.UNREADABLE.code: "notice",
    display.TOO_LATE.code: "notice",
    display.SESSION_OVER.code: "notice",
    display.DOOR_STUCK_OPEN.code: "notice",
} | dict.fromkeys((message.code for message in display.WHILE_ALONE), "notice")


@dataclass(frozen=True, kw_only=True)
class Rebooted:
    """The power came back and the bank is ready; `pending` are the reports it found in its journal."""

    pending: tuple[Report, ...]


@dataclass(frozen=True, kw_only=True)
class Hands:
    """What is done at the screen and the reader: `choose` an option, let somebody else's badge `join`."""

    choose: Callable[[Choice], None]
    join: Callable[[str], None]


class Visit:
    """Follows a bank's actions and plays the person's part at the screen, until there is nothing left to wait for."""

    def __init__(self, bank: str, request: TapRequest, key: BadgeKey, hands: Hands) -> None:
        self.transcript = Transcript(bank=bank)
        self._request, self._key, self._hands = request, key, hands
        self._others = list(request.others)
        self._heard: asyncio.Queue[Action | Rebooted] = asyncio.Queue()
        self._choices = 0
        self._final: str | None = None
        self._seen: set[str] = set()
        self._forgotten: dict[str, str | None] = {}

    def hears(self, heard: Action | Rebooted) -> None:
        """Take what the bank does."""
        self._heard.put_nowait(heard)

    async def follow(self) -> None:
        """Play until the visit is over."""
        while not self._over(await self._heard.get()):
            pass

    def _over(self, heard: Action | Rebooted) -> bool:
        match heard:
            case Show(screen=Choosing(session=session)):
                return not self._picks(session)
            case Show(screen=Opening() as opening):
                self._opens(opening.grant, opening.door)
                self.transcript.purpose = opening.purpose
            case Show(screen=Message() as message):
                return self._reads(message)
            case Recorded(report=report):
                self._sees(report)
            case Forgotten(ids=ids, rejected=rejected):
                self._forgotten |= {id_: rejected.get(id_) for id_ in ids}
            case Rebooted(pending=pending):
                for report in pending:
                    self._sees(report)
                return self._final is None or self._is_acknowledged()
        return self._is_acknowledged() or (self._alone and self._final is not None)

    @property
    def _alone(self) -> bool:
        """Whether the bank opened by itself: its cloud may not hear of it for days."""
        return (self.transcript.grant or "").startswith(LOCAL)

    def _opens(self, grant: str, door: int) -> None:
        self.transcript.answer, self.transcript.grant, self.transcript.door = "open", grant, door

    def _picks(self, session: Session) -> bool:
        """Pick the wanted option or the first; False when there is nothing to pick."""
        seen = self.transcript
        seen.answer, seen.person = "session", session.person.display
        seen.options, seen.refusals = list(session.options), list(session.refusals)
        wanted = self._wanted(session)
        if wanted is None or self._choices == MAX_CHOICES:
            return False
        seen.picked, needs = wanted.option, wanted.needs
        if "authoriser" in needs and self._others:
            self._hands.join(self._others.pop(0))
            return True
        self._choices += 1
        self._hands.choose(
            Choice(
                session=session.session,
                option=wanted.option,
                pin=self._typed(self._request.pin, asked="pin" in needs),
                new_pin=self._typed(self._request.new_pin, asked="new_pin" in needs),
                terms_sha256=session.terms.sha256 if session.terms and "terms" in needs else msgspec.UNSET,
                answers=self._request.answers if self._request.answers and "answers" in needs else msgspec.UNSET,
            )
        )
        return True

    def _wanted(self, session: Session) -> Option | None:
        """Return what was asked for, or the first; once somebody else tapped, the screen may be theirs."""
        asked = self._request.option
        found = (each for each in session.options if asked in {None, each.option, str(each.option)})
        joined = len(self._others) < len(self._request.others)
        return next(found, session.options[0] if joined and session.options else None)

    def _typed(self, pin: str | None, *, asked: bool) -> str | UnsetType:
        """Type a PIN where the screen asks for one and the person knows one."""
        return msgspec.UNSET if pin is None or not asked else pin_token(pin, self._key)

    def _reads(self, message: Message) -> bool:
        """Read a notice; before a door opened it is the end of the visit."""
        seen = self.transcript
        seen.notices.append(message)
        if seen.grant is not None or (message.re is None and message.code not in LAST_WORDS):
            return False
        seen.answer = "notice" if message.re is not None else LAST_WORDS[message.code]
        return True

    def _sees(self, report: Report) -> None:
        """Note what the visit's door reports; an `unresolved` may be the first that is heard of a grant."""
        if report.kind != "door":
            return
        seen, told = self.transcript, msgspec.json.decode(report.body, type=DoorReport)
        if told.outcome is Outcome.UNRESOLVED and told.grant is not None and seen.grant is None:
            self._opens(told.grant, told.door)
        by_itself = self._alone and told.offline is not UNSET and told.door == seen.door
        if report.id in self._seen or not (by_itself or (told.grant is not None and told.grant == seen.grant)):
            return
        self._seen.add(report.id)
        seen.outcomes.append(told.outcome)
        if told.outcome in FINAL:
            self._final = report.id
            seen.evidence, seen.present = told.evidence, told.present
            seen.tags = None if told.tags is None else list(told.tags)

    def _is_acknowledged(self) -> bool:
        if self._final not in self._forgotten:
            return False
        self.transcript.rejected = self._forgotten[self._final]
        self.transcript.acknowledged = self.transcript.rejected is None
        return True
