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


@dataclass(frozen=True, kw_only=True)
class NoRoom(Message):
    """That no door is free for a thing; `thing` is its title, empty where it has none."""

    thing: str = ""


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

# What a bank without a connection says (docs/employees.md, *Without a connection*).
CATCHING_UP: Final = Message(
    level="info", code="catching_up", text="The connection is just back. Please try again in a few minutes."
)
TAP_AGAIN: Final = Message(level="warn", code="line_changed", text="The connection came or went. Please tap again.")
OFFLINE_UNKNOWN_BADGE: Final = Message(
    level="warn",
    code="badge_unknown",
    text="No connection, and this badge is not known here. Please use another locker, or ask your supervisor.",
)
OFFLINE_NO_TIME: Final = Message(
    level="warn",
    code="offline_no_time",
    text="No connection since this locker was switched on. It takes things back and lends nothing until it has one.",
)
OFFLINE_ROSTER_OVER: Final = Message(
    level="warn",
    code="offline_roster_over",
    text="No connection for too long. This locker takes things back and lends nothing until it is connected again.",
)
OFFLINE_NO_ACCESS: Final = Message(
    level="warn", code="no_access", text="Without a connection there is nothing here for you to take. Please come back."
)
OFFLINE_NOT_NOW: Final = Message(
    level="warn", code="outside_schedule", text="Without a connection you may not take anything here at this time."
)
OFFLINE_ENOUGH: Final = Message(
    level="warn",
    code="allowance_reached",
    text="Without a connection you cannot take more. Please wait for the connection, or use another locker.",
)
OFFLINE_FULL: Final = Message(
    level="warn",
    code="offline_full",
    text="This locker was without a connection for too long. It takes things back and lends nothing.",
)
OFFLINE_NOTHING: Final = Message(
    level="warn",
    code="nothing_available",
    text="Without a connection nothing here can be lent to you. Please use another locker, or come back.",
)
OFFLINE_CHOOSE: Final = Message(
    level="warn",
    code="choose_at_kiosk",
    text="There are several things for you. Please use a locker with a screen, or come back.",
)
OFFLINE_GONE: Final = Message(level="warn", code="nothing_available", text="That is not possible any more. Tap again.")


def offline_no_room(title: str) -> NoRoom:
    """Say that no door is known to be free, and that nobody is late because of it."""
    return NoRoom(
        thing=title,
        level="warn",
        code="no_free_door",
        text=f"No door is free for {title or 'it'}. Please use another locker, or come back: you are not late for it.",
    )


WHILE_ALONE: Final = (
    CATCHING_UP,
    TAP_AGAIN,
    OFFLINE_UNKNOWN_BADGE,
    OFFLINE_NO_TIME,
    OFFLINE_ROSTER_OVER,
    OFFLINE_NO_ACCESS,
    OFFLINE_NOT_NOW,
    OFFLINE_ENOUGH,
    OFFLINE_FULL,
    OFFLINE_NOTHING,
    OFFLINE_CHOOSE,
    OFFLINE_GONE,
    offline_no_room(""),
)
"""What a bank says instead of opening while it decides by itself."""


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
