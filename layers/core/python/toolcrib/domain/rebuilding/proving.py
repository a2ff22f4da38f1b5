"""How far an asset's ledger proves anything: up to the first event that does not fit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.faults import EventRow, Fault, Row
from toolcrib.domain.record import Record, replace
from toolcrib.domain.states import Move
from toolcrib.domain.verifying import Followed, before_its_first_event, follow


class Claim(Record, frozen=True, kw_only=True):
    """What something says of an asset beyond what its ledger proves; `why` tells where it is said, `code` in a word."""

    custodian: Custodian
    loan: str | None
    code: str
    why: str


class Proven(Record, frozen=True, kw_only=True):
    """An asset as its ledger proves it, since when it is where it is, and what is claimed beyond that.

    `cut` is the first thing that does not fit in its ledger; version 0 means that nothing is proven.
    """

    asset: Asset
    since: datetime | None = None
    cut: Fault | None = None
    claim: Claim | None = None


class Span(Record, frozen=True, kw_only=True):
    """What a proven ledger says of one loan: the first event that names it, its taking, and the event that ended it."""

    first: CustodyEvent | None = None
    taken: CustodyEvent | None = None
    ended: CustodyEvent | None = None


TAKES: Final = frozenset({Move.TAKEN, Move.HAND_OVER})
PUTS: Final = frozenset({Move.STOW, Move.RETURNED, Move.RECONCILED})
"""Moves that put a thing into a door, also into one that it was last seen at."""


def prove(asset: Asset, rows: Iterable[Row]) -> Proven:
    """Return what the ledger proves of an asset; of `asset` itself only the description is kept."""
    proven = Proven(asset=before_its_first_event(asset))
    so_far = Followed(asset=proven.asset)
    for row in rows:
        if not isinstance(row, EventRow):
            continue
        cut = proven.cut or next(iter(list(follow(row, so_far))), None)
        if cut is None and row.event is not None:
            moved = row.event.to != proven.asset.custodian or row.event.move in PUTS
            proven = replace(proven, asset=so_far.asset, since=row.event.at if moved else proven.since)
        else:
            proven = replace(proven, cut=cut, claim=_claimed(row.event, asset) or proven.claim)
    return proven


def spans(asset: Asset, rows: Iterable[Row], wanted: Iterable[str]) -> dict[str, Span]:
    """Return what the first `asset.version` events, which are proven, say of some loans."""
    found = {loan: Span() for loan in wanted}
    before: str | None = None
    for row in rows:
        event = row.event if isinstance(row, EventRow) else None
        if event is None or event.seq > asset.version:
            continue
        if before in found and event.loan != before:
            found[before] = replace(found[before], ended=event)
        if event.loan in found:
            span = found[event.loan]
            taken = event if event.move in TAKES and span.taken is None else span.taken
            found[event.loan] = replace(span, first=span.first or event, taken=taken, ended=None)
        before = event.loan
    return found


def _claimed(event: CustodyEvent | None, asset: Asset) -> Claim | None:
    if event is None or event.asset != asset.id:
        return None
    return Claim(
        custodian=event.to, loan=event.loan, code="gap", why=f"event {event.seq} does not follow from its ledger"
    )
