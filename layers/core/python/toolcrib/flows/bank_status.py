"""How a bank and its doors are: it is alive, unused grants are over, and the record is held against reality."""

from datetime import timedelta

from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.healing.views import View
from toolcrib.domain.lapse import Proof
from toolcrib.domain.record import replace
from toolcrib.domain.reports import status as at_rest
from toolcrib.flows import healing
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.deciding import commit_once, commit_report
from toolcrib.flows.serving import free_unused
from toolcrib.flows.turning_away import standing_bank
from toolcrib.send.banks import acknowledge
from toolcrib.store.banks import find_door, load_bank
from toolcrib.store.commit import commit
from toolcrib.store.rulebook import book_with_site
from toolcrib.store.scenes import load_scene
from toolcrib.telemetry import record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.uploads import Status


def handle(arrived: Arrival[Status]) -> None:
    """Take a status in; acknowledged once everything it says is committed."""
    org, bank_id, op = arrived.org, arrived.bank, arrived.body.id
    bank = standing_bank(arrived)
    if bank is None:
        return
    until_committed(lambda: _hear(arrived))
    status = to_status(arrived)
    view = healing.look(org, bank_id, status)
    known = replace(bank, boot=status.boot)  # this is the report of that boot, and it is committed
    free_unused(org, known, Proof(at=status.at, journal_depth=status.journal_depth, boot=status.boot))
    mended = healing.mend(org, bank, status, view)
    for door in bank.doors:
        if _worth_a_look(door, status):
            _compare(arrived, bank, find_door(org, bank_id, door.number), status, view)
    acknowledge(org, bank_id, op)
    record("status", org=org, bank=bank_id, op=op, outcome=f"heard, {mended} mended")


def _hear(arrived: Arrival[Status]) -> None:
    bank = load_bank(arrived.org, arrived.bank)
    change = at_rest.heard(bank, to_status(arrived), received=arrived.received)
    if not commit_report(arrived.org, change):  # its clock is a case already
        commit(arrived.org, replace(change, cases=()))


def _worth_a_look(door: Door, status: at_rest.Status) -> bool:
    return at_rest.at_rest(door, status) and at_rest.differs(door, status)


def _compare(arrived: Arrival[Status], bank: Bank, door: Door | None, status: at_rest.Status, view: View) -> None:
    """Compare a door, read anew: what was seen in the one before may have been on record in this one."""
    if door is None or not _worth_a_look(door, status):
        return
    report = at_rest.as_report(door, status)
    scene = load_scene(arrived.org, report, door, None, bank.site, book_with_site(arrived.org, bank.site))
    change = at_rest.compare(healing.at_rest(arrived.org, scene, view))
    if change is None:
        return
    commit_once(arrived.org, change)  # a door in use again meanwhile is looked at by the next status


def to_status(arrived: Arrival[Status]) -> at_rest.Status:
    """Return an upload in the domain's terms."""
    body = arrived.body
    skew: timedelta = body.at - arrived.at
    return at_rest.Status(
        op=body.id,
        at=arrived.at,
        boot=body.boot,
        seq=body.seq,
        journal_depth=body.journal_depth,
        firmware=body.firmware,
        doors={int(number): state for number, state in body.doors.items()},
        tags={int(number): None if tags is None else tuple(tags) for number, tags in body.tags.items()},
        skew=skew,
        part=body.part,
        parts=body.parts,
    )
