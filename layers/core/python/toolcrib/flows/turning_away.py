"""Reports of banks that have no say here: a case keeps each, and the bank is told to forget it (safety.md, I17)."""

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Heard
from toolcrib.domain.doors import Bank, BankState
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.flows.deciding import commit_once
from toolcrib.send.banks import reject
from toolcrib.store.banks import find_bank
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Report


def standing_bank(arrived: Arrival[Report]) -> Bank | None:
    """Return the bank, whole, of a report; None if it has no say, and then the report is turned away."""
    bank = find_bank(arrived.org, arrived.bank)
    if bank is not None and bank.state is BankState.ACTIVE:
        return bank
    turn_away(arrived, bank, "unknown_bank" if bank is None else "bank_revoked")
    return None


def turn_away(arrived: Arrival[Report], bank: Bank | None, code: str) -> None:
    """Keep a report that can never be applied as a case, and reject it."""
    kind = CaseKind.REVOKED_BANK if code == "bank_revoked" else CaseKind.REJECTED_REPORT
    cause = Cause(op=arrived.body.id, at=arrived.at, evidence=Evidence.DECLARED, bank=arrived.bank)
    draft = Draft(cause=cause, site=bank.site if bank else None)
    draft.open_case(kind, detail=code)
    in_service = bank is not None and bank.state is BankState.ACTIVE
    number = (arrived.body.boot, arrived.body.seq)  # it came in, so that it is not missing
    note = Heard(bank=arrived.bank, at=arrived.received, seq=number) if in_service else None
    commit_once(arrived.org, draft.change(heard=note))
    reject(arrived.org, arrived.bank, arrived.body.id, code)
    count("RejectedReports", code=code)
    record("report_rejected", org=arrived.org, bank=arrived.bank, op=arrived.body.id, outcome=code)
