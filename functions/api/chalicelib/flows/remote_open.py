"""Open a door from afar, with a reason: one grant per request, however often it is repeated (product.md, C9)."""

from chalicelib.deciding.remote_opening import check, command, grant_of, open_remotely, supersedes
from chalicelib.flows.doubts import unresolved_scene
from toolcrib.domain.change import OpenDoor
from toolcrib.domain.doors import Bank, Door, Grant, GrantState
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import NotFound
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.send.banks import open_door
from toolcrib.store.banks import load_bank
from toolcrib.store.ledger import opened


class _Granted(Record, frozen=True, kw_only=True):
    bank: Bank
    grant: Grant
    order: OpenDoor | None


def handle(asked: Asked, bank_id: str, number: int, *, reason: str) -> Grant:
    """Grant an opening and send its command; returns the grant as it stands.

    A repeat gets the same grant; while nobody has used it, its command is sent again, which opens nothing twice.
    Raises `NotFound`, `Conflict` (`bank_revoked`, `not_enrolled`) or `DoorBusy`.
    """
    granted = until_committed(lambda: _once(asked, bank_id, number, reason))
    if granted.order is not None:
        open_door(asked.org, granted.bank, granted.order, now=asked.at)
    return granted.grant


def _once(asked: Asked, bank_id: str, number: int, reason: str) -> _Granted:
    bank = load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    door = next((door for door in bank.doors if door.number == number), None)
    if door is None:
        raise NotFound(detail=f"{bank_id} has no door {number}", advice=f"It has {len(bank.doors)} doors.")
    grant = grant_of(asked, bank, reason)
    if door.grant is not None and door.grant.id == grant.id:
        return _Granted(bank=bank, grant=door.grant, order=_again(asked, door, door.grant))
    if opened(asked.org, bank_id, grant.id):  # long ago: it is answered as then, and nothing opens
        return _Granted(bank=bank, grant=grant, order=None)
    check(asked, bank, door)
    scene = unresolved_scene(asked.org, bank, door, op=asked.op, at=asked.at) if supersedes(door) else None
    change = open_remotely(asked, door, grant, scene)
    commit_and_alert(asked.org, change)
    return _Granted(bank=bank, grant=grant, order=change.command)


def _again(asked: Asked, door: Door, grant: Grant) -> OpenDoor | None:
    """If the function died between commit and publish, this is the cure."""
    unused = grant.state is GrantState.ISSUED and asked.at <= grant.expires_at
    return command(door, grant) if unused else None
