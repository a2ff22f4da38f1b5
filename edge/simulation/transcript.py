"""What a visit to a simulated bank is asked to be, and the transcript of what happened."""

from typing import Any

import msgspec

from edge.commands import Purpose
from edge.display import Message
from edge.messages import Option, Refusal
from edge.simulation.misbehaviour import Misbehaviour
from edge.uploads import Outcome


class TapRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do at a bank. `option`, the PINs and the others are for kiosks; `item` names the thing to take or give.

    `others` are the badges of those who stand by, and tap when the screen asks for somebody else. `answers` are given
    where it asks questions.
    """

    uid: str
    others: tuple[str, ...] = ()
    answers: dict[str, str | bool] = {}
    option: str | int | None = None
    pin: str | None = None
    new_pin: str | None = None
    item: str | None = None
    misbehave: Misbehaviour | None = None


class Transcript(msgspec.Struct, kw_only=True):
    """What happened. `answer` is `open`, `notice`, `session` (nothing could be picked), `offline` or `none`.

    `outcome` is that of the final door report; `acknowledged` says that the cloud has committed it, `rejected` why it
    never will.
    """

    bank: str
    answer: str = "none"
    person: str = ""
    options: list[Option] = []
    refusals: list[Refusal] = []
    picked: str | int | None = None
    notices: list[Message] = []
    door: int | None = None
    purpose: Purpose | None = None
    grant: str | None = None
    outcomes: list[Outcome] = []
    evidence: str | None = None
    present: bool | None = None
    tags: list[str] | None = None
    acknowledged: bool = False
    rejected: str | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The last thing the door reported."""
        return self.outcomes[-1] if self.outcomes else None

    def as_json(self) -> dict[str, Any]:
        """Return what the panel answers with."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields | {"outcome": self.outcome}
