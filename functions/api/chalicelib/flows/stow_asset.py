"""Say that an asset lies in a door: evidence `declared`, for loading a bank or after finding something there."""

from toolcrib.domain.assets import Asset
from toolcrib.domain.events import replay
from toolcrib.domain.intentions import Target, stowed
from toolcrib.domain.principals import Asked
from toolcrib.domain.refusals import NotFound
from toolcrib.domain.standing import Intention
from toolcrib.domain.states import Move
from toolcrib.flows.attempts import until_committed
from toolcrib.store.banks import load_bank
from toolcrib.store.commit import commit
from toolcrib.store.ledger import find_applied
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.standings import load_standing


def handle(asked: Asked, asset_id: str, *, bank: str, door: int) -> Asset:
    """Stow an asset; returns it as this operation left it, also for a repeat years later.

    Raises `NotFound`, `WrongState`, `DoorBusy` or `Conflict` (`door_full`, `too_large`,
    `door_unlendable`, `bank_revoked`).
    """
    return until_committed(lambda: _once(asked, asset_id, bank, door))


def _once(asked: Asked, asset_id: str, bank: str, door: int) -> Asset:
    standing = load_standing(asked.org, asset_id)
    asked.must_see("asset", site=standing.asset.site)
    applied = find_applied(asked.org, asset_id, asked.op)
    if applied is not None:
        return replay(standing.asset, applied)
    intention = Intention(move=Move.STOW, op=asked.op, at=asked.at, by=asked.by.actor)
    change = stowed(standing, intention, target(asked, standing.asset, bank, door))
    commit(asked.org, change)
    return change.assets[0]


def target(asked: Asked, asset: Asset, bank_id: str, number: int) -> Target:
    """Return the door to stow an asset into; raises `NotFound`."""
    bank = load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    door = next((door for door in bank.doors if door.number == number), None)
    if door is None:
        raise NotFound(detail=f"{bank_id} has no door {number}", advice=f"It has {len(bank.doors)} doors.")
    kind = rule_book(asked.org, read_stamp(asked.org)).types.get(asset.type)
    return Target(bank=bank, door=door, size=kind.size if kind else "S")
