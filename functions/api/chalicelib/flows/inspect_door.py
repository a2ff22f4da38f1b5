"""Somebody looked into a door and says what is inside: doubt about it is over, a quarantine is lifted."""

from collections.abc import Set as AbstractSet

from toolcrib.domain.doors import Door
from toolcrib.domain.inspecting import inspected
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import NotFound
from toolcrib.flows.attempts import until_committed
from toolcrib.store.banks import find_door, load_bank_only
from toolcrib.store.edited import commit_edit


def handle(asked: Asked, bank_id: str, number: int, seen: AbstractSet[str]) -> Door:
    """Let a door lend again if `seen` (asset ids) is what the record says; returns the door.

    Raises `NotFound`, `DoorBusy` or `Conflict` (`contents_differ`, `bank_revoked`, `in_repair`).
    """

    def once() -> None:
        bank = load_bank_only(asked.org, bank_id)
        asked.must_see("bank", site=bank.site)
        commit_edit(asked.org, inspected(bank, _door(asked, bank_id, number), seen, op=asked.op, at=asked.at))

    until_committed(once)
    return _door(asked, bank_id, number)


def _door(asked: Asked, bank_id: str, number: int) -> Door:
    door = find_door(asked.org, bank_id, number)
    if door is None:
        raise NotFound(detail=f"{bank_id} has no door {number}")
    return door
