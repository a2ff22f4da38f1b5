"""Something about the cabinet itself: tampering, power, a burst of unknown badges."""

from collections.abc import Mapping

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Heard
from toolcrib.domain.doors import Bank
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.flows.deciding import commit_once
from toolcrib.flows.turning_away import standing_bank
from toolcrib.send.banks import acknowledge
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Alarm, Report

KINDS: Mapping[str, CaseKind] = {
    "tamper": CaseKind.TAMPER,
    "power_lost": CaseKind.POWER,
    "unknown_badge_burst": CaseKind.UNKNOWN_BADGES,
}
"""`power_back` is heard and opens nothing."""


def handle(arrived: Arrival[Alarm]) -> None:
    """Open the case an alarm calls for; its alert goes out with it."""
    bank = standing_bank(arrived)
    if bank is None:
        return
    kind = KINDS.get(arrived.body.kind)
    draft = draft_for(arrived, bank)
    if kind is not None:
        draft.open_case(kind, detail=arrived.body.kind)
    commit_once(arrived.org, draft.change(heard=heard(arrived)))
    acknowledge(arrived.org, arrived.bank, arrived.body.id)
    count("Alarms", kind=arrived.body.kind)
    record("alarm", org=arrived.org, bank=arrived.bank, op=arrived.body.id, outcome=arrived.body.kind)


def draft_for(arrived: Arrival[Report], bank: Bank) -> Draft:
    """Return an empty draft for what a bank reports."""
    cause = Cause(op=arrived.body.id, at=arrived.at, evidence=Evidence.DECLARED, bank=arrived.bank)
    return Draft(cause=cause, site=bank.site)


def heard(arrived: Arrival[Report]) -> Heard:
    """Return the note that this report was heard: when it came in, not when it happened."""
    return Heard(bank=arrived.bank, at=arrived.received, seq=(arrived.body.boot, arrived.body.seq))
