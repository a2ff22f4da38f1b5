"""Look at a damaged record and decide what a rebuilt one will say; nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import chain

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cross_checking import RUNNING
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.loans import Loan
from toolcrib.domain.rebuilding.deciding import decide
from toolcrib.domain.rebuilding.loans import fits, made
from toolcrib.domain.rebuilding.plan import Plan
from toolcrib.domain.rebuilding.proving import Claim, Proven, Span, prove, spans
from toolcrib.domain.record import replace
from toolcrib.store import keys
from toolcrib.store.ledger_rows import list_rows
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.scan import CHUNK, Worn, chunks, find_records, scan_partitions, scan_state

Tell = Callable[[Mapping[str, int]], None]
LOST = "unknown"  # the type of an asset whose description is lost


def survey(org: str, at: datetime, tell: Tell = lambda _: None) -> Plan:
    """Return what the tables that this process is bound to come to, rebuilt as of `at`; `tell` hears how far it is."""
    plan, looked = Plan(at=at), Counter[str]()
    described: dict[str, Asset] = {}
    named: set[str] = set()
    for key, record in scan_state():
        if keys.org_of(key[0]) == org:
            _note(plan, described, named, record)
        looked["records"] += 1
        tell(looked)
    for asset_id in chain(_in_ledger(org), described, sorted(named)):
        if asset_id not in plan.proven:
            looked["ledgers"] += 1
            tell(looked)
            _prove(org, plan, described.get(asset_id) or _nameless(plan, asset_id))
    _loans(org, plan)
    decide(plan)
    return plan


def _note(plan: Plan, described: dict[str, Asset], named: set[str], record: object) -> None:
    match record:
        case Asset():
            described[record.id] = record
        case Door():
            plan.doors[record.bank, record.number] = record
        case Bank():
            plan.sites[record.id] = record.site
        case Worn():
            plan.tags[record.tag] = record.asset
        case Loan():
            named.add(record.asset)
            if record.state in RUNNING:
                plan.loans[record.id] = record


def _in_ledger(org: str) -> Iterable[str]:
    first = keys.event(org, "", 1)[0]
    return (pk.removeprefix(first) for pk in scan_partitions() if pk.startswith(first))


def _nameless(plan: Plan, asset_id: str) -> Asset:
    """Describe an asset whose description is lost, as its door did if one listed it."""
    listed = (each for door in plan.doors.values() for each in door.contents if each.asset == asset_id)
    known = next(listed, None)
    plan.notes.append(f"asset {asset_id}: its description is lost; describe it anew")
    nobody = Custodian.nobody()
    if known is None:
        return Asset(id=asset_id, type=LOST, name=asset_id, custodian=nobody)
    return Asset(id=asset_id, type=known.type, name=known.name, tag=known.tag, custodian=nobody)


def _prove(org: str, plan: Plan, on_record: Asset) -> None:
    proven = prove(on_record, list_rows(org, on_record.id))
    end = proven.asset.version
    if proven.claim is None and on_record.version > end:
        why = f"its state is at version {on_record.version}, its ledger ends at event {end}"
        claim = Claim(custodian=on_record.custodian, loan=on_record.loan, code="state", why=why)
        proven = replace(proven, claim=claim)
    elif proven.claim is None and proven.cut is not None:
        claim = Claim(custodian=proven.asset.custodian, loan=None, code="gap", why=proven.cut.why)
        proven = replace(proven, claim=claim)
    plan.proven[on_record.id] = proven


def _loans(org: str, plan: Plan) -> None:
    """Fetch or make the loans that assets are out on, and read up on those that do not fit."""
    out_on = {proven.asset.loan: proven for proven in plan.proven.values() if proven.asset.loan}
    for some in chunks(sorted(set(out_on) - set(plan.loans)), CHUNK):
        found = find_records(keys.loan(org, loan) for loan in some)
        plan.loans |= {loan.id: loan for loan in found.values()}
    doubtful: dict[str, set[str]] = {}
    for loan_id, loan in plan.loans.items():
        proven = plan.proven.get(loan.asset)
        if not fits(loan, proven.asset if proven else None):
            doubtful.setdefault(loan.asset, set()).add(loan_id)
    for lost in set(out_on) - set(plan.loans):
        doubtful.setdefault(out_on[lost].asset.id, set()).add(lost)
    read: dict[str, Span] = {}
    for asset_id, wanted in doubtful.items():
        known = plan.proven.get(asset_id)
        if known is not None:
            read |= spans(known.asset, list_rows(org, asset_id), wanted)
            remake(org, plan, known, {loan: read[loan] for loan in wanted - set(plan.loans)})
    plan.spans = read


def remake(org: str, plan: Plan, proven: Proven, lost: Mapping[str, Span]) -> list[Loan]:
    """Add loans that were lost to a plan, as far as the asset's ledger knows them; returns them."""
    fallback = rule_book(org, read_stamp(org)).fallback if lost else None
    again = []
    for loan_id, span in lost.items():
        event = span.taken or span.first
        site = plan.sites.get((event.bank if event else None) or "") or proven.asset.site or ""
        loan = made(loan_id, proven.asset, span, fallback, site) if fallback else None
        plan.notes.append(
            f"loan {loan_id} of {proven.asset.id}: lost; made anew from the ledger, its terms are a guess"
        )
        if loan is not None:
            plan.loans[loan_id] = loan
            again.append(loan)
    return again
