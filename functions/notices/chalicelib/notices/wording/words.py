"""The content of a message in one language, in the order in which it is read."""

from dataclasses import dataclass
from enum import StrEnum

from toolcrib.domain.reactions import Reaction


class Tone(StrEnum):
    """How loud a message is; channels turn it into a colour or a sign."""

    REMINDER = "reminder"
    LATE = "late"
    CHECK = "check"
    ALARM = "alarm"


@dataclass(frozen=True, kw_only=True)
class Button:
    """Something the reader may press; `link` is where a mail's button leads, empty where nothing is signed for it."""

    reaction: Reaction
    label: str
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    """One message, read from the top.

    `headline` says it all in a line, `lead` in a sentence or two; `rows` are label and value; `steps` say what to do,
    first things first; `why` tells why this reader gets it; `reference` leads to the record.
    """

    tone: Tone
    headline: str
    lead: str
    rows: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    why: str
    reference: str
