"""What a person can do at the screen: records that the page posts; unknown ones and other fields are refused."""

from typing import Annotated, Literal

import msgspec

from edge.kiosk.speaking import Language
from edge.uploads import Severity

MAX_TEXT: int = 1_000  # characters of a fault report, as the cloud takes them
MAX_ANSWER: int = 500


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="act"):
    """What all acts are: `act` names which."""


class Touch(Act, frozen=True, kw_only=True, tag="touch"):
    """Somebody is still there."""


class Leave(Act, frozen=True, kw_only=True, tag="leave"):
    """They are done: everything is forgotten."""


class Back(Act, frozen=True, kw_only=True, tag="back"):
    """One step back: to the choice, or to the idle screen."""


class Speak(Act, frozen=True, kw_only=True, tag="speak"):
    """Show everything in this language, for this person."""

    language: Language


class Pick(Act, frozen=True, kw_only=True, tag="pick"):
    """One option of the session on the screen, by what it came with."""

    option: Annotated[str, msgspec.Meta(max_length=128)] | int


class Pin(Act, frozen=True, kw_only=True, tag="pin"):
    """The digits that were typed. They become a token at once, and show nowhere."""

    digits: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4,12}$")]

    def __repr__(self) -> str:
        """Never the digits."""
        return "Pin(...)"


class Accept(Act, frozen=True, kw_only=True, tag="accept"):
    """The terms on the screen are accepted."""


class Decline(Act, frozen=True, kw_only=True, tag="decline"):
    """The terms on the screen are not accepted."""


class Answer(Act, frozen=True, kw_only=True, tag="answer"):
    """What was answered to the questions on the screen, by their ids."""

    answers: dict[
        Annotated[str, msgspec.Meta(max_length=64)], Annotated[str, msgspec.Meta(max_length=MAX_ANSWER)] | bool
    ]


class AskOthers(Act, frozen=True, kw_only=True, tag="ask_others"):
    """Nobody who may agree is here: ask them by message."""


class Fault(Act, frozen=True, kw_only=True, tag="fault"):
    """Something is broken: begin to say what."""


class About(Act, frozen=True, kw_only=True, tag="about"):
    """What is broken: a door, or without one the thing that was just taken or returned."""

    door: int | None = None


class Kind(Act, frozen=True, kw_only=True, tag="kind"):
    """What is wrong with it."""

    what: Literal["damaged", "does_not_work", "incomplete", "dirty", "lock", "other"]


class Describe(Act, frozen=True, kw_only=True, tag="describe"):
    """How bad it is, in words if they like, and whether a photo follows."""

    severity: Severity
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""
    photo: bool = False


Done = (
    Touch | Leave | Back | Speak | Pick | Pin | Accept | Decline | Answer | AskOthers | Fault | About | Kind | Describe
)
