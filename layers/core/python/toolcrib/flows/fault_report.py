"""A person says at the bank that something is broken: a case; what is broken is not lent until it is well."""

from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import QUARANTINED, Bank
from toolcrib.domain.reported_faults import reported
from toolcrib.domain.upkeep import Condition
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.bank_alarm import draft_for, heard
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.flows.turning_away import standing_bank, turn_away
from toolcrib.send.banks import acknowledge
from toolcrib.store.assets import find_asset
from toolcrib.store.banks import find_door
from toolcrib.store.cases import find_case
from toolcrib.store.standings import load_standing
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Fault


def handle(arrived: Arrival[Fault]) -> None:
    """Keep a fault report as a case. What it is about has to exist; what people wrote stays in the case."""
    bank = standing_bank(arrived)
    if bank is None:
        return
    body = arrived.body
    door = next((door for door in bank.doors if door.number == body.door), None)
    unknown_door = body.door is not None and door is None
    if unknown_door or (body.asset is not None and find_asset(arrived.org, body.asset) is None):
        turn_away(arrived, bank, "unknown_door" if unknown_door else "unknown_asset")
        return
    until_committed(lambda: _open(arrived, bank))
    acknowledge(arrived.org, arrived.bank, body.id)
    count("Faults", severity=body.severity)
    record("fault", org=arrived.org, bank=arrived.bank, op=body.id, outcome=body.severity)


def _open(arrived: Arrival[Fault], bank: Bank) -> None:
    body = arrived.body
    draft = draft_for(arrived, bank)
    detail = f"{body.severity}: {body.text}" if body.text else body.severity
    case = draft.open_case(CaseKind.FAULT, asset=body.asset, door=body.door, detail=detail)
    if find_case(arrived.org, case) is not None:  # a repeat: the case is open already
        return
    door = find_door(arrived.org, arrived.bank, body.door) if body.door is not None else None
    if door is not None and body.severity == "critical":
        draft.door(door, unlendable=QUARANTINED)  # nobody is sent to a broken door; what is in flight there goes on
    change = draft.change(heard=heard(arrived))
    if body.asset is not None:
        change = reported(change, load_standing(arrived.org, body.asset), Condition(body.severity), case)
    commit_and_alert(arrived.org, change)
