"""What verifying looks at and what it finds: ledgers as they are stored, and faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from toolcrib.domain.assets import CustodianKind
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.record import Record
from toolcrib.domain.states import State

CUSTODIANS: Final[Mapping[State, frozenset[CustodianKind]]] = {
    State.STORED: frozenset({CustodianKind.SITE}),
    State.STOWED: frozenset({CustodianKind.DOOR}),
    State.ON_LOAN: frozenset({CustodianKind.PERSON}),
    State.UNCONFIRMED: frozenset({CustodianKind.PERSON, CustodianKind.DOOR}),
    State.IN_REPAIR: frozenset({CustodianKind.WORKSHOP, CustodianKind.DOOR}),
    State.MISSING: frozenset({CustodianKind.NOBODY}),
    State.LOST: frozenset({CustodianKind.NOBODY}),
    State.RETIRED: frozenset({CustodianKind.NOBODY}),
}
"""Who may have an asset in each state (design.md, *States*)."""


class Fault(Record, frozen=True, kw_only=True):
    """Something that does not fit: which rule (`I1`, `I2`, `I3`, `references`, `anchor`), what, and why."""

    rule: str
    thing: str
    why: str

    def __str__(self) -> str:
        """One line for the terminal."""
        return f"{self.rule}: {self.thing}: {self.why}"


class EventRow(Record, frozen=True, kw_only=True):
    """An event as it is stored: the number in its key, its hash, and what it says.

    `event` is None where it cannot be read; `exact` is False where the item says more, or less, than the event does.
    """

    key: int
    hash: str
    event: CustodyEvent | None
    exact: bool = True


class GuardRow(Record, frozen=True, kw_only=True):
    """The guard of an operation, and the number of the event it stands beside."""

    op: str
    seq: int


class StrayRow(Record, frozen=True, kw_only=True):
    """Something in an asset's ledger that is neither."""

    key: str


Row = EventRow | GuardRow | StrayRow


@dataclass
class Leans:
    """What an asset's ledger leans on: loans that its events name, and by number the grants that must be remembered.

    Every event has a guard of its own, or a loan remembers its grant (safety.md, I3).
    """

    loans: set[str] = field(default_factory=set)
    grants: dict[int, str] = field(default_factory=dict)
