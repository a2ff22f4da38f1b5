"""Talk to the person while nobody else can: a session of the bank's own, a door, or a sentence that says why not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from edge import display, uploads
from edge.actions import Action, Show
from edge.badges import is_canonical
from edge.clock import Now, TimeBase
from edge.config import BankConfig, Mode
from edge.display import Choosing, Message
from edge.journal import Journal
from edge.keeper import Keeper
from edge.messages import Option, Person, Refusal, Session
from edge.offline.dealings import LOCAL, Dealing, Dealings
from edge.offline.lending import Judgement, Moment, Offer, judge
from edge.offline.roster import Borrower, Roster
from edge.tokens import badge_tokens

SESSIONS_REMEMBERED: Final = 8


class Desk:
    """Answers taps and choices by the roster. What it opens is written down before the door is unlocked."""

    def __init__(
        self,
        config: BankConfig,
        journal: Journal,
        base: TimeBase,
        keeper: Keeper,
        dealings: Dealings,
        *,
        new_id: Callable[[], str],
    ) -> None:
        self._config, self._journal, self._base, self._new_id = config, journal, base, new_id
        self._keeper, self._dealings = keeper, dealings
        self._asked: dict[str, tuple[str, ...]] = {}  # whose badge began each session of ours; empty once it was used

    def tap(self, uid: str, roster: Roster, now: Now) -> list[Action]:
        """Judge a badge: open the one sensible door, offer a choice, or say why there is none."""
        if not is_canonical(uid):
            return [Show(screen=display.UNREADABLE)]
        tokens = badge_tokens(uid, self._config.badge_keys)
        found = roster.borrower(tokens)
        if found is None:
            return [Show(screen=display.OFFLINE_UNKNOWN_BADGE)]
        busy = self._dealings.in_use_by(roster.badges_of(found[1]))
        if busy is not None:
            return [Show(screen=self._keeper.reminder(busy), language=found[0].language)]
        judged = judge(self._moment(roster, now), *found)
        if self._config.mode is Mode.EXPRESS:
            return self._answered(_express(judged), found, roster, now)
        answer = _single(judged) or _session(self._begun(tokens), judged, found[0], now)
        return self._answered(answer, found, roster, now)

    def choose(self, choice: uploads.Choice, roster: Roster, now: Now) -> list[Action]:
        """Judge afresh, and open what was picked if it may still be."""
        tokens = self._asked.get(choice.session)
        if tokens == ():  # the button was pressed twice
            return []
        found = roster.borrower(tokens or ())
        if found is None:
            return [Show(screen=display.SESSION_OVER)]
        judged = judge(self._moment(roster, now), *found)
        wanted = (each for each in (*judged.returns, *judged.takes) if each.option == choice.option)
        offer = next(wanted, display.OFFLINE_GONE)
        self._asked[choice.session] = ()
        return self._answered(offer, found, roster, now)

    def _moment(self, roster: Roster, now: Now) -> Moment:
        return Moment(
            roster=roster,
            shelves=self._keeper.shelves(roster.made_ms),
            dealings=self._dealings,
            cloud_ms=self._base.cloud_ms(now),
            reports=self._journal.waiting(),
        )

    def _answered(
        self, answer: Offer | Session | Message, found: tuple[Borrower, str], roster: Roster, now: Now
    ) -> list[Action]:
        who, token = found
        if isinstance(answer, Offer):
            return _spoken(self._keeper.deals(self._dealing(answer, token, roster), now), who.language)
        screen = Choosing(session=answer) if isinstance(answer, Session) else answer
        return [Show(screen=screen, language=who.language)]

    def _dealing(self, offer: Offer, token: str, roster: Roster) -> Dealing:
        return Dealing(
            grant=f"{LOCAL}{self._new_id()}",
            kind=offer.kind,
            door=offer.door,
            badge=token,
            badges=roster.badges_of(token),
            asset=offer.asset,
            type=offer.type,
            title=offer.title,
            tag=offer.tag,
            roster=roster.version,
            alone=offer.alone,
        )

    def _begun(self, tokens: tuple[str, ...]) -> str:
        session = f"{LOCAL}{self._new_id()}"
        self._asked[session] = tokens
        while len(self._asked) > SESSIONS_REMEMBERED:
            del self._asked[next(iter(self._asked))]
        return session


def _spoken(actions: list[Action], language: str) -> list[Action]:
    """Say to the screen which language it is looked at in."""
    return [replace(each, language=language) if isinstance(each, Show) else each for each in actions]


def _express(judged: Judgement) -> Offer | Message:
    """Without a screen: what is out comes back first, the one due first; else the one thing on offer."""
    if judged.returns:
        return judged.returns[0]
    if judged.homeless:
        return display.offline_no_room(judged.homeless[0].title)
    if len(judged.takes) > 1:
        return display.OFFLINE_CHOOSE
    return judged.takes[0] if judged.takes else _reason(judged)


def _single(judged: Judgement) -> Offer | Message | None:
    """With a screen: the one sensible thing, or the reason why there is none; None where there is a choice."""
    offers = (*judged.returns, *judged.takes)
    if len(offers) == 1 and not judged.homeless:
        return offers[0]
    if offers:
        return None
    return display.offline_no_room(judged.homeless[0].title) if judged.homeless else _reason(judged)


def _reason(judged: Judgement) -> Message:
    return judged.no_take or display.OFFLINE_NOTHING


def _session(session: str, judged: Judgement, who: Borrower, now: Now) -> Session:
    homeless = [(each.title, display.offline_no_room(each.title)) for each in judged.homeless]
    refused = [*homeless, *([("", judged.no_take)] if judged.no_take is not None else [])]
    return Session(
        session=session,
        expires_at=uploads.rfc3339(now.wall + timedelta(milliseconds=display.SESSION_MS)),
        person=Person(display=who.display, language=who.language),
        options=tuple(
            Option(option=each.option, kind=each.kind, title=each.title, door=each.door, due_at=each.due_at)
            for each in (*judged.returns, *judged.takes)
        ),
        refusals=tuple(Refusal(code=why.code, title=title, text=why.text) for title, why in refused),
    )
