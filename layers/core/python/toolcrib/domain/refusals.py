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

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A definite no. `code` is machine-readable, `detail` says what was compared, `advice` what to do next."""

    code: str
    detail: str = ""
    advice: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line for logs: code and what was compared, never a person."""
        return f"{self.code}: {self.detail}" if self.detail else self.code


@dataclass(kw_only=True)
class NotFound(Refusal):
    """There is no such thing in this org."""

    code: str = "not_found"


@dataclass(kw_only=True)
class Conflict(Refusal):
    """What is on record does not allow this."""

    code: str = "conflict"


@dataclass(kw_only=True)
class WrongState(Conflict):
    """The asset's state has no such move."""

    state: str
    move: str
    code: str = "wrong_state"

    def __post_init__(self) -> None:
        """Say both halves of the missing table entry."""
        self.detail = self.detail or f"an asset that is {self.state} cannot be moved by {self.move}"


@dataclass(kw_only=True)
class DoorBusy(Conflict):
    """A live grant holds the door."""

    code: str = "door_busy"
    detail: str = "someone is using this door right now"
    advice: str = "Try again in a minute."


@dataclass(kw_only=True)
class Stale(Refusal):
    """The `If-Match` version is not the present one."""

    code: str = "stale"
    detail: str = "it was changed since you read it"
    advice: str = "Read it again and repeat your change."


@dataclass(kw_only=True)
class AlreadyThere(Conflict):
    """A thing with this id exists."""

    code: str = "already_exists"


@dataclass(kw_only=True)
class Invalid(Refusal):
    """The request contradicts itself; `fields` names each culprit."""

    code: str = "invalid"


@dataclass(kw_only=True)
class NotAllowed(Refusal):
    """The principal's role or sites do not cover this."""

    code: str = "not_allowed"


@dataclass(kw_only=True)
class LostRace(Refusal):
    """Somebody else committed first; nothing of ours was written. Flows reload and decide again."""

    code: str = "lost_race"
