"""What has become of everything that banks did by themselves, once all is told (safety.md, I12).

Each report was applied, in the order of the events, or is kept by a case. What changed hands is in the ledger, or one
case has both claims: the bank's and the record's.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tests.simulation.alone import Last, is_over
from tests.support import invariants
from tests.support.workplace import ORG
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.ids import derived
from toolcrib.domain.states import Move
from toolcrib.store import keys

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

TURNED_AWAY: Final = (CaseKind.REVOKED_BANK, CaseKind.REJECTED_REPORT)
KEEPING: Final = (
    CaseKind.OFFLINE_CONFLICT,
    CaseKind.OFFLINE_STRANGER,
    CaseKind.UNRESOLVED,
    CaseKind.WRONG_ITEM,
    CaseKind.UNEXPECTED_ITEM,
    CaseKind.CONTRADICTION,
    CaseKind.WEAK_EVIDENCE,
)
"""Kinds of cases that keep what a bank says of a thing."""
CLAIMS: Final = (CaseKind.OFFLINE_CONFLICT, CaseKind.OFFLINE_STRANGER)
"""Kinds of cases that have both claims, the bank's and the record's."""
UNPROVEN: Final = (CaseKind.WEAK_EVIDENCE, CaseKind.UNEXPECTED_ITEM, CaseKind.CONTRADICTION)


def violations(here: "Simulation", record: invariants.Record) -> Iterator[str]:
    """Yield what of it was lost, came in another order, or is neither applied nor in a case, or in two."""
    applied = here.checks.applied_alone()
    for bank in here.stations:
        mine = [here.alone.reports[report][1] for at, report in applied if at == bank]
        if mine != sorted(mine):
            yield f"I12: what {bank} did by itself was applied in another order: {mine}"
    done = set(applied)
    for report, (bank, _) in here.alone.reports.items():
        waits = any(each.endswith(report) for each in here.stations[bank].pending)
        if (bank, report) not in done and not waits and not _cases(record, bank, report, TURNED_AWAY):
            yield f"I12: {report} of {bank} is neither applied nor in a case"
    for report, last in here.alone.last.items():
        if (last.bank, report) in done and is_over(last):
            yield from _settled(here, record, report, last)


def _settled(here: "Simulation", record: invariants.Record, report: str, last: Last) -> Iterator[str]:
    assert last.dealing is not None
    told = last.dealing.told
    asset, person = told["asset"], here.alone.people.get(told["badge"])
    events = [each for each in record.events[asset] if each.op == report]
    conflicts = _cases(record, last.bank, report, CLAIMS, asset)
    kept = _cases(record, last.bank, report, KEEPING, asset) or _in_doubt_there(record, last, asset)
    if not events and not kept:
        yield f"I12: {report} of {last.bank}: {told['kind']} of {asset} is neither on record nor in a case"
    here.hub.tally["alone: in a case" if conflicts else "alone: on record"] += 1
    for case in conflicts:
        if any(each.move is Move.TAKEN for each in events) and record.loans.get(report) is not None:
            yield f"I12: {report} of {last.bank} was applied, and is in the case {case.id}"
        if told["roster"] not in case.detail or "; record: " not in case.detail:
            yield f"I12: the case {case.id} of {report} does not have both claims: {case.detail}"
    loan = record.loans.get(report)
    if loan is not None and (loan.person, loan.asset) != (person, asset):
        yield f"I12: {report} of {last.bank}: {person} took {asset}, the loan is {loan}"


def _in_doubt_there(record: invariants.Record, last: Last, asset: str) -> bool:
    """Whether a case was open that says the same: brought back here, and nothing proves it."""
    place = (last.bank, last.report.door, asset)
    return any((case.bank, case.door, case.asset) == place for case in record.cases.values() if case.kind in UNPROVEN)


def _cases(
    record: invariants.Record, bank: str, report: str, kinds: tuple[CaseKind, ...], asset: str = ""
) -> list[Case]:
    """Return the cases that a report has opened, whatever they are about."""
    ids = {derived("case", str(kind), bank, report, about) for kind in kinds for about in {asset, "", "more"}}
    return [record.cases[each] for each in sorted(ids & record.cases.keys())]


def place_of(key: tuple[str, str]) -> tuple[str, str] | None:
    """Return the bank and the report that an item of the table says was applied; None for any other item."""
    bank, report = key[0].rpartition("#")[2], key[1].partition("#")[2]
    return (bank, report) if key == keys.told_alone(ORG, bank, report) else None
