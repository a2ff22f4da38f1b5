"""Write a rebuilt record into fresh tables, asset by asset; what was written before is left as it is."""

from collections import Counter
from collections.abc import Iterator, Mapping

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.faults import EventRow, GuardRow
from toolcrib.domain.ids import loan_of
from toolcrib.domain.rebuilding.loans import settled
from toolcrib.domain.rebuilding.plan import Plan
from toolcrib.domain.rebuilding.proving import spans
from toolcrib.flows.rebuild.records import Item, records
from toolcrib.flows.rebuild.survey import Tell, remake
from toolcrib.store import keys, ledger, mapping
from toolcrib.store.copying import Target, find_written, put
from toolcrib.store.items import TagItem
from toolcrib.store.ledger_rows import list_rows
from toolcrib.store.scan import CHUNK, chunks, find_records, scan_agreed, scan_openings


def write(org: str, plan: Plan, target: Target, tell: Tell = lambda _: None) -> Mapping[str, int]:
    """Write everything; returns how much of what. Run again after it broke off, it goes on where it was."""
    written = Counter[str]()
    for some in chunks(sorted(plan.assets), CHUNK):
        done = find_written(target.state, (keys.asset(org, asset) for asset in some))
        _cases(org, plan, [plan.assets[asset] for asset in some])
        for asset in some:
            if keys.asset(org, asset) in done:
                written["assets there already"] += 1
            else:
                written["items"] += put(map(target.row, _asset(org, plan, plan.assets[asset])))
                written["assets"] += 1
            tell(written)
    for name, items in (("openings", scan_openings()), ("agreed", scan_agreed()), ("records", records(org, plan))):
        for several in chunks(items, CHUNK):
            written[name] += put(map(target.row, several))
            tell(written)
    return written


def _asset(org: str, plan: Plan, asset: Asset) -> Iterator[Item]:
    """Yield an asset's proven ledger, every event with its guard, then what it is; in the end, so that it is a sign."""
    proven = plan.proven[asset.id]
    unguarded: dict[str, CustodyEvent] = {}
    for row in list_rows(org, asset.id):
        if isinstance(row, EventRow) and row.event is not None and row.key <= proven.asset.version:
            unguarded[row.event.op] = row.event
            yield ledger.to_item(org, row.event)
        elif isinstance(row, GuardRow) and row.op in unguarded and unguarded[row.op].seq == row.seq:
            yield ledger.to_guard(org, unguarded.pop(row.op))
    yield from _guards(org, plan, asset, unguarded)
    for event in plan.events.get(asset.id, ()):
        yield ledger.to_item(org, event)
        yield ledger.to_guard(org, event)
    if asset.tag:
        yield TagItem(*keys.tag(org, asset.tag), asset=asset.id)
    yield mapping.asset_item(org, asset)


def _guards(org: str, plan: Plan, asset: Asset, unguarded: Mapping[str, CustodyEvent]) -> Iterator[Item]:
    """Yield a guard for every event that no loan remembers, and anew what loans were lost."""
    for some in chunks(unguarded.values(), CHUNK // 2):
        named = {loan for event in some for loan in (event.loan, loan_of(event.grant or "x")) if loan}
        found = find_records(keys.loan(org, loan) for loan in named)
        known = {loan.id: loan for loan in found.values()} | {
            each: plan.loans[each] for each in named & set(plan.loans)
        }
        lost = named - set(known)
        if lost:
            read = spans(plan.proven[asset.id].asset, list_rows(org, asset.id), lost)
            for loan in remake(org, plan, plan.proven[asset.id], read):
                known[loan.id] = plan.loans[loan.id] = settled(loan, asset, read[loan.id], plan.at)
        for event in some:
            memory = known.get(loan_of(event.grant or "x") or "")
            if memory is None or event.grant not in memory.grants:
                yield ledger.to_guard(org, event)


def _cases(org: str, plan: Plan, assets: list[Asset]) -> None:
    """Open anew the cases that were lost and are still named."""
    named = {asset.case: asset for asset in assets if asset.case and asset.case not in plan.cases}
    found = find_records(keys.case(org, case) for case in named)
    for case in set(named) - {each.id for each in found.values()}:
        asset = named[case]
        plan.notes.append(f"case {case} of {asset.id}: lost; opened anew")
        plan.cases[case] = Case(
            id=case,
            kind=CaseKind.CONTRADICTION,
            opened_at=plan.since(asset.id),
            site=asset.site,
            asset=asset.id,
            detail="rebuilt: what it said is lost",
        )
