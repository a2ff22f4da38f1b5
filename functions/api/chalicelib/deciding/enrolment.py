"""Giving a bank its keys and taking them away: what becomes of the bank, its doors, and grants still in flight.

An enrolment begins a new generation: another certificate, another command key, reports numbered from the start. So a
live grant ends with the generation it was signed in. Nobody knows whether it was used: it is unresolved, and its door
is not lendable until tags or a person have looked inside. That holds after a revocation as well; enrolling the bank
again does not lift it.
"""

from datetime import datetime
from typing import Final

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import BankEdit, Change
from toolcrib.domain.credentials import Certified, Claim
from toolcrib.domain.doors import BANK_REVOKED, Bank, BankState, Door, GrantState
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict
from toolcrib.domain.reports.scene import Outcome, Scene
from toolcrib.domain.reports.settle import TABLE
from toolcrib.domain.reports.status import SETTLES as SETTLED_BY_LOOKING

ENROLLED_ANEW: Final = "enrolled_anew"
KINDS: Final = {BANK_REVOKED: CaseKind.REVOKED_BANK, ENROLLED_ANEW: CaseKind.UNRESOLVED}
"""Why a grant was given up, and the kind of case that tells of it."""


def enrolled(bank: Bank, certificate: Certified, *, op: str, at: datetime, claim: Claim | None = None) -> Change:
    """Return the change that begins a bank's next generation with a certificate.

    `claim` is that of the board which enrolled itself, as it stands afterwards; any other ends with this.
    """
    now = replace(
        bank,
        state=BankState.ACTIVE,
        generation=bank.generation + 1,
        certificate=certificate.arn,
        certified=certificate,
        renewal=None,
        claim=claim,
        revision=bank.revision + 1,
    )
    doors = tuple(_ended(door, ENROLLED_ANEW, at) for door in bank.doors if door.busy or door.seqs)
    return Change(op=op, at=at, banks=(BankEdit(bank=now, anew=True),), doors=doors)


def revoked(bank: Bank, *, op: str, at: datetime) -> Change:
    """Return the change that ends a bank's effect; raises `Conflict` for a bank that was never enrolled.

    For one that is revoked already there is nothing to change, but that no board is awaited any more.
    """
    if bank.state is BankState.PLANNED:
        raise Conflict(code="not_enrolled", detail=f"{bank.id} was never enrolled", advice="Nothing is to be revoked.")
    if bank.state is BankState.REVOKED and bank.claim is None:
        return Change(op=op, at=at)
    now = replace(bank, state=BankState.REVOKED, renewal=None, claim=None, revision=bank.revision + 1)
    if bank.state is BankState.REVOKED:
        return Change(op=op, at=at, banks=(BankEdit(bank=now),))
    return Change(op=op, at=at, banks=(BankEdit(bank=now),), doors=tuple(_closed(door, at) for door in bank.doors))


def given_up(bank: Bank) -> tuple[Door, ...]:
    """Return the doors whose grant was given up and of which asset, loan and case do not know yet."""
    return tuple(door for door in bank.doors if door.grant is not None and door.grant.given_up is not None)


def settled(scene: Scene) -> Change:
    """Return what a grant that was given up means for asset, loan and case (as when a bank reports it unresolved)."""
    door, grant = scene.door, scene.door.grant
    if grant is None or grant.given_up is None:
        raise ValueError(door.number)
    change = TABLE[grant.purpose, Outcome.UNRESOLVED](scene, grant).change
    assert change is not None  # every purpose says something of a grant that is unresolved
    known = replace(grant, given_up=None)
    doors = tuple(
        replace(each, grant=known, unlendable=door.unlendable) if each.number == door.number else each
        for each in change.doors
    )
    cases = tuple(replace(case, kind=KINDS[grant.given_up]) for case in change.cases)
    return replace(change, doors=doors, cases=cases)


def _closed(door: Door, at: datetime) -> Door:
    """Close a door to lending; a stronger reason, which looking inside does not lift, stays."""
    ended = _ended(door, BANK_REVOKED, at)
    weaker = door.unlendable is None or door.unlendable in SETTLED_BY_LOOKING
    return replace(ended, unlendable=BANK_REVOKED if weaker else door.unlendable, seqs=door.seqs)


def _ended(door: Door, why: str, at: datetime) -> Door:
    """End the door's live grant, if any, and forget report numbers of the generation that is over."""
    grant = door.grant
    if grant is None or not grant.live:
        return replace(door, seqs=(), version=door.version + 1)
    over = replace(grant, state=GrantState.UNRESOLVED, given_up=why, over_at=at)
    unlendable = door.unlendable or "unresolved"
    return replace(door, grant=over, unlendable=unlendable, seqs=(), version=door.version + 1)
