"""The view: everything the page draws, in words already, and nothing more about a person than a display name."""

from typing import Any, Literal

import msgspec

from edge.kiosk.acts import Act

Tone = Literal["calm", "go", "good", "warn", "stop"]
Look = Literal["shut", "ready", "open", "fault"]
"""Of a door: `ready` is unlocked and waits to be pulled."""
Sent = dict[str, Any]
"""An act as the page posts it."""


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the view."""


class Button(Part, frozen=True, kw_only=True):
    """Something to press; `look` is how much it asks to be pressed."""

    label: str
    act: Sent
    look: Literal["primary", "secondary", "quiet"] = "secondary"


class Card(Part, frozen=True, kw_only=True):
    """One thing to choose, or one that cannot be had and why. `due_at` is RFC 3339; the page words it."""

    title: str
    act: Sent | None = None
    icon: str = ""
    door: str = ""
    due_at: str | None = None
    note: str = ""


class Asked(Part, frozen=True, kw_only=True):
    """One question of a form."""

    id: str
    kind: Literal["yes_no", "choice", "text"]
    text: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


class Pad(Part, frozen=True, kw_only=True):
    """Digits to type, from `least` to `most`."""

    label: str
    least: int = 4
    most: int = 12
    wrong: str = ""


class Describing(Part, frozen=True, kw_only=True):
    """How bad, in words, with a photo where the bank takes them."""

    minor: str
    critical: str
    words: str
    photo: bool


class Door(Part, frozen=True, kw_only=True):
    """One door of the drawing; `act` where it can be pressed."""

    number: int
    state: Look = "shut"
    mine: bool = False
    act: Sent | None = None
    name: str = ""


class Drawing(Part, frozen=True, kw_only=True):
    """The cabinet, column by column from the left, each from the top; `label` says it to who does not see it."""

    columns: tuple[tuple[Door, ...], ...]
    label: str


class Countdown(Part, frozen=True, kw_only=True):
    """Until a moment on the bank's monotonic clock, of so many milliseconds in all."""

    until_ms: int
    of_ms: int
    label: str


class View(Part, frozen=True, kw_only=True):
    """What is on the screen. `at` is what changes when another screen comes: focus goes to its heading then."""

    screen: str
    language: str
    title: str
    at: str = ""
    tone: Tone = "calm"
    icon: str = ""
    text: str = ""
    greeting: str = ""
    banner: str = ""
    cards: tuple[Card, ...] = ()
    refusals: tuple[Card, ...] = ()
    pad: Pad | None = None
    terms: str = ""
    questions: tuple[Asked, ...] = ()
    describing: Describing | None = None
    drawing: Drawing | None = None
    countdown: Countdown | None = None
    due_at: str | None = None
    buttons: tuple[Button, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    forget_at_ms: int | None = None
    labels: dict[str, str] = {}


def sent(act: Act) -> Sent:
    """Return an act as the page posts it back."""
    body: Sent = msgspec.to_builtins(act)
    return body
