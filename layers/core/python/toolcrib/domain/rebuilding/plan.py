"""What a rebuilt record will say: decided from what is proven, before anything is written."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from toolcrib.domain.assets import Asset, Custodian, CustodianKind
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.doors import Door
from toolcrib.domain.events import Cause, CustodyEvent, created, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.faults import CUSTODIANS
from toolcrib.domain.ids import derived
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Holding
from toolcrib.domain.rebuilding.proving import Claim, Proven, Span
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move, State

Place = tuple[str, int]


@dataclass(kw_only=True)
class Plan:
    """A rebuilt record in the making: about 3 KB for each asset and door, nothing for each event.

    `loans` are those that run, or may; `spans` is what the ledger says of those that do not fit their asset. `sites`
    are the banks' sites. `events` are added to chains, at most one each, of assets about which there is doubt; `notes`
    say what could not be restored, for a person to read.
    """

    at: datetime
    proven: dict[str, Proven] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    doors: dict[Place, Door] = field(default_factory=dict)
    loans: dict[str, Loan] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    holdings: dict[str, dict[str, Holding]] = field(default_factory=lambda: defaultdict(dict))
    tags: dict[str, str] = field(default_factory=dict)
    events: dict[str, list[CustodyEvent]] = field(default_factory=lambda: defaultdict(list))
    cases: dict[str, Case] = field(default_factory=dict)
    doubted: set[Place] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def inside(self) -> dict[Place, list[Asset]]:
        """Return what lies in each door, what came last first."""
        found: dict[Place, list[Asset]] = defaultdict(list)
        for asset in self.assets.values():
            place = place_of(asset.custodian)
            if place is not None and asset.is_listed:
                found[place].append(asset)
        for there in found.values():
            there.sort(key=lambda asset: (self.since(asset.id), asset.id), reverse=True)
        return found

    def since(self, asset: str) -> datetime:
        """Return since when an asset is where it is."""
        return self.proven[asset].since or self.at

    def begin(self, asset: Asset, claim: Claim | None) -> None:
        """Enter an asset anew of whose ledger nothing is whole: its site's store room, until somebody has looked.

        Where its site is lost, too, that of the bank it is said to be in will do, or any.
        """
        site = (
            asset.site or self.sites.get((claim and claim.custodian.id) or "") or min(self.sites.values(), default="")
        )
        at_home = replace(asset, custodian=Custodian.site(site))
        self.notes.append(f"asset {asset.id}: nothing of its ledger is whole; entered anew at {site or 'no site'}")
        self.assets[asset.id], first = created(at_home, self._cause(asset, "lost"))
        self.events[asset.id].append(first)

    def doubt(self, asset_id: str, claim: Claim) -> None:
        """Let an asset be unconfirmed, last seen where a claim says, or else where its ledger ends; with a case."""
        asset = self.assets[asset_id]
        if asset.state is State.UNCONFIRMED:
            return
        self.doubted |= {place for place in map(place_of, (asset.custodian, claim.custodian)) if place is not None}
        where = (each for each in (claim.custodian, asset.custodian) if each.kind in CUSTODIANS[State.UNCONFIRMED])
        to = next(where, None)
        if to is None:
            self.notes.append(f"asset {asset_id}: {claim.why}; it stays {asset.state}, as event {asset.version} says")
            return
        loan = asset.loan or self._loan(claim, asset_id)
        case = self._case(asset, to, loan, claim.why)
        self.assets[asset_id], event = move(
            asset, Move.UNRESOLVED, to=to, cause=self._cause(asset, claim.code), loan=loan, case=case.id
        )
        self.events[asset_id].append(event)
        self.notes.append(f"asset {asset_id}: {claim.why}; unconfirmed, last seen with {to.kind} {to.id}")

    def _loan(self, claim: Claim, asset: str) -> str | None:
        known = self.loans.get(claim.loan or "")
        return claim.loan if known is not None and known.asset == asset else None

    def _case(self, asset: Asset, to: Custodian, loan: str | None, why: str) -> Case:
        case = Case(
            id=derived("case", "rebuilt", asset.id, str(asset.version)),
            kind=CaseKind.CONTRADICTION,
            opened_at=self.at,
            site=asset.site,
            asset=asset.id,
            person=to.id if to.kind is CustodianKind.PERSON else None,
            loan=loan,
            bank=to.id if to.kind is CustodianKind.DOOR else None,
            door=to.door,
            detail=f"rebuilt: {why}",
        )
        self.cases[case.id] = case
        return case

    def _cause(self, asset: Asset, code: str) -> Cause:
        op = f"rebuild.{asset.id}.{asset.version + 1}"
        return Cause(op=op, at=self.at, evidence=Evidence.DECLARED, detail={"rebuilt": code})


def place_of(custodian: Custodian) -> Place | None:
    """Return the door that a custodian is, if it is one."""
    is_door = custodian.kind is CustodianKind.DOOR and custodian.id is not None and custodian.door is not None
    return (custodian.id or "", custodian.door or 0) if is_door else None
