"""Opening a door from afar (design.md, *Admin intentions*): a service grant, which may supersede one past its time."""

from hashlib import sha256

from toolcrib.domain.change import Change, OpenDoor, Opening
from toolcrib.domain.doors import COMMAND_LIFE, Bank, BankState, Door, Grant, GrantState, Purpose
from toolcrib.domain.ids import service_grant
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, DoorBusy
from toolcrib.domain.reports.scene import Outcome, Scene
from toolcrib.domain.reports.settle import TABLE


def grant_of(asked: Asked, bank: Bank, reason: str) -> Grant:
    """Return the service grant that a request asks for; the same request always asks for the same one.

    `by` is the opener as a person, with whom things are last seen that nobody can tell afterwards.
    """
    return Grant(
        id=service_grant(asked.org, bank.id, asked.op),
        purpose=Purpose.SERVICE,
        state=GrantState.ISSUED,
        person=None,
        authorised_at=asked.at,
        expires_at=asked.at + COMMAND_LIFE,
        evidence=bank.evidence,
        boot=bank.boot,
        by=asked.by.person,
        reason=reason,
    )


def check(asked: Asked, bank: Bank, door: Door) -> None:
    """Raise `Conflict` for a bank that would not obey, `DoorBusy` while the door's grant may still be used."""
    if bank.state is not BankState.ACTIVE:
        code = "bank_revoked" if bank.state is BankState.REVOKED else "not_enrolled"
        raise Conflict(code=code, detail=f"{bank.id} is {bank.state}", advice="Enrol the bank, then open its doors.")
    grant = door.grant
    if grant is not None and grant.live and asked.at <= grant.expires_at:
        raise DoorBusy(detail=f"door {door.number} of {bank.id} may be opened by somebody until its grant ends")


def supersedes(door: Door) -> bool:
    """Whether a remote opening leaves a take or a return behind of which nobody knows how it ended.

    A superseded service grant leaves no doubt of its own: the end of this one settles whatever is inside.
    """
    return door.grant is not None and door.grant.live and door.grant.purpose is not Purpose.SERVICE


def open_remotely(asked: Asked, door: Door, grant: Grant, scene: Scene | None) -> Change:
    """Return the change that puts a service grant on a door; `scene` is what it supersedes, seen as unresolved."""
    before = _unresolved(scene) if scene is not None else Change(op=asked.op, at=asked.at)
    left = {(each.bank, each.number): each for each in before.doors}
    now = left.pop((door.bank, door.number), replace(door, version=door.version + 1))
    opening = Opening(
        grant=grant.id,
        bank=door.bank,
        door=door.number,
        by=asked.by.actor,
        reason_sha256=sha256((grant.reason or "").encode()).hexdigest(),
        at=asked.at,
    )
    return replace(
        before,
        doors=(replace(now, grant=grant), *left.values()),
        openings=(opening,),
        guard=bool(before.events),
        command=command(door, grant),
    )


def command(door: Door, grant: Grant) -> OpenDoor:
    """Return the order to open; nobody's upload waits for it."""
    return OpenDoor(bank=door.bank, door=door.number, grant=grant, re=None)


def _unresolved(scene: Scene) -> Change:
    grant = scene.door.grant
    assert grant is not None  # that is what is superseded
    change = TABLE[grant.purpose, Outcome.UNRESOLVED](scene, grant).change
    assert change is not None  # a take or a return that is unresolved is always a case
    return change
