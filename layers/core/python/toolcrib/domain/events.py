"""Custody events and the hash chain that ties an asset's events together (safety.md, I2, I3, threat 33)."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import field

from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.record import Record, replace
from toolcrib.domain.states import Move, State, step


class CustodyEvent(Record, frozen=True, kw_only=True):
    """One entry of an asset's ledger: what moved, from whom to whom, on what evidence.

    `seq` counts from 1 per asset; `prev_hash` is the hash of event `seq - 1`, empty for the first. `at` is when
    it happened (cloud's time), `op` the operation id. `detail` holds codes and hashes only, never free text.
    `state`, `loan`, `unsettled_by` and `case` are the asset's after this event: a replay gives exactly its state.
    """

    asset: str
    seq: int
    at: datetime
    move: Move
    state: State
    from_: Custodian
    to: Custodian
    person: str | None = None
    bank: str | None = None
    door: int | None = None
    grant: str | None = None
    loan: str | None = None
    unsettled_by: str | None = None
    case: str | None = None
    evidence: Evidence
    op: str
    detail: Mapping[str, str] = field(default_factory=dict)
    prev_hash: str
    hash: str = ""


class Cause(Record, frozen=True, kw_only=True):
    """Why something moves: who, where, under which grant, seen how, when, and the operation that said so."""

    op: str
    at: datetime
    evidence: Evidence
    person: str | None = None
    bank: str | None = None
    door: int | None = None
    grant: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


def move(
    asset: Asset,
    what: Move,
    *,
    to: Custodian,
    cause: Cause,
    loan: str | None = None,
    unsettled_by: str | None = None,
    case: str | None = None,
) -> tuple[Asset, CustodyEvent]:
    """Return the asset after the move and the event that says so; raises `WrongState` (states.py).

    `loan`, `unsettled_by` and `case` are what the asset carries from now on.
    """
    state = step(asset.state, what, at_door=to.kind is CustodianKind.DOOR, elsewhere=to != asset.custodian)
    moved = CustodyEvent(
        asset=asset.id,
        seq=asset.version + 1,
        at=cause.at,
        move=what,
        state=state,
        from_=asset.custodian,
        to=to,
        person=cause.person,
        bank=cause.bank,
        door=cause.door,
        grant=cause.grant,
        loan=loan,
        unsettled_by=unsettled_by,
        case=case,
        evidence=cause.evidence,
        op=cause.op,
        detail=cause.detail,
        prev_hash=asset.head,
    )
    return _appended(asset, replace(moved, hash=digest(moved)))


def created(asset: Asset, cause: Cause) -> tuple[Asset, CustodyEvent]:
    """Return a new asset with its first event."""
    first = CustodyEvent(
        asset=asset.id,
        seq=1,
        at=cause.at,
        move=Move.CREATE,
        state=asset.state,
        from_=Custodian.nobody(),
        to=asset.custodian,
        evidence=cause.evidence,
        op=cause.op,
        detail=cause.detail,
        prev_hash="",
    )
    return _appended(asset, replace(first, hash=digest(first)))


def replay(asset: Asset, event: CustodyEvent) -> Asset:
    """Return the custody half of `asset` after `event`; the description is not the ledger's."""
    return replace(
        asset,
        state=event.state,
        custodian=event.to,
        loan=event.loan,
        unsettled_by=event.unsettled_by,
        case=event.case,
        lent=asset.lent + lends(event),
        lent_at=event.at if _ends_loan(asset, event) else asset.lent_at,
        version=event.seq,
        head=event.hash,
    )


def lends(event: CustodyEvent) -> bool:
    """Whether this event is the beginning of one more loan."""
    return event.move in {Move.TAKEN, Move.HAND_OVER} and event.state is State.ON_LOAN


def _ends_loan(asset: Asset, event: CustodyEvent) -> bool:
    """Whether the thing has been out on a loan until this event; what turns out not to have been taken has not."""
    return asset.loan is not None and event.loan is None and event.move is not Move.NOT_TAKEN


def _appended(asset: Asset, event: CustodyEvent) -> tuple[Asset, CustodyEvent]:
    return replay(asset, event), event


def as_record(event: CustodyEvent) -> dict[str, Any]:
    """Return the event as it is stored, shown and hashed: text, whole numbers, null and flat maps only."""
    return {
        "asset": event.asset,
        "seq": event.seq,
        "at": instant(event.at),
        "move": str(event.move),
        "state": str(event.state),
        "from": _custodian(event.from_),
        "to": _custodian(event.to),
        "person": event.person,
        "bank": event.bank,
        "door": event.door,
        "grant": event.grant,
        "loan": event.loan,
        "unsettled_by": event.unsettled_by,
        "case": event.case,
        "evidence": str(event.evidence),
        "op": event.op,
        "detail": dict(event.detail),
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return RFC 8785 JSON of a record without its `hash`.

    Records hold no fractions and only ASCII keys; for such values sorted, compact JSON of the standard library
    is RFC 8785, which a test checks against an independent implementation.
    """
    bare = {key: value for key, value in record.items() if key != "hash"}
    return json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(event: CustodyEvent) -> str:
    """Return SHA-256, in hex, over the canonical event."""
    return sha256(canonical(as_record(event))).hexdigest()


def instant(at: datetime) -> str:
    """Return a UTC instant as RFC 3339 with milliseconds and `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _custodian(custodian: Custodian) -> dict[str, Any]:
    return {"kind": str(custodian.kind), "id": custodian.id, "door": custodian.door}
