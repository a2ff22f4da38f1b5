"""Looking into a door: what a person saw inside against the record."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from toolcrib.domain.change import Change
from toolcrib.domain.doors import BANK_REVOKED, IN_REPAIR, Bank, BankState, Door
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, DoorBusy


def inspected(bank: Bank, door: Door, seen: AbstractSet[str], *, op: str, at: datetime) -> Change:
    """Return the change that lets a door lend again because its contents are as recorded; `seen` are asset ids.

    Raises `DoorBusy`, or `Conflict` where they are not as recorded or something else than doubt keeps it closed.
    """
    if door.busy:
        raise DoorBusy(detail=f"door {door.number} of {bank.id} has a live grant")
    recorded = {content.asset for content in door.contents}
    if recorded != seen:
        listed = ", ".join(sorted(recorded)) or "nothing"
        raise Conflict(
            code="contents_differ",
            detail=f"on record in door {door.number}: {listed}",
            advice="State where each thing is (stow, unstow, found, declare_missing), then inspect again.",
        )
    if bank.state is BankState.REVOKED:
        raise Conflict(code=BANK_REVOKED, detail=f"{bank.id} is revoked", advice="Enrol the bank again first.")
    if door.unlendable == IN_REPAIR:
        raise Conflict(code=IN_REPAIR, detail="what it holds is in repair", advice="State `repaired` for the asset.")
    freed = replace(door, unlendable=None, jams=(), physical="closed", version=door.version + 1)
    return Change(op=op, at=at, doors=(freed,))
