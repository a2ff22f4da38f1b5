"""What Toolcrib says no to, as one tree; HTTP status and screen wording are added at the edge.

Refusal              code, detail (what was compared), advice (what to do next)
├── NotFound         no such thing here (a foreign org's id looks exactly the same)
├── Conflict         the record says otherwise
│   ├── WrongState   the state table has no such move
│   ├── DoorBusy     a live grant holds the door
│   ├── Stale        somebody else changed it first (ETag)
│   └── AlreadyThere the id is taken
├── Invalid          the request contradicts itself or a rule about rules
├── NotAllowed       the principal's role or site does not cover this
└── LostRace         a condition failed at commit; the flow reloads and decides again
"""

from collections.abc import Mapping

from toolcrib.domain.judges.finding import Fact


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A definite no. `code` is machine-readable, `detail` says what was compared, `advice` what to do next.

    `fields` names each culprit of bad input. The class's own `code`, `detail` and `advice` are the defaults. `says` and
    `facts` choose and fill the sentence that people read, where a rule refused (`send/words` has it in every language).
    """

    code: str = "refused"
    detail: str = ""
    advice: str = ""

    def __init__(
        self,
        *,
        code: str | None = None,
        detail: str | None = None,
        advice: str | None = None,
        fields: Mapping[str, str] | None = None,
        says: str | None = None,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        self.code = self.code if code is None else code
        self.detail = self.detail if detail is None else detail
        self.advice = self.advice if advice is None else advice
        self.fields = dict(fields or {})
        self.says, self.facts = says, dict(facts or {})
        super().__init__(self.code, self.detail)

    def __str__(self) -> str:
        """One line for logs: code and what was compared, never a person."""
        return f"{self.code}: {self.detail}" if self.detail else self.code


class NotFound(Refusal):
    """There is no such thing in this org."""

    code = "not_found"


class Conflict(Refusal):
    """What is on record does not allow this."""

    code = "conflict"


class WrongState(Conflict):
    """The asset's state has no such move."""

    code = "wrong_state"

    def __init__(self, *, state: str, move: str) -> None:
        super().__init__(detail=f"an asset that is {state} cannot be moved by {move}")
        self.state, self.move = state, move


class DoorBusy(Conflict):
    """A live grant holds the door."""

    code = "door_busy"
    detail = "someone is using this door right now"
    advice = "Try again in a minute."


class Stale(Refusal):
    """The `If-Match` version is not the present one."""

    code = "stale"
    detail = "it was changed since you read it"
    advice = "Read it again and repeat your change."


class AlreadyThere(Conflict):
    """A thing with this id exists."""

    code = "already_exists"


class Invalid(Refusal):
    """The request contradicts itself; `fields` names each culprit."""

    code = "invalid"


class NotAllowed(Refusal):
    """The principal's role or sites do not cover this."""

    code = "not_allowed"


class LostRace(Refusal):
    """Somebody else committed first; nothing of ours was written. Flows reload and decide again."""

    code = "lost_race"
