"""What an admin may state about an asset, and what becomes of its door, its loan and its case (design.md, *States*).

    intention                  custodian after it                 open / pending loan      case      where listed
    stow                       the door                           closed, declared / void  resolved  into the door
    unstow                     a site's store room                (there is none)          stays     out of the door
    send_to_repair, stowed     the door it is in, quarantined     (there is none)          resolved  stays in the door
    send_to_repair, else       the workshop                       closed, declared / void  resolved  -
    repaired                   the door it is in, else a site     (there is none)          resolved  stays in the door
    declare_missing            nobody                             stays: it is still owed  stays     out of any door
    declare_lost               nobody                             stays, reminders end     stays     out of any door
    still_out                  the loan's person          stays, its pause is over    resolved  out of any door
    found                      a site's store room                closed, declared / void  resolved  out of any door
    retire                     nobody                             closed, unseen / void    resolved  out of any door

A pending loan is void because nobody proved a take, and somebody says where the thing is. Every door that lists the
asset is written in the same transaction; one with a live grant refuses the intention (`door_busy`). Of the free text
given as reason only the SHA-256 goes onto the custody event. What is `repaired` is well, and serviced (`mending.py`).
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from toolcrib.domain.assets import SIZES, Asset, Custodian, CustodianKind
from toolcrib.domain.change import Change, Holdings
from toolcrib.domain.doors import IN_REPAIR, Bank, BankState, Content, Door
from toolcrib.domain.events import move
from toolcrib.domain.ladder import aimed
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.mending import mended, saying
from toolcrib.domain.record import Record, replace
from toolcrib.domain.refusals import Conflict, DoorBusy, Invalid
from toolcrib.domain.reports.status import SETTLES as SETTLED_BY_LOOKING
from toolcrib.domain.standing import Intention, Standing, cause, ended, let_go, marked, resolved
from toolcrib.domain.states import Move, step

STATED: Final = frozenset(
    {
        Move.UNSTOW,
        Move.SEND_TO_REPAIR,
        Move.REPAIRED,
        Move.DECLARE_MISSING,
        Move.DECLARE_LOST,
        Move.STILL_OUT,
        Move.FOUND,
        Move.RETIRE,
    }
)
"""What `/assets/{id}/move` takes; stowing, handing over and claiming a return need more than a reason."""

SETTLES: Final = frozenset({Move.STOW, Move.SEND_TO_REPAIR, Move.REPAIRED, Move.FOUND, Move.RETIRE})
"""After these somebody knows where it is, or that nobody needs to: the loan ends and the case is answered."""


class Target(Record, frozen=True, kw_only=True):
    """The door to stow into, as it is without the asset, and the size that has to fit."""

    bank: Bank
    door: Door
    size: str


def stated(standing: Standing, intention: Intention) -> Change:
    """Return what an intention changes; raises `WrongState`, `DoorBusy` or `Invalid` (no site known)."""
    step(standing.asset.state, intention.move)
    to = _custodian(standing, intention)
    change_door = _keeps(intention.move) if to.kind is CustodianKind.DOOR else partial(without, standing.asset)
    change = _change(standing, intention, to, tuple(change_door(door) for door in standing.doors))
    return mended(standing, change, intention) if intention.move is Move.REPAIRED else change


def stowed(standing: Standing, intention: Intention, target: Target) -> Change:
    """Return what stowing changes; raises `WrongState`, `DoorBusy` or `Conflict` (the door does not take it)."""
    asset = standing.asset
    step(asset.state, Move.STOW)
    door = without(asset, target.door)
    _check(target, door)
    content = Content.of(asset, intention.at)
    looked = None if not door.contents else door.unlendable  # whoever stows something has looked inside
    filled = replace(door, contents=(*door.contents, content), unlendable=looked)
    others = tuple(without(asset, other) for other in standing.doors if not _same(other, door))
    change = _change(standing, intention, Custodian.at_door(door.bank, door.number), (filled, *others))
    return replace(change, doors=tuple(saying(each, change.assets[0]) for each in change.doors))


def without(asset: Asset, door: Door) -> Door:
    """Return the door without the asset and without the quarantine that was the asset's."""
    left = tuple(content for content in door.contents if content.asset != asset.id)
    was_its = door.unlendable == IN_REPAIR and len(left) < len(door.contents)
    return replace(_at_rest(door), contents=left, unlendable=None if was_its else door.unlendable)


def _keeps(what: Move) -> Callable[[Door], Door]:
    return _quarantined if what is Move.SEND_TO_REPAIR else _lendable


