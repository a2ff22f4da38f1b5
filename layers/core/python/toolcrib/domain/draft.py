"""Collects what one operation changes, so that decisions read as what happened and not as bookkeeping.

A draft is used inside one decision and is gone with it; what leaves is a frozen `Change`. It gives every record it
touches its next version once, whatever happens to it, and every move its custody event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import Case, CaseKind, CaseState, settled
from toolcrib.domain.change import Change, Heard, Holdings
from toolcrib.domain.doors import Door
from toolcrib.domain.events import Cause, CustodyEvent, move
from toolcrib.domain.ids import derived, last_seen
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Holding
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State


@dataclass
class Draft:
    """One operation's changes in the making. `cause` is the one of all its moves; `site` where its cases belong."""

    cause: Cause
    site: str | None
    guard: bool = False
    assets: dict[str, Asset] = field(default_factory=dict)
    doors: dict[tuple[str, int], tuple[int, Door]] = field(default_factory=dict)
    loans: dict[str, tuple[int, Loan]] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    holdings: list[Holdings] = field(default_factory=list)
    events: list[CustodyEvent] = field(default_factory=list)

    def move(
        self,
        asset: Asset,
        what: Move,
        to: Custodian,
        *,
        loan: str | None = None,
        unsettled_by: str | None = None,
        case: str | None = None,
        cause: Cause | None = None,
    ) -> Asset:
        """Move an asset (as this draft left it) and note the event, and with whom it is last seen; returns it now.

        `cause` is this move's own where it differs from the draft's.
        """
        before = self.assets.get(asset.id, asset)
        now, event = move(
            before, what, to=to, cause=cause or self.cause, loan=loan, unsettled_by=unsettled_by, case=case
        )
        self.assets[asset.id] = now
        self.events.append(event)
        if case in self.cases and now.state is State.UNCONFIRMED:
            opened = self.cases[case]
            self.cases[case] = replace(opened, waiting=tuple(dict.fromkeys((*opened.waiting, asset.id))))
        was_with, is_with = _last_seen_with(before), _last_seen_with(now)
        if was_with is not None:
            self.hold(was_with, last_seen(asset.id), None)
        if is_with is not None:
            self.hold(is_with, last_seen(asset.id), self._seen(now))
        return now

    def _seen(self, asset: Asset) -> Holding:
        """Return what a person's summary says of a thing that was last seen with them."""
        cause = self.cause
        return Holding(
            asset=asset.id,
            type=asset.type,
            name=asset.name,
            tag=asset.tag,
            state=str(State.UNCONFIRMED),
            bank=cause.bank or "",
            door=cause.door or 0,
            site=self.site or "",
            since=cause.at,
            until=cause.at,
        )

    def door(self, door: Door, **changes: Any) -> Door:
        """Change a door; returns it as it is now."""
        key = (door.bank, door.number)
        before, now = self.doors.get(key, (door.version, door))
        now = replace(now, **changes)
        self.doors[key] = (before, now)
        return now

    def loan(self, loan: Loan, **changes: Any) -> Loan:
        """Change a loan; returns it as it is now."""
        before, now = self.loans.get(loan.id, (loan.version, loan))
        now = replace(now, **changes)
        self.loans[loan.id] = (before, now)
        return now

    def hold(self, person: str, loan: str, holding: Holding | None) -> None:
        """Put a loan into its holder's summary, or take it out."""
        if holding is None:
            self.holdings.append(Holdings(person=person, remove=(loan,)))
        else:
            self.holdings.append(Holdings(person=person, put={loan: holding}))

    def open_case(self, kind: CaseKind, *, about: str = "", case_id: str = "", **facts: Any) -> str:
        """Open a case caused by this operation and return its id; `about` tells apart two of one kind.

        `case_id` is given where something else than the operation tells whether it is the same case again.
        """
        cause = self.cause
        known = {
            "bank": cause.bank,
            "door": cause.door,
            "person": cause.person,
            "grant": cause.grant,
            "evidence": cause.evidence,
        }
        case_id = case_id or derived("case", str(kind), cause.bank or "", cause.op, about)
        case = Case(id=case_id, kind=kind, opened_at=cause.at, site=self.site, **{**known, **facts})
        self.cases[case.id] = case
        return case.id

    def resolve(self, case: Case | None, resolution: str, *, asset: str = "") -> None:
        """Resolve a case that what just happened (to `asset`) has answered, unless it waits for other assets, too."""
        if case is None or case.state is not CaseState.OPEN:
            return
        left = self._less(case, asset)
        answer: dict[str, Any] = {"state": CaseState.RESOLVED, "resolution": resolution, "resolved_by": "toolcrib"}
        self.cases[case.id] = left if left.waiting else replace(left, **answer, resolved_at=self.cause.at)

    def waits_less(self, case: Case | None, asset: str) -> None:
        """Let a case wait for one asset less, and stay open: what it asks is not answered yet."""
        if case is not None and case.state is CaseState.OPEN and asset in case.waiting:
            self.cases[case.id] = self._less(case, asset)

    def _less(self, case: Case, asset: str) -> Case:
        """Return a case, as this draft left it, with one asset less waiting; it is one version on, however many."""
        known = self.cases.get(case.id)
        return settled(case, asset) if known is None else replace(settled(known, asset), version=known.version)

    def change(self, *, guard: bool = False, heard: Heard | None = None) -> Change:
        """Return everything collected, each record with its next version; `guard` as in `Change`."""
        return Change(
            op=self.cause.op,
            at=self.cause.at,
            assets=tuple(self.assets.values()),
            doors=_next(self.doors),
            loans=_next(self.loans),
            holdings=tuple(self.holdings),
            cases=tuple(self.cases.values()),
            events=tuple(self.events),
            guard=self.guard or guard,
            heard=heard,
        )


def _last_seen_with(asset: Asset) -> str | None:
    """Return the person a thing was last seen with that is out on no loan; they are offered to return it."""
    doubtful = asset.state is State.UNCONFIRMED and asset.loan is None
    return asset.custodian.id if doubtful and asset.custodian.kind is CustodianKind.PERSON else None


def _next(touched: Mapping[Any, tuple[int, Any]]) -> tuple[Any, ...]:
    return tuple(replace(now, version=before + 1) for before, now in touched.values())
