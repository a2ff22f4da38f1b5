"""What the bank shows: a screen at a kiosk, a light and a beep elsewhere. Wording is here, apart from decisions."""

from dataclasses import dataclass
from typing import Final

from edge.commands import Purpose
from edge.messages import Notice, Session

SESSION_MS: Final = 120_000  # design.md, `session`: expires_at


@dataclass(frozen=True, kw_only=True)
class Idle:
    """Waiting for a badge."""


@dataclass(frozen=True, kw_only=True)
class Working:
    """An upload is on its way; somebody waits."""


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """A session with its options."""

    session: Session


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A door was unlocked: pull now."""

    door: int
    purpose: Purpose
    grant: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """A sentence, from the cloud (then `re` names the upload it answers) or from the bank itself."""

    level: str
    code: str
    text: str
    re: str | None = None


Screen = Idle | Working | Choosing | Opening | Message

OFFLINE: Final = Message(level="error", code="offline", text="No connection. Please try again in a minute.")
UNREADABLE: Final = Message(level="warn", code="unreadable", text="The badge could not be read. Please tap again.")
NO_ANSWER: Final = Message(level="error", code="no_answer", text="No answer came. Please tap again.")
TOO_LATE: Final = Message(level="error", code="too_late", text="The answer came too late. Please tap again.")
SESSION_OVER: Final = Message(level="warn", code="session_expired", text="That took too long. Please tap again.")
DOOR_JAMMED: Final = Message(level="error", code="jammed", text="The door is stuck. Your supervisor is told.")
NOT_OPENED: Final = Message(level="info", code="not_opened", text="The door stayed closed. Tap again if you need it.")
DOOR_STUCK_OPEN: Final = Message(
    level="warn", code="door_open", text="That door is open. Please close it and tap again."
)
DONE: Final = Message(level="info", code="done", text="Thank you.")


def please_close(door: int) -> Message:
    """Ask for a door that stands open."""
    return Message(level="warn", code="left_open", text=f"Please close door {door}.")


def message_of(notice: Notice) -> Message:
    """Show a notice as it was worded by the cloud."""
    return Message(level=notice.level, code=notice.code, text=notice.text, re=notice.re)


class Display:
    """The present screen and the session that may still be answered."""

    def __init__(self) -> None:
        self.screen: Screen = Idle()
        self._session: tuple[Session, int] | None = None

    def show(self, screen: Screen, *, mono_ms: int) -> None:
        """Change the screen; a session is remembered until it runs out or another begins."""
        self.screen = screen
        if isinstance(screen, Choosing):
            self._session = (screen.session, mono_ms)

    def forget(self) -> None:
        """Let nobody choose any more."""
        self._session = None

    def session(self, *, mono_ms: int) -> Session | None:
        """Return the session that may be chosen from now, at most 120 s after it came."""
        if self._session is None or mono_ms - self._session[1] >= SESSION_MS:
            self._session = None
            return None
        return self._session[0]
