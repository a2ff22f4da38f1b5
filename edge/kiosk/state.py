"""What the screen remembers of whoever stands there; it goes with them, at the latest after 20 s without a touch."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from edge.commands import Purpose
from edge.display import Idle, Screen
from edge.messages import Option, Session

FORGET_MS: Final = 20_000


class Stage(StrEnum):
    """What an option still needs before it can be sent, in the order in which it is asked."""

    AUTHORISER = "authoriser"
    TERMS = "terms"
    ANSWERS = "answers"
    PIN = "pin"
    NEW_PIN = "new_pin"
    REPEAT_PIN = "repeat_pin"


@dataclass(frozen=True, kw_only=True)
class Step:
    """The option that was picked and what was given for it so far. PINs are tokens, and in no representation.

    `wrong` is a sentence about what was given last; `sent` says that the choice is on its way or was answered.
    """

    option: Option
    pin: str | None = field(default=None, repr=False)
    new_pin: str | None = field(default=None, repr=False)
    once: str | None = field(default=None, repr=False)
    terms_sha256: str | None = None
    answers: dict[str, Any] | None = None
    wrong: str = ""
    sent: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A fault report in the making: first about what, then what is wrong, then how bad."""

    about_door: int | None = None
    about_thing: bool = False
    what: str | None = None

    @property
    def has_subject(self) -> bool:
        """Whether it is known what is broken."""
        return self.about_thing or self.about_door is not None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The door that was opened last, and for what; `option` where the person picked it on the screen."""

    door: int
    purpose: Purpose
    grant: str
    option: Option | None = None


@dataclass(frozen=True, kw_only=True)
class State:
    """One person's time at the screen. `session` is the last one shown that may still be chosen from.

    `language` was pressed, `spoken` is that of the person served last; `reports` are ids of what the cloud was told.
    """

    screen: Screen = field(default_factory=Idle)
    session: Session | None = None
    step: Step | None = None
    draft: Draft | None = None
    opened: Opened | None = None
    language: str | None = None
    spoken: str | None = None
    reports: tuple[str, ...] = ()
    touched_ms: int = 0

    @property
    def is_fresh(self) -> bool:
        """Whether nobody has left anything here."""
        return isinstance(self.screen, Idle) and self.draft is None and self.language is None
