"""Close a door to takers from afar: it is in trouble, and somebody has yet to look at it."""

from toolcrib.domain.doors import Door
from toolcrib.domain.principals import Asked
from toolcrib.domain.quarantining import quarantined
from toolcrib.domain.refusals import NotFound
from toolcrib.flows.attempts import until_committed
from toolcrib.store.banks import find_door, load_bank_only
from toolcrib.store.edited import commit_edit
from toolcrib.store.edits import done


def handle(asked: Asked, bank_id: str, number: int) -> Door:
    """Return the door, from which nothing may be taken until it was inspected; raises `NotFound`."""

    def once() -> None:
        asked.must_see("bank", site=load_bank_only(asked.org, bank_id).site)
        door = _door(asked, bank_id, number)
        if not done(asked.org, asked.op):
            commit_edit(asked.org, quarantined(door, op=asked.op, at=asked.at))

    until_committed(once)
    return _door(asked, bank_id, number)


def _door(asked: Asked, bank_id: str, number: int) -> Door:
    door = find_door(asked.org, bank_id, number)
    if door is None:
        raise NotFound(detail=f"{bank_id} has no door {number}")
    return door
