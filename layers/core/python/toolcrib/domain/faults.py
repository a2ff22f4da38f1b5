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


_REBUILD: Final = "`toolcrib rebuild` makes it anew from the ledger (runbook, *Restoring the tables*)."
_TAMPERED: Final = "Find out who wrote it before anything else (runbook, *Somebody may have tampered with the record*)."
ADVICE: Final[Mapping[str, str]] = {
    "I1": f"Look where the thing is. Unless somebody is writing by hand, {_REBUILD}",
    "I2": f"{_TAMPERED} After a restore: {_REBUILD}",
    "I3": f"{_TAMPERED} After a restore: {_REBUILD}",
    "references": f"Something it leans on is lost or older than it is: {_REBUILD}",
    "unreadable": f"{_TAMPERED} Of a door or a loan: {_REBUILD}",
    "anchor": f"{_TAMPERED} Do not rebuild from this ledger: restore one from before.",
}
"""What to do next about a fault of each rule; the same words for whoever runs `toolcrib verify`."""


class Fault(Record, frozen=True, kw_only=True):
    """Something that does not fit: which rule (a key of `ADVICE`), what, and why."""

    rule: str
    thing: str
    why: str

    def __str__(self) -> str:
        """One line for the terminal."""
        return f"{self.rule}: {self.thing}: {self.why}"

    @property
    def advice(self) -> str:
        """What to do next."""
        return ADVICE[self.rule]


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
