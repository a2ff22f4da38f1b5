"""The conversation with the person in front of the bank: badge, choice, code; then session, notice or nothing."""

from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from edge import display, uploads
from edge.actions import Action, PhotoWanted, Send, Show
from edge.badges import is_canonical
from edge.clock import Now
from edge.config import BankConfig
from edge.conversations import Conversations
from edge.display import Choosing, Display, Working
from edge.journal import Journal
from edge.messages import Notice, Session
from edge.tokens import badge_tokens, code_token

REPORTS_REMEMBERED: Final = 32


class Counter:
    """Sends what the person does and shows what comes back. Nothing here is journalled or repeated."""

    def __init__(self, config: BankConfig, journal: Journal, *, new_id: Callable[[], str]) -> None:
        self.display = Display()
        self.waiting = Conversations()
        self.connected = False
        self._reports: deque[str] = deque(maxlen=REPORTS_REMEMBERED)
        self._config, self._journal, self._new_id = config, journal, new_id

    def tap(self, uid: str, now: Now, *, joins: bool) -> list[Action]:
        """Send a badge; with `joins` into the running session, as authoriser or handover partner."""
        if not is_canonical(uid):
            return [Show(screen=display.UNREADABLE)]
        tokens = badge_tokens(uid, self._config.badge_keys)
        if not joins:
            return self.say(uploads.Tap(badges=tokens), now)
        session = self.display.session(mono_ms=now.mono_ms)
        if session is None:
            return [Show(screen=display.SESSION_OVER)]
        return self.say(uploads.Tap(badges=tokens, session=session.session), now)

    def choose(self, choice: uploads.Choice, now: Now) -> list[Action]:
        """Send the option picked in the session on display."""
        session = self.display.session(mono_ms=now.mono_ms)
        if session is None or session.session != choice.session:
            return [Show(screen=display.SESSION_OVER)]
        return self.say(choice, now)

    def code(self, code: str, now: Now) -> list[Action]:
        """Send a pick-up code as its token."""
        return self.say(uploads.Code(code=code_token(code, self._config.badge_keys[0])), now)

    def say(self, body: msgspec.Struct, now: Now) -> list[Action]:
        """Send a conversation upload and wait for its answer, or say that there is no connection."""
        if not self.connected:
            return [Show(screen=display.OFFLINE)]
        send = self.conversation(body, now)
        self.waiting.begin(send.id, now)
        return [send, Show(screen=Working())]

    def conversation(self, body: msgspec.Struct, now: Now) -> Send:
        """Make a conversation upload nobody need wait for."""
        upload = self._new_id()
        payload = uploads.conversation(
            body, upload=upload, at=now.wall, boot=self._journal.boot, journal_depth=self._journal.depth()
        )
        return Send(kind=uploads.kind_of(body), id=upload, payload=payload)

    def session(self, session: Session, now: Now) -> list[Action]:
        """Show a session somebody still waits for."""
        return [Show(screen=Choosing(session=session))] if self.waiting.consume(session.re, now) else []

    def notice(self, notice: Notice, now: Now) -> list[Action]:
        """Show a notice that answers somebody who waits, or is for whoever stands there (about a report, too)."""
        wanted = notice.re is None or notice.re in self._reports or self.waiting.consume(notice.re, now)
        asks = notice.upload is not None and notice.re is not None and notice.re in self._reports
        photo = [PhotoWanted(report=str(notice.re), form=notice.upload or {})] if asks else []
        return [Show(screen=display.message_of(notice)), *photo] if wanted else []

    def left(self) -> list[Action]:
        """Forget the session and whatever was asked: the person went away, and no late answer is for the next one."""
        self.display.forget()
        self.waiting.forget()
        return [Show(screen=display.Idle())]

    def reported(self, report: str) -> None:
        """Remember a report the cloud may have a word about for whoever still stands there."""
        self._reports.append(report)

    def unsent(self, upload: str, now: Now) -> list[Action]:
        """Say that an upload did not get out."""
        return [Show(screen=display.OFFLINE)] if self.waiting.consume(upload, now) else []

    def ticks(self, now: Now) -> list[Action]:
        """Tell whoever waited for 30 s that no answer came."""
        return [Show(screen=display.NO_ANSWER)] if self.waiting.expire(now) else []
