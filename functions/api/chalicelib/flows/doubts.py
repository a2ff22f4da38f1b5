"""Grants that are unresolved although no report said so: what is on record around them, and what it comes to."""

from datetime import datetime

from chalicelib.deciding.enrolment import given_up, settled
from toolcrib.domain.doors import Bank, Door
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.reports.scene import Outcome, Report, Scene
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.store.banks import load_bank
from toolcrib.store.rulebook import book_with_site
from toolcrib.store.scenes import find_door_and_loan, load_scene


def unresolved_scene(org: str, bank: Bank, door: Door, *, op: str, at: datetime) -> Scene:
    """Return a door's grant as a report that nobody knows how it ended; raises `LostRace` if the door moved on."""
    grant = door.grant
    now, loan = find_door_and_loan(org, bank.id, door.number, grant.id if grant else None)
    if grant is None or now != door:
        raise LostRace(detail="the door is in use again")
    report = Report(op=op, at=at, outcome=Outcome.UNRESOLVED, grant=grant.id, evidence=Evidence.DECLARED)
    return load_scene(org, report, door, loan, bank.site, book_with_site(org, bank.site))


def settle_given_up(org: str, bank_id: str, at: datetime) -> None:
    """Tell asset, loan and case of every grant that ended with its bank's generation; a repeat finds nothing to do."""
    for door in given_up(load_bank(org, bank_id)):
        until_committed(lambda number=door.number: _settle(org, bank_id, number, at))  # type: ignore[misc]


def _settle(org: str, bank_id: str, number: int, at: datetime) -> None:
    bank = load_bank(org, bank_id)
    for door in given_up(bank):
        if door.number == number and door.grant is not None:
            op = f"{door.grant.id}.{door.grant.given_up}"
            commit_and_alert(org, settled(unresolved_scene(org, bank, door, op=op, at=at)))