def _quarantined(door: Door) -> Door:
    if _at_rest(door).unlendable is not None:
        raise Conflict(
            code="door_unlendable",
            detail=f"door {door.number} is {door.unlendable} already",
            advice="State unstow first, then send_to_repair.",
        )
    return replace(door, unlendable=IN_REPAIR)


def _lendable(door: Door) -> Door:
    return replace(_at_rest(door), unlendable=None if door.unlendable == IN_REPAIR else door.unlendable)


def _at_rest(door: Door) -> Door:
    if door.busy:
        raise DoorBusy(detail=f"door {door.number} of {door.bank} has a live grant")
    return door


def _check(target: Target, door: Door) -> None:
    if target.bank.state is BankState.REVOKED:
        raise Conflict(code="bank_revoked", detail=f"{door.bank} is revoked", advice="Enrol the bank again first.")
    if door.unlendable is not None and door.unlendable not in SETTLED_BY_LOOKING:
        raise Conflict(code="door_unlendable", detail=f"door {door.number} is {door.unlendable}", advice="Use another.")
    if len(door.contents) >= door.capacity:
        raise Conflict(code="door_full", detail=f"door {door.number} holds {len(door.contents)} of {door.capacity}")
    if SIZES.get(door.size, 0) < SIZES.get(target.size, 0):
        raise Conflict(code="too_large", detail=f"size {target.size} does not fit door {door.number}, size {door.size}")


def _custodian(standing: Standing, intention: Intention) -> Custodian:
    asset, what = standing.asset, intention.move
    if asset.is_listed and what in {Move.SEND_TO_REPAIR, Move.REPAIRED}:
        return asset.custodian
    if what is Move.SEND_TO_REPAIR:
        return Custodian.workshop()
    if what is Move.STILL_OUT:
        return Custodian.person(_owed(standing).person)
    if what in {Move.DECLARE_MISSING, Move.DECLARE_LOST, Move.RETIRE}:
        return Custodian.nobody()
    site = intention.site or standing.bank_site or asset.site
    if site is None:
        raise Invalid(detail="nobody said where it is", fields={"site": "name the site whose store room has it now"})
    return Custodian.site(site)


def _owed(standing: Standing) -> Loan:
    """Return the open loan that an asset is still out on."""
    loan = standing.loan
    if loan is None or loan.state is not LoanState.OPEN:
        raise Conflict(
            code="no_open_loan",
            detail="it is on no open loan, so it cannot still be out on it",
            advice="State where it is: found, stow, send_to_repair or declare_missing.",
        )
    return loan


def _change(standing: Standing, intention: Intention, to: Custodian, doors: tuple[Door, ...]) -> Change:
    settles = intention.move in SETTLES
    answers = settles or intention.move is Move.STILL_OUT
    before, loan = standing.asset, standing.loan
    asset, event = move(
        before,
        intention.move,
        to=to,
        cause=cause(intention, loan, to),
        loan=None if settles else before.loan,
        case=None if answers else intention.case or before.case,
    )
    return Change(
        op=intention.op,
        at=intention.at,
        assets=(asset,),
        events=(event,),
        guard=True,
        doors=tuple(replace(door, version=door.version + 1) for door in doors),
        loans=_loans(loan, intention, to),
        holdings=_holdings(standing, intention),
        cases=resolved(standing.case, before.id, intention) if answers else (),
    )


def _loans(loan: Loan | None, intention: Intention, to: Custodian) -> tuple[Loan, ...]:
    if loan is not None and intention.move in SETTLES:
        return (ended(loan, intention, to),)
    if loan is not None and intention.move is Move.STILL_OUT:
        return (aimed(replace(loan, paused_until=None, version=loan.version + 1)),)
    lost = loan is not None and loan.state is LoanState.OPEN and intention.move is Move.DECLARE_LOST
    return (given_up(loan, intention.at),) if loan is not None and lost else ()


def given_up(loan: Loan, at: datetime) -> Loan:
    """Return an open loan whose thing counts as lost: it is still owed, but nobody is reminded of it any more."""
    return aimed(replace(loan, lost_at=loan.lost_at or at, version=loan.version + 1))


def _holdings(standing: Standing, intention: Intention) -> tuple[Holdings, ...]:
    """Return what becomes of the summary of whoever has it: what is lost stays in it, and blocks (rules.md, row 3)."""
    if intention.move in SETTLES or standing.loan is None:
        return let_go(standing)
    if intention.move is Move.DECLARE_LOST:
        return marked(standing, lost_since=intention.at)
    return marked(standing) if intention.move is Move.STILL_OUT else ()


def _same(one: Door, other: Door) -> bool:
    return (one.bank, one.number) == (other.bank, other.number)
